#include "base/json/json_read.hpp"
#include "canned.hpp"
#include "catch.hpp"
#include "wandb/run_pages.hpp"

using malet::base::read_json;
using malet::test::complaint;
using malet::test::example_question;
using malet::wandb::RunPages;

namespace {

malet::Value page(const std::string& runs, const std::string& info) {
  return read_json(R"({"project": {"runCount": 3, "runs": {"edges": [)" + runs +
                   R"(], "pageInfo": )" + info + "}}}");
}

constexpr const char* one = R"({"node": {"name": "one"}})";
constexpr const char* two = R"({"node": {"name": "two"}})";
constexpr const char* more = R"({"endCursor": "c", "hasNextPage": true})";
constexpr const char* last = R"({"endCursor": null, "hasNextPage": false})";

std::string refusal(RunPages& pages, const malet::Value& data) {
  return complaint([&] { static_cast<void>(pages.take(data, example_question())); });
}

}  // namespace

TEST_CASE("pages follow each other by their cursors") {
  RunPages pages;
  CHECK(pages.more());
  CHECK(pages.cursor().empty());
  CHECK(pages.take(page(one, more), example_question()).size() == 1);
  CHECK(pages.more());
  CHECK(pages.cursor() == "c");
  CHECK(pages.total() == 3);
  CHECK(pages.take(page(two, last), example_question()).size() == 1);
  CHECK_FALSE(pages.more());
}

TEST_CASE("a sweep may have no runs") {
  RunPages pages;
  CHECK(pages.take(page("", last), example_question()).empty());
  CHECK_FALSE(pages.more());
}

TEST_CASE("pages that lead in a circle or nowhere are refused") {
  RunPages circle;
  static_cast<void>(circle.take(page(one, more), example_question()));
  CHECK_THAT(refusal(circle, page(two, more)), ContainsSubstring("leads on"));
  RunPages empty;
  CHECK_THAT(refusal(empty, page("", more)), ContainsSubstring("leads on"));
  RunPages nowhere;
  CHECK_THAT(refusal(nowhere, page(one, R"({"endCursor": "", "hasNextPage": true})")),
             ContainsSubstring("leads on"));
  RunPages twice;
  CHECK_THAT(refusal(twice, page(std::string(one) + "," + one, last)), ContainsSubstring("one"));
}

TEST_CASE("what is no page is refused") {
  RunPages pages;
  CHECK_THAT(refusal(pages, read_json(R"({"project": null})")), ContainsSubstring("project"));
  CHECK_THAT(refusal(pages, read_json(R"({"project": {}})")), ContainsSubstring("runs"));
  CHECK_THAT(refusal(pages, page("{}", last)), ContainsSubstring("node"));
  CHECK_THAT(refusal(pages, page(R"({"node": {}})", last)), ContainsSubstring("name"));
  CHECK_THAT(refusal(pages, page(one, "{}")), ContainsSubstring("hasNextPage"));
  RunPages others;
  CHECK_THAT(refusal(others, page(one, R"({"hasNextPage": true})")),
             ContainsSubstring("endCursor"));
}
