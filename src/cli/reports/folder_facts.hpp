#pragma once

#include <filesystem>
#include <string>

#include "sweep/folder/folder.hpp"

namespace malet::cli {

/// The name of an experiment: its folder's.
[[nodiscard]] std::string experiment_name(const std::filesystem::path& exp_folder);

/// "complete", "failed", "running", empty for none.
[[nodiscard]] std::string status_word(sweep::Status status);

}  // namespace malet::cli
