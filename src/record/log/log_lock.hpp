#pragma once

#include <chrono>
#include <filesystem>
#include <memory>

#include "base/claims/writer_lock.hpp"

namespace malet::record {

/// Takes the right to write a log that stands for itself: neither its writer nor, where it is one
/// of an experiment folder's logs, that of another log there, nor a Python Malet may be at work.
/// Throws as base::WriterLock does, once nobody has given way for `patience`.
[[nodiscard]] std::shared_ptr<base::WriterLock> lock_log(const std::filesystem::path& log,
                                                         std::chrono::milliseconds patience);

}  // namespace malet::record
