#pragma once

#include <filesystem>
#include <vector>

#include "base/claims/writer_file.hpp"

namespace malet::base {

/// Whether two jobs may write different logs of one folder at once: splits of one kind, or queue
/// jobs.
[[nodiscard]] bool agree(const WriterRole& one, const WriterRole& other);

/// Throws Error(refused), a sentence that names the holder, unless all living writers of other logs
/// in the folder agree with our role. Those who do not say who they are agree with nobody.
///
/// Call it when our own logs are held: of two jobs that start at once at least one then sees the
/// other.
/// \param logs that we write ourselves.
void check_writers_agree(const std::filesystem::path& folder,
                         const std::vector<std::filesystem::path>& logs, const WriterRole& role);

/// Throws Error(refused) when Python Malet is at work on this log: LOG.lock, its queue file, is not
/// empty. Never changes that file.
void check_malet_lock(const std::filesystem::path& log);

}  // namespace malet::base
