#include "canned.hpp"
#include "catch.hpp"
#include "wandb/asked.hpp"

using malet::Value;
using malet::test::answer;
using malet::test::complaint;
using malet::test::example_question;
using malet::test::failed;
using malet::wandb::HttpReply;
using malet::wandb::read_answer;
using malet::wandb::read_json_field;

namespace {

std::string refusal(const HttpReply& reply, int attempts = 1) {
  return complaint([&] { static_cast<void>(read_answer(reply, example_question(), attempts)); });
}

}  // namespace

TEST_CASE("an answer's data is given") {
  CHECK(read_answer(answer(200, R"({"data": {"a": 1}})"), example_question(), 1) ==
        Value(Value::Map{{"a", 1}}));
  CHECK(read_answer(answer(200, R"({"data": {}, "errors": []})"), example_question(), 1) ==
        Value(Value::Map{}));
}

TEST_CASE("a refusal is one sentence with the server, the question and what to do") {
  const std::string sentence = refusal(answer(401, R"({"errors": [{"message": "who?"}]})"));
  CHECK(sentence ==
        "W&B at wandb.example: sweep abc of me/resnet: HTTP 401 ('who?'): the key is not known "
        "there: check WANDB_API_KEY, or the password for wandb.example in .netrc");
  CHECK_THAT(refusal(answer(503, "<html>"), 8), ContainsSubstring("HTTP 503, 8 times: the server"));
  CHECK_THAT(refusal(answer(429, "")), ContainsSubstring("later"));
  CHECK_THAT(refusal(answer(404, "")), ContainsSubstring("WANDB_BASE_URL"));
  HttpReply redirection = answer(302, "");
  redirection.location = "https://login.example/";
  CHECK_THAT(refusal(redirection), ContainsSubstring("https://login.example/"));
  CHECK_THAT(refusal(failed(HttpReply::Failure::broken, "timed out"), 3),
             ContainsSubstring("no answer, 3 times (timed out)"));
}

TEST_CASE("whatever comes instead of an answer is told apart") {
  CHECK_THAT(refusal(answer(200, "<!doctype html>")), ContainsSubstring("a page of HTML"));
  CHECK_THAT(refusal(answer(200, R"({"data": {"a)")), ContainsSubstring("cut off or damaged"));
  CHECK_THAT(refusal(answer(200, "[]")), ContainsSubstring("no data"));
  CHECK_THAT(refusal(answer(200, R"({"data": null})")), ContainsSubstring("no data"));
  CHECK_THAT(refusal(answer(200, R"({"errors": [{"message": "a"}, "b", {}], "data": {}})")),
             ContainsSubstring("'a; b; an error without a text'"));
  CHECK_THAT(refusal(answer(200, R"({"errors": [{"message": "your secret-key\n!"}]})")),
             ContainsSubstring("your *** !"));
}

TEST_CASE("JSON within an answer is read as text or as it is") {
  const Value node(Value::Map{{"text", R"({"a": 1})"},
                              {"map", Value::Map{{"a", 2}}},
                              {"null", Value()},
                              {"none", "null"},
                              {"cut", R"({"a")"},
                              {"list", "[1]"}});
  const auto field = [&](const char* name) {
    return read_json_field(node, name, example_question());
  };
  CHECK(field("text") == Value::Map{{"a", 1}});
  CHECK(field("map") == Value::Map{{"a", 2}});
  for (const char* name : {"null", "none", "absent"}) CHECK(field(name).empty());
  CHECK_THAT(complaint([&] { field("cut"); }), ContainsSubstring("its cut is no JSON"));
  CHECK_THAT(complaint([&] { field("list"); }), ContainsSubstring("its list is a list"));
}
