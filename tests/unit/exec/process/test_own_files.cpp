#include <cstdlib>
#include <filesystem>
#include <string>

#include "catch.hpp"
#include "exec/process/own_files.hpp"
#include "malet/error.hpp"
#include "temp_folder.hpp"

using namespace malet;
using namespace malet::exec;

namespace {

/// TMPDIR for as long as a test lasts.
class TmpDir {
 public:
  explicit TmpDir(const std::string& value) {
    if (const char* old = std::getenv("TMPDIR")) old_ = old;
    ::setenv("TMPDIR", value.c_str(), 1);
  }
  ~TmpDir() {
    if (old_.empty()) {
      ::unsetenv("TMPDIR");
    } else {
      ::setenv("TMPDIR", old_.c_str(), 1);
    }
  }

 private:
  std::string old_;
};

}  // namespace

TEST_CASE("this program knows itself") {
  CHECK(std::filesystem::path(own_executable()).filename().string().starts_with("unit_exec"));
}

TEST_CASE("files that are installed with us are found, others are named") {
  const auto file = data_file("malet_host.py");
  CHECK(std::filesystem::is_regular_file(file));
  CHECK_THROWS_WITH(data_file("no_such_file.py"), ContainsSubstring("share/malet/no_such_file.py"));
}

TEST_CASE("scratch is a folder of its own in TMPDIR, and goes with all that is in it") {
  const test::TempFolder folder;
  const TmpDir place(folder.path().string());
  {
    const Scratch one;
    const Scratch two;
    CHECK(one.path() != two.path());
    CHECK(one.path().parent_path() == folder.path());
    std::filesystem::create_directories(one.path() / "a" / "b");
  }
  CHECK(folder.files().empty());
}

TEST_CASE("without TMPDIR scratch is in /tmp") {
  const TmpDir place("");
  CHECK(Scratch().path().parent_path() == "/tmp");
}

TEST_CASE("a place that cannot be used is named") {
  const TmpDir place("/no/such/place");
  CHECK_THROWS_AS(Scratch(), Error);
  CHECK_THROWS_WITH(Scratch(), ContainsSubstring("/no/such/place") && ContainsSubstring("TMPDIR"));
}
