#include "catch.hpp"
#include "sweep/folder/attempt_history.hpp"
#include "temp_folder.hpp"

using namespace malet::sweep;
using malet::test::TempFolder;

namespace {

std::string line(const std::string& run_id, const std::string& reason,
                 const std::string& rest = R"("stderr": "")") {
  return R"({"run_id": ")" + run_id + R"(", "config": {"reason": "ok"}, "reason": ")" + reason +
         R"(", )" + rest + "}\n";
}

const std::string first(16, 'a');
const std::string second(16, 'b');
const std::string third(16, 'c');
const std::string other(16, 'd');

}  // namespace

TEST_CASE("attempts are counted by run over all logs") {
  const TempFolder folder;
  folder.write("log.tsv.attempts.jsonl",
               line(first, "ok") + line(second, "error") + line(other, "ok"));
  folder.write("other.tsv.attempts.jsonl", line(second, "exit"));
  const auto log = folder.path() / "log.tsv";
  const auto histories =
      read_attempts({log, folder.path() / "other.tsv", folder.path() / "none.tsv"},
                    {{first, {}}, {second, {}}, {third, {}}});
  CHECK(histories.size() == 3);
  CHECK(histories.at(third).count == 0);
  CHECK(histories.at(first).count == 1);
  CHECK(histories.at(second).count == 2);
}

TEST_CASE("the last attempt tells whether its job ended before it did") {
  const TempFolder folder;
  const auto last_is = [&](const std::string& before, const std::string& reason) {
    folder.write("log.tsv.attempts.jsonl", line(first, before) + line(first, reason));
    return read_attempts({folder.path() / "log.tsv"}, {{first, {}}}).at(first).interrupted;
  };
  for (const char* reason : {"deadline", "cancelled", "host_lost"}) {
    CHECK(last_is("error", reason));
    CHECK_FALSE(last_is(reason, "error"));
  }
}

TEST_CASE("of several files the line that ended last tells") {
  const TempFolder folder;
  const auto log = folder.path() / "log.tsv";
  const auto other = folder.path() / "other.tsv";
  const auto at = [](const std::string& day, const std::string& reason) {
    std::string text = line(first, reason);
    return text.replace(text.find("\"reason\": \"" + reason), 0,
                        "\"finished\": \"2026-01-" + day + "\", ");
  };
  folder.write("log.tsv.attempts.jsonl", at("02", "error"));
  folder.write("other.tsv.attempts.jsonl", at("01", "deadline"));
  CHECK_FALSE(read_attempts({log, other}, {{first, {}}}).at(first).interrupted);
  folder.write("other.tsv.attempts.jsonl", at("03", "deadline"));
  CHECK(read_attempts({log, other}, {{first, {}}}).at(first).interrupted);
}

TEST_CASE("a text in a line is not taken for its reason") {
  const TempFolder folder;
  folder.write("log.tsv.attempts.jsonl",
               line(first, "error", R"("stderr": "say \"reason\": \"deadline\" here")"));
  CHECK_FALSE(read_attempts({folder.path() / "log.tsv"}, {{first, {}}}).at(first).interrupted);
}

TEST_CASE("lines that are none of ours are not counted") {
  const TempFolder folder;
  folder.write("log.tsv.attempts.jsonl", "\n{}\nhello\n{\"run_id\": \"short\n{\"x\": 1}\n");
  CHECK(read_attempts({folder.path() / "log.tsv"}, {{first, {}}}).at(first).count == 0);
}

TEST_CASE("of a job's file alone the numbers in it tell how many attempts there were") {
  const TempFolder folder;
  std::string text = line(first, "error");
  text.insert(text.find("\"config\""), "\"attempt\": 3, ");
  folder.write("log.tsv.attempts.jsonl", text);
  CHECK(read_attempts({folder.path() / "log.tsv"}, {{first, {}}}).at(first).count == 3);
  folder.write("other.tsv.attempts.jsonl", line(first, "exit") + line(first, "exit"));
  CHECK(read_attempts({folder.path() / "log.tsv", folder.path() / "other.tsv"}, {{first, {}}})
            .at(first)
            .count == 3);
}
