#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <string>

#include "catch.hpp"
#include "cli/screen/output.hpp"
#include "unit/cli/screen/captured_output.hpp"

using malet::cli::Output;

TEST_CASE("all of a text is written") {
  Captured captured;
  captured.output().write(std::string(100'000, 'x'));
  captured.output().write("y");
  CHECK(captured.text() == std::string(100'000, 'x') + "y");
}

TEST_CASE("a muted output swallows everything") {
  Captured captured;
  Output muted(captured.descriptor(), true);
  muted.write("x");
  CHECK(captured.text().empty());
  CHECK_FALSE(muted.is_terminal());
}

TEST_CASE("a reader that has gone ends the output without a word or a signal") {
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  close(ends[0]);
  Output output(ends[1]);
  output.write("nobody reads this");
  CHECK(output.is_closed());
  CHECK(output.failure().empty());
  output.write("nor this");
  sigset_t pending;
  sigpending(&pending);
  CHECK(sigismember(&pending, SIGPIPE) == 0);
  close(ends[1]);
}

TEST_CASE("any other failure is kept for the end") {
  const int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
  if (full < 0) return;
  Output output(full);
  output.write("x");
  CHECK(output.is_closed());
  CHECK_FALSE(output.failure().empty());
  close(full);
}

TEST_CASE("without a terminal lines have 120 columns") {
  Captured captured;
  CHECK_FALSE(captured.output().is_terminal());
  CHECK(captured.output().width() == 120);
}
