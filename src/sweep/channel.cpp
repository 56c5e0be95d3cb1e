#include "sweep/channel.hpp"

#include <algorithm>
#include <thread>

namespace malet::sweep {

void Backoff::rest(std::chrono::microseconds limit) {
  constexpr int yields = 50;
  constexpr std::chrono::microseconds shortest(20);
  constexpr std::chrono::microseconds longest(2000);
  ++looks_;
  if (looks_ <= yields) {
    std::this_thread::yield();
    return;
  }
  const int doublings = std::min((looks_ - yields) / 8, 10);
  const auto span = std::min({shortest * (1 << doublings), longest, limit});
  std::this_thread::sleep_for(span);
}

}  // namespace malet::sweep
