#pragma once

#include <filesystem>

#include "malet/experiment_log.hpp"

namespace malet::sweep {

/// How a log may take the place of what is there.
struct Replacement {
  /// The file as it was read, where the log was made of it: it is replaced, its journal with it.
  const ExperimentLog* source = nullptr;
  /// Whatever is there is replaced.
  bool force = false;
};

/// Writes a log to a file, holding the right to write it. Throws Error(bad_input) when there is
/// other content, or a journal, that may not be replaced, and when a source was written in the
/// meantime; Error(refused) when somebody else writes it. The file is then as it was.
void replace_log(const ExperimentLog& log, const std::filesystem::path& file,
                 const Replacement& may);

}  // namespace malet::sweep
