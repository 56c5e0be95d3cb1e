#include "sweep/channel/channel.hpp"

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
  // After a third of a second without a message nobody counts milliseconds, but cores; and after
  // two seconds still less, since runs that last so long can wait a hundredth of it.
  constexpr int many_looks = 300;
  constexpr std::chrono::microseconds long_idle(5000);
  constexpr int very_many_looks = 700;
  constexpr std::chrono::microseconds longest_idle(20'000);
  ++looks_;
  if (looks_ <= yields) {
    std::this_thread::yield();
    return {};
  }
  const int doublings = std::min((looks_ - yields) / 8, 10);
  const auto most = looks_ > very_many_looks ? longest_idle
                    : looks_ > many_looks    ? long_idle
                                             : longest;
  return std::min({shortest * (1 << doublings), most, limit});
}

}  // namespace malet::sweep
