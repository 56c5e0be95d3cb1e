#include <string>

#include "catch.hpp"
#include "cli/rows/json_rows.hpp"

using malet::Value;
using malet::cli::JsonRows;

namespace {

std::string document(const Value::Map& head, const Value::List& items) {
  std::string text;
  JsonRows rows(head, "rows", [&text](std::string_view piece) {
    text += piece;
    return true;
  });
  for (const Value& item : items) rows.add(item);
  rows.finish();
  return text;
}

}  // namespace

TEST_CASE("a list follows the other fields, one item per line") {
  CHECK(document({{"total", 2}}, {1, Value::Map{{"a", nullptr}}}) ==
        "{\n  \"total\": 2,\n  \"rows\": [\n    1,\n    {\"a\": null}\n  ]\n}\n");
}

TEST_CASE("a document may lack items or other fields") {
  CHECK(document({{"total", 0}}, {}) == "{\n  \"total\": 0,\n  \"rows\": []\n}\n");
  CHECK(document({}, {1}) == "{\n  \"rows\": [\n    1\n  ]\n}\n");
}

TEST_CASE("an empty map as the last field before the list stays an empty map") {
  CHECK_THAT(document({{"statics", Value::Map{}}}, {}), ContainsSubstring("\"statics\": {},"));
  CHECK_THAT(document({{"statics", Value::Map{{"a", 1}}}}, {}),
             ContainsSubstring("\"a\": 1\n  },\n"));
}
