#include <filesystem>

#include "catch.hpp"
#include "exec/host/own_files.hpp"
#include "malet/error.hpp"

using namespace malet;
using namespace malet::exec;

TEST_CASE("this program knows itself") {
  CHECK(std::filesystem::path(own_executable()).filename().string().starts_with("unit_exec"));
}

TEST_CASE("files that are installed with us are found, others are named") {
  const auto file = data_file("malet_host.py");
  CHECK(std::filesystem::is_regular_file(file));
  CHECK_THROWS_WITH(data_file("no_such_file.py"), ContainsSubstring("share/malet/no_such_file.py"));
}
