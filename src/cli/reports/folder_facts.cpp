#include "cli/reports/folder_facts.hpp"

namespace malet::cli {

std::string experiment_name(const std::filesystem::path& exp_folder) {
  auto path = std::filesystem::absolute(exp_folder).lexically_normal();
  if (!path.has_filename()) path = path.parent_path();
  return path.filename().string();
}

std::string status_word(sweep::Status status) {
  switch (status) {
    case sweep::Status::complete:
      return "complete";
    case sweep::Status::failed:
      return "failed";
    case sweep::Status::running:
      return "running";
    case sweep::Status::none:
      break;
  }
  return {};
}

}  // namespace malet::cli
