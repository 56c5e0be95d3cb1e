#pragma once

#include <filesystem>

#include "malet/experiment_log.hpp"

namespace malet::sweep {

/// How a log may take the place of what is there.
struct Replacement {
  /// The file as it was read, if the log was made from it: then file, journal and series are
  /// replaced.
  const ExperimentLog* source = nullptr;
  /// Anything that is there is replaced.
  bool force = false;
};

/// Throws Error(bad_input) where no log can be written: for a name that ends as those of series do,
/// and where there are series already, unless they may be there.
void check_log_place(const std::filesystem::path& file, bool may_have_series);

/// Writes a log, which has no series of its own, over anything that is there, journal and series
/// included. The caller holds the right to write it.
void overwrite_log(const ExperimentLog& log, const std::filesystem::path& file);

/// Writes a log, which has no series of its own, to a file, holding the right to write it. Throws
/// Error(bad_input) when there is other content, a journal or series that may not be replaced, and
/// when a source was written in the meantime; Error(refused) when somebody else writes it. The file
/// is then as it was. Error(internal) when it cannot be written; a source then says what it said.
void replace_log(const ExperimentLog& log, const std::filesystem::path& file,
                 const Replacement& may);

}  // namespace malet::sweep
