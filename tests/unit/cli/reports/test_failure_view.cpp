#include <algorithm>
#include <string>

#include "catch.hpp"
#include "cli/reports/failure_view.hpp"
#include "unit/cli/screen/captured_output.hpp"

using namespace malet;

namespace {

class Bench {
 public:
  void show(std::uint64_t index, const std::string& error, const std::string& traceback = {},
            bool will_retry = false) {
    view_.show({index, error, traceback, will_retry});
  }
  /// What was told, without times and levels.
  [[nodiscard]] std::string text() const {
    std::string all = captured_.text();
    constexpr std::string_view level = " warning: ";
    for (auto at = all.find(level); at != std::string::npos; at = all.find(level)) {
      all.erase(at - 8, 8 + level.size());
    }
    return all;
  }
  [[nodiscard]] std::size_t count(const std::string& part) const {
    std::size_t found = 0;
    const std::string all = text();
    for (auto at = all.find(part); at != std::string::npos; at = all.find(part, at + 1)) ++found;
    return found;
  }

 private:
  Captured captured_;
  cli::Logger log_{captured_.output(), "info"};
  cli::ProgressView progress_{captured_.output(), log_, false};
  cli::FailureView view_{progress_, log_};
};

}  // namespace

TEST_CASE("a failure is told with its config, its error and where it was") {
  Bench bench;
  bench.show(7, "ValueError: no", "Traceback\n  line 3", true);
  CHECK(bench.text() == "config 7 failed: ValueError: no (is tried again)\nTraceback\n  line 3\n");
}

TEST_CASE("the same failure is told five times, with its traceback once") {
  Bench bench;
  for (std::uint64_t i = 0; i < 100; ++i) bench.show(i, "no data", "Traceback");
  CHECK(bench.count("no data") == 5);
  CHECK(bench.count("Traceback") == 1);
  CHECK(bench.count("(more of these are not shown)") == 1);
  CHECK_THAT(bench.text(), ContainsSubstring("config 4 failed: no data (more of these"));
  bench.show(200, "something else");
  CHECK(bench.count("something else") == 1);
}

TEST_CASE("beyond a thousand different failures only those that are known are told") {
  Bench bench;
  for (std::uint64_t i = 0; i < 1100; ++i) bench.show(i, "error " + std::to_string(i));
  CHECK(bench.count("failed:") == 1000);
  bench.show(0, "error 7");
  CHECK(bench.count("failed:") == 1001);
}
