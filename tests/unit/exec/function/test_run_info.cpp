#include <thread>

#include "base/text/time_text.hpp"
#include "catch.hpp"
#include "malet/run_info.hpp"

using malet::RunInfo;
using malet::base::Micros;
using malet::base::parse_datetime;
using malet::base::parse_duration;

namespace {

Micros duration_of(const malet::Metrics& info) {
  return parse_duration(info.find("duration")->text()).value();
}

}  // namespace

TEST_CASE("run info has Malet's columns") {
  CHECK(RunInfo::infos() == std::vector<std::string>{"datetime", "duration", "commit_hash"});
  const auto info = RunInfo().get();
  REQUIRE(info.size() == 3);
  CHECK(parse_datetime(info.find("datetime")->text()));
}

TEST_CASE("the duration counts from the start and adds to the previous one") {
  RunInfo info(Micros(5'000'000));
  CHECK(duration_of(info.get()) == Micros(5'000'000));
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  CHECK(duration_of(info.get()) == Micros(5'000'000));
  const Micros first = duration_of(info.update_and_get());
  CHECK(first >= Micros(5'020'000));
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  CHECK(duration_of(info.update_and_get()) >= first + Micros(20'000));
}
