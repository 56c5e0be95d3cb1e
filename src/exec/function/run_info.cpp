#include "malet/run_info.hpp"

#include "base/text/time_text.hpp"
#include "exec/function/git.hpp"

namespace malet {

RunInfo::RunInfo(Duration previous)
    : duration_(previous),
      updated_(Clock::now()),
      counted_(std::chrono::steady_clock::now()),
      commit_hash_(exec::commit_hash(".")) {}

const std::vector<std::string>& RunInfo::infos() {
  static const std::vector<std::string> names = {"datetime", "duration", "commit_hash"};
  return names;
}

Metrics RunInfo::get() const {
  const auto since_epoch = std::chrono::duration_cast<base::Micros>(updated_.time_since_epoch());
  std::string duration;
  base::append_duration(duration, duration_);
  return {{"datetime", base::datetime_text(since_epoch)},
          {"duration", std::move(duration)},
          {"commit_hash", commit_hash_.empty() ? Value() : Value(commit_hash_)}};
}

Metrics RunInfo::update_and_get() {
  const auto counted = std::chrono::steady_clock::now();
  duration_ += std::chrono::duration_cast<Duration>(counted - counted_);
  counted_ = counted;
  updated_ = Clock::now();
  return get();
}

}  // namespace malet
