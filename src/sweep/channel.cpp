#include "sweep/channel.hpp"

#include <algorithm>
#include <thread>

namespace malet::sweep {

void Backoff::rest(std::chrono::microseconds limit) {
  const auto span = next(limit);
  if (span.count() > 0) std::this_thread::sleep_for(span);
}

std::chrono::microseconds Backoff::next(std::chrono::microseconds limit) {
  constexpr int yields = 50;
  constexpr std::chrono::microseconds shortest(20);
  constexpr std::chrono::microseconds longest(2000);
  ++looks_;
  if (looks_ <= yields) {
    std::this_thread::yield();
    return {};
  }
  const int doublings = std::min((looks_ - yields) / 8, 10);
  return std::min({shortest * (1 << doublings), longest, limit});
}

}  // namespace malet::sweep
