#include <string>
#include <vector>

#include "catch.hpp"
#include "exec/process/program_answer.hpp"

using namespace malet::exec;

namespace {

ProgramQuestion shell_question(const std::string& script) {
  ProgramQuestion question;
  question.arguments = {"sh", "-c", script};
  question.patience = std::chrono::minutes(2);
  return question;
}

}  // namespace

TEST_CASE("a program's answer is both its streams and its exit code") {
  const auto answer = ask_program(shell_question("echo out; echo err >&2; exit 3"));
  CHECK(answer.code == 3);
  CHECK(answer.out == "out\n");
  CHECK(answer.err == "err\n");
  CHECK_FALSE(answer.is_good());
  CHECK(ask_program(shell_question("exit 0")).is_good());
}

TEST_CASE("a long answer comes whole") {
  const auto answer = ask_program(shell_question("seq 1 50000"));
  CHECK(answer.is_good());
  CHECK(answer.out.size() == 288894);
  CHECK(answer.out.ends_with("\n50000\n"));
}

TEST_CASE("a program gets the variables it is given, and nothing to read") {
  auto question = shell_question("cat; echo \"$ASKED\"");
  question.variables = {{"ASKED", "a b"}};
  CHECK(ask_program(question).out == "a b\n");
}

TEST_CASE("a program that is not there is told apart from one that fails") {
  ProgramQuestion question;
  question.arguments = {"/nonexistent/program"};
  const auto answer = ask_program(question);
  CHECK(answer.is_missing);
  CHECK_FALSE(answer.code);
}

TEST_CASE("one that a signal ends has no exit code") {
  const auto answer = ask_program(shell_question("kill -9 $$"));
  CHECK_FALSE(answer.code);
  CHECK_FALSE(answer.is_missing);
  CHECK_FALSE(answer.took_too_long);
}

TEST_CASE("one that takes too long is killed") {
  auto question = shell_question("echo some; exec sleep 600");
  question.patience = std::chrono::milliseconds(50);
  const auto answer = ask_program(question);
  CHECK(answer.took_too_long);
  CHECK_FALSE(answer.code);
}

TEST_CASE("one that says too much is killed") {
  auto question = shell_question("exec yes");
  question.longest = 10000;
  const auto answer = ask_program(question);
  CHECK_FALSE(answer.code);
  CHECK_FALSE(answer.took_too_long);
}

TEST_CASE("who gives up waits no longer") {
  auto question = shell_question("exec sleep 600");
  question.give_up = [] { return true; };
  CHECK_FALSE(ask_program(question).code);
}
