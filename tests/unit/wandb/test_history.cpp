#include <cmath>

#include "base/json/json_read.hpp"
#include "canned.hpp"
#include "catch.hpp"
#include "wandb/history.hpp"

using malet::Value;
using malet::base::read_json;
using malet::test::complaint;
using malet::test::example_question;
using malet::wandb::history_rows;
using malet::wandb::SeriesBuilder;

namespace {

Value::List rows(const std::string& list) {
  return history_rows(read_json(R"({"project": {"run": {"history": )" + list + "}}}"), {10, 20},
                      example_question());
}

}  // namespace

TEST_CASE("rows are JSON texts, and those of other windows are left out") {
  const auto read = rows(R"(["{\"_step\": 9}", "{\"_step\": 10, \"a\": NaN}", {"_step": 19},)"
                         R"( "{\"_step\": 20}"])");
  REQUIRE(read.size() == 2);
  CHECK(read[1] == Value(Value::Map{{"_step", 19}}));
}

TEST_CASE("what is no history is refused") {
  for (const char* data : {R"({})", R"({"project": null})", R"({"project": {"run": null}})",
                           R"({"project": {"run": {"history": null}}})"}) {
    CHECK_THAT(complaint([&] {
                 static_cast<void>(history_rows(read_json(data), {0, 1}, example_question()));
               }),
               ContainsSubstring("without its history"));
  }
  CHECK_THAT(complaint([] { rows(R"(["{"])"); }), ContainsSubstring("no JSON"));
  CHECK_THAT(complaint([] { rows(R"(["1"])"); }), ContainsSubstring("no map"));
  CHECK_THAT(complaint([] { rows(R"(["{}"])"); }), ContainsSubstring("no _step"));
}

TEST_CASE("a metric's series has a value for each time that it was logged") {
  const std::vector<std::string> all;
  SeriesBuilder series(all);
  series.add(rows(R"([{"_step": 10, "loss": 3, "picture": {"_type": "image-file"}},)"
                  R"( {"_step": 11, "loss": 2, "val": 5}])"));
  series.add(rows(R"([{"_step": 12, "loss": "NaN"}])"));
  CHECK(series.rows() == 3);
  CHECK(series.take() ==
        Value::Map{{"loss", Value::List{3, 2, std::nan("")}}, {"val", Value::List{5}}});
}

TEST_CASE("only metrics that are picked have a series, W&B's own among them") {
  const std::vector<std::string> picked = {"_step", "val"};
  SeriesBuilder series(picked);
  series.add(rows(R"([{"_step": 10, "loss": 3}, {"_step": 11, "val": 5}])"));
  CHECK(series.take() == Value::Map{{"_step", Value::List{10, 11}}, {"val", Value::List{5}}});
}
