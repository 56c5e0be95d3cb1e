#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "exec/command/command_template.hpp"
#include "malet/config.hpp"
#include "malet/error.hpp"

using malet::Config;
using malet::Value;
using malet::exec::CommandTemplate;
using Words = std::vector<std::string>;

namespace {

Words arguments(std::string_view command, const Config& config) {
  return CommandTemplate(command).arguments(
      [&](std::string_view name) { return config.find(name); });
}

}  // namespace

TEST_CASE("fields are substituted inside their arguments") {
  const Config config = {{"lr", 1e-5}, {"opt", "sgd"}, {"n", 3}};
  CHECK(arguments("train --lr {lr} --name={opt}-{n}.{n} '{n}'", config) ==
        Words{"train", "--lr", "1e-05", "--name=sgd-3.3", "3"});
}

TEST_CASE("a value with blanks, quotes or operators stays inside its argument") {
  const Config config = {{"x", "a 'b' \"c\" | $(d) {e} \\"}};
  CHECK(arguments("echo {x} -{x}-", config) ==
        Words{"echo", "a 'b' \"c\" | $(d) {e} \\", "-a 'b' \"c\" | $(d) {e} \\-"});
  CHECK(arguments("echo {x}", Config{{"x", "|"}}) == Words{"echo", "|"});
}

TEST_CASE("values are written as in the grid columns of a log") {
  const Config config = {{"list", Value::List{64, Value::List{"a", 0.5}}},
                         {"one", Value::List{1}},
                         {"yes", true},
                         {"real", 1.0}};
  CHECK(arguments("p {list} {one} {yes} {real}", config) ==
        Words{"p", "(64, ('a', 0.5))", "(1,)", "True", "1.0"});
}

TEST_CASE("null, NaN and a field that the config lacks are empty, and keep their argument") {
  const Config config = {{"null", Value()}, {"nan", std::numeric_limits<double>::quiet_NaN()}};
  CHECK(arguments("p {null} {nan} {none} --a={null}", config) == Words{"p", "", "", "", "--a="});
}

TEST_CASE("doubled braces are braces") {
  const Config config = {{"lr", 0.1}};
  CHECK(arguments(R"(p '{{"lr": {lr}}}' {{lr}} {{{{ awk'{{print}}')", config) ==
        Words{"p", R"({"lr": 0.1})", "{lr}", "{{", "awk{print}"});
}

TEST_CASE("the fields of a command are named once each, in order") {
  const CommandTemplate command("{program} {lr} --out {run_dir}/{lr} lr '{a field}' {{no}}");
  CHECK(command.fields() == Words{"program", "lr", "run_dir", "a field"});
  CHECK(CommandTemplate("date").fields().empty());
}

TEST_CASE("a name is taken as it stands between the braces") {
  CHECK(CommandTemplate("'{ lr }' {a.b} {lr:.3f}").fields() == Words{" lr ", "a.b", "lr:.3f"});
}

TEST_CASE("a brace that is no placeholder is an error that shows it") {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"p {}", "the command has '{}', which names no field"},
      {"p a{lr", "the command has '{lr', a brace that is not closed"},
      {"p {", "the command has '{', a brace that is not closed"},
      {"p '{a{b}'", "the command has '{a{b}', a brace that is not closed"},
      {"p {a b}", "the command has '{a', a brace that is not closed"},
      {"p x}y", "the command has 'x}y', in which a brace closes nothing"},
      {"p {lr}}", "the command has '{lr}}', in which a brace closes nothing"},
  };
  for (const auto& [command, message] : cases) {
    CHECK_THROWS_WITH(CommandTemplate(command),
                      message + ": write {lr} for the value of the field lr, {{ and }} for braces");
  }
}

TEST_CASE("an empty command is an error") {
  for (const std::string command : {"", "  \n", "''", "\"\" a"}) {
    CHECK_THROWS_WITH(CommandTemplate(command),
                      "the command is empty: it must begin with a program");
  }
}

TEST_CASE("a value with a NUL byte is an error that names the field") {
  const Config config = {{"x", std::string("a\0b", 3)}};
  CHECK_THROWS_WITH(arguments("p {x}", config), ContainsSubstring("field 'x' holds a NUL byte"));
  try {
    arguments("p {x}", config);
  } catch (const malet::Error& error) {
    CHECK(error.kind() == malet::ErrorKind::bad_input);
  }
}
