#include <filesystem>
#include <functional>
#include <string>

#include "catch.hpp"
#include "cli/options/folder_check.hpp"
#include "malet/error.hpp"
#include "temp_folder.hpp"

using malet::cli::require_experiment;
using malet::cli::require_experiment_or_log;
using Check = std::function<void(const std::filesystem::path&)>;

namespace {

std::string error_of(const Check& check, const std::filesystem::path& path) {
  try {
    check(path);
  } catch (const malet::Error& error) {
    CHECK(error.kind() == malet::ErrorKind::bad_input);
    return error.what();
  }
  return {};
}

}  // namespace

TEST_CASE("a path that is not there does not exist") {
  for (const Check& check : {Check(require_experiment), Check(require_experiment_or_log)}) {
    for (const char* path : {"/nonexistent/EXP", "/nonexistent/EXP/log.tsv"}) {
      CHECK_THAT(error_of(check, path), ContainsSubstring(std::string(path) + " does not exist"));
    }
  }
}

TEST_CASE("a link that leads nowhere does not exist") {
  const malet::test::TempFolder folder;
  std::filesystem::create_symlink("/nonexistent", folder.path() / "link");
  CHECK_THAT(error_of(require_experiment, folder.path() / "link"),
             ContainsSubstring("does not exist"));
}

TEST_CASE("a folder without exp_config.yaml is no experiment") {
  const malet::test::TempFolder folder;
  for (const Check& check : {Check(require_experiment), Check(require_experiment_or_log)}) {
    CHECK(error_of(check, folder.path()) ==
          folder.path().string() + " has no exp_config.yaml, so it is no experiment folder");
  }
  const auto log = folder.write("log.tsv", "");
  CHECK_THAT(
      error_of(require_experiment_or_log, folder.path()),
      ContainsSubstring("has no exp_config.yaml: to read its log by itself, give " + log.string()));
  CHECK_THAT(error_of(require_experiment, folder.path()), ContainsSubstring("no experiment"));
}

TEST_CASE("a file is a log, but no experiment") {
  const malet::test::TempFolder folder;
  const auto log = folder.write("log.tsv", "");
  CHECK_THAT(error_of(require_experiment, log), ContainsSubstring("log.tsv is no folder"));
  CHECK(error_of(require_experiment_or_log, log).empty());
}

TEST_CASE("an experiment folder passes") {
  const malet::test::TempFolder folder;
  folder.write("exp_config.yaml", "");
  CHECK(error_of(require_experiment, folder.path()).empty());
  CHECK(error_of(require_experiment_or_log, folder.path()).empty());
}
