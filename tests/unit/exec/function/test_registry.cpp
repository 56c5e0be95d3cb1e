#include "catch.hpp"
#include "malet/error.hpp"
#include "malet/registry.hpp"

using namespace malet;

namespace {

Metrics nothing(const Config&, Run&) {
  return {};
}

}  // namespace

MALET_EXPERIMENT("first", nothing);
MALET_EXPERIMENT("second", nothing);
MALET_EXPERIMENT("twice", nothing);
MALET_EXPERIMENT("twice", nothing);

TEST_CASE("registered functions are found by name") {
  CHECK(experiment_names() == std::vector<std::string>{"first", "second", "twice"});
  CHECK(find_experiment("first") != nullptr);
  CHECK_THROWS_WITH(
      find_experiment("third"),
      "no experiment function is named 'third'; registered are: first, second, twice");
}

TEST_CASE("with several functions one must be picked") {
  CHECK_THROWS_WITH(find_experiment(), ContainsSubstring("--function"));
}

TEST_CASE("a name that is registered twice is an error when it is looked up") {
  CHECK_THROWS_WITH(find_experiment("twice"), ContainsSubstring("registered 2 times"));
}

TEST_CASE("a function compiled against another minor version is refused") {
  register_experiment("from the future", nothing, MALET_VERSION + 100);
  CHECK_THROWS_WITH(find_experiment("from the future"), ContainsSubstring("compile it again"));
}

TEST_CASE("a plug-in that cannot be loaded is an error with the loader's reason") {
  CHECK_THROWS_WITH(load_plugin("/nowhere/libx.so"),
                    ContainsSubstring("/nowhere/libx.so") && ContainsSubstring("No such file"));
}
