#include <algorithm>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "exec/command/metric_lines.hpp"

using malet::Metrics;
using malet::Value;
using malet::exec::MetricLines;
using malet::exec::MetricSource;
using Steps = std::vector<Metrics>;

namespace {

/// All that a whole text of metrics means.
struct Meaning {
  Steps steps;
  Metrics final;
  std::string error;
};

Meaning read(std::string_view text, MetricSource source = MetricSource::file,
             std::size_t bytes_at_once = std::string::npos, bool succeeded = true) {
  MetricLines lines(source);
  Meaning meaning;
  const auto drain = [&] {
    for (Metrics& step : lines.steps()) meaning.steps.push_back(std::move(step));
  };
  for (; !text.empty(); text.remove_prefix(std::min(bytes_at_once, text.size()))) {
    lines.take(text.substr(0, bytes_at_once));
    drain();
  }
  meaning.final = lines.finish(succeeded);
  drain();
  meaning.error = lines.error().value_or("");
  return meaning;
}

const Metrics loss_1 = {{"loss", 1}};
const Metrics loss_2 = {{"loss", 2}};

}  // namespace

TEST_CASE("several lines of metrics are steps, wherever the bytes are cut") {
  const std::string text =
      "{\"loss\": 1}\r\n\n  \n{\"loss\": 2, \"acc\": NaN}\n{\"loss\": [3, 4]}\n";
  for (const std::size_t cut : {1U, 2U, 7U, 13U, 1000U}) {
    const Meaning meaning = read(text, MetricSource::file, cut);
    CHECK(meaning.steps == Steps{loss_1,
                                 {{"loss", 2}, {"acc", std::numeric_limits<double>::quiet_NaN()}},
                                 {{"loss", Value::List{3, 4}}}});
    CHECK(meaning.final.empty());
    CHECK(meaning.error.empty());
  }
}

TEST_CASE("a lone line gives final values") {
  for (const std::string text : {"{\"loss\": 1}\n", "\n{\"loss\": 1}\n\n", "{\"loss\": 1}"}) {
    CHECK(read(text).final == loss_1);
    CHECK(read(text).steps.empty());
  }
}

TEST_CASE("the lone line of a command that failed is a step") {
  const Meaning meaning = read("{\"loss\": 1}\n", MetricSource::file, 1000, false);
  CHECK(meaning.steps == Steps{loss_1});
  CHECK(meaning.final.empty());
}

TEST_CASE("the first line is held back until it is known not to be alone") {
  MetricLines lines(MetricSource::file);
  lines.take("{\"loss\": 1}\n");
  CHECK(lines.steps().empty());
  lines.take("{\"loss\": 2}");
  CHECK(lines.steps().empty());
  lines.take("\n");
  CHECK(lines.steps() == Steps{loss_1, loss_2});
  lines.take("{\"loss\": 2}\n");
  CHECK(lines.steps() == Steps{loss_2});
  CHECK(lines.steps().empty());
}

TEST_CASE("a final line gives final values, and makes steps of the others") {
  const Meaning before = read("{\"loss\": 1}\n{\"final\": {\"acc\": 0.5}}\n");
  CHECK(before.steps == Steps{loss_1});
  CHECK(before.final == Metrics{{"acc", 0.5}});
  const Meaning after = read("{\"final\": {\"acc\": 0.5}}\n{\"loss\": 1}\n");
  CHECK(after.steps == Steps{loss_1});
  CHECK(after.final == Metrics{{"acc", 0.5}});
  CHECK(read("{\"final\": {\"acc\": 0.5}}").final == Metrics{{"acc", 0.5}});
}

TEST_CASE("of several final lines the later ones win") {
  const Meaning meaning =
      read("{\"final\": {\"a\": 1, \"b\": 1}}\n{\"final\": {\"c\": 3, \"a\": 2}}");
  CHECK(meaning.final == Metrics{{"a", 2}, {"b", 1}, {"c", 3}});
  CHECK(meaning.steps.empty());
}

TEST_CASE("final is a metric like any other where it holds a value or is not alone") {
  CHECK(read("{\"final\": 3}").final == Metrics{{"final", 3}});
  CHECK(read("{\"final\": 3, \"loss\": 1}").final == Metrics{{"final", 3}, {"loss", 1}});
  CHECK(read("{\"final\": {}, \"loss\": 1}\n").error ==
        "line 1 of the metrics cannot be used: the metric 'final' is an object, not a value or a "
        "list");
}

TEST_CASE("null says nothing, and other values are kept as they are") {
  CHECK(read("{\"a\": null, \"b\": true, \"c\": \"x\", \"d\": [1, null]}").final ==
        Metrics{{"b", true}, {"c", "x"}, {"d", Value::List{1, Value()}}});
  CHECK(read("{\"loss\": 1}\n{\"loss\": null}\n{}\n{\"loss\": 2}\n").steps ==
        Steps{loss_1, loss_2});
  CHECK(read("{\"loss\": 1}\n{\"loss\": null}\n").steps == Steps{loss_1});
}

TEST_CASE("a last line without a line break counts if it is complete") {
  const Meaning complete = read("{\"loss\": 1}\n{\"loss\": 2}");
  CHECK(complete.steps == Steps{loss_1, loss_2});
  const Meaning cut = read("{\"loss\": 1}\n{\"loss\": 2");
  CHECK(cut.steps == Steps{loss_1});
  CHECK(cut.final.empty());
  CHECK(cut.error.empty());
  CHECK(read("{\"lo").error.empty());
}

TEST_CASE("in a file of metrics, another line is an error with its number") {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"{\"loss\": 1}\n\nepoch 2\n{\"loss\": 3}\n",
       "line 3 of the metrics cannot be used: no JSON at byte 1: expected a value, found 'e'"},
      {"{\"loss\": 1}\n{'loss': 2}\n",
       "line 2 of the metrics cannot be used: no JSON at byte 2: expected a name in double quotes, "
       "found '''"},
      {"{\"loss\": 1}\n[2]\n",
       "line 2 of the metrics cannot be used: a list instead of an object of metrics"},
      {"{\"loss\": 1}\n{\"a\": {}}\n",
       "line 2 of the metrics cannot be used: the metric 'a' is an object, not a value or a list"},
      {"{\"loss\": 1}\nacc=0.5",
       "line 2 of the metrics cannot be used: no JSON at byte 1: expected a value, found 'a'"},
  };
  for (const auto& [text, message] : cases) {
    for (const std::size_t cut : {1U, 1000U}) {
      const Meaning meaning = read(text, MetricSource::file, cut);
      CHECK(meaning.error == message);
      CHECK(meaning.steps == Steps{loss_1});
      CHECK(meaning.final.empty());
    }
  }
}

TEST_CASE("on stdout, other lines are ordinary output") {
  const std::string text =
      "hello\n{\"loss\": 1}\n{not json}\n[1]\n{\"event\": {\"a\": 1}}\n{\"loss\": 2}\nbye";
  for (const std::size_t cut : {1U, 1000U}) {
    const Meaning meaning = read(text, MetricSource::output, cut);
    CHECK(meaning.steps == Steps{loss_1, loss_2});
    CHECK(meaning.error.empty());
  }
  const Meaning lone = read("hello\n{\"loss\": 1}\nbye\n", MetricSource::output);
  CHECK(lone.final == loss_1);
  CHECK(lone.steps.empty());
}

TEST_CASE("a line beyond 16 MiB is an error in a file and ordinary output on stdout") {
  const std::string longest =
      "{\"x\": \"" + std::string(MetricLines::longest_line - 9, 'x') + "\"}";
  REQUIRE(longest.size() == MetricLines::longest_line);
  for (const std::size_t cut : {std::size_t{1} << 20U, std::size_t{1} << 30U}) {
    CHECK(read(longest + "\n", MetricSource::file, cut).final.size() == 1);
    const std::string text = "{\"loss\": 1}\n " + longest + "\n{\"loss\": 2}\n";
    const Meaning file = read(text, MetricSource::file, cut);
    CHECK(file.error == "line 2 of the metrics cannot be used: longer than 16 MiB");
    CHECK(file.steps == Steps{loss_1});
    const Meaning output = read(text, MetricSource::output, cut);
    CHECK(output.error.empty());
    CHECK(output.steps == Steps{loss_1, loss_2});
  }
}

TEST_CASE("a line that never ends is refused before it does, and not kept") {
  MetricLines lines(MetricSource::file);
  const std::string part(MetricLines::longest_line / 2 + 1, '{');
  lines.take(part);
  CHECK_FALSE(lines.error().has_value());
  lines.take(part);
  CHECK(lines.error() == "line 1 of the metrics cannot be used: longer than 16 MiB");
}
