#pragma once

#include <chrono>
#include <string>
#include <utility>

#include "sweep/channel/channel.hpp"
#include "sweep/channel/message.hpp"

namespace malet::sweep {

/// Gathers a worker's records and sends them in batches. Ends of short runs travel together, at
/// most 50 ms late.
class Outbox {
 public:
  using Clock = std::chrono::steady_clock;

  explicit Outbox(Channel& channel) : channel_(channel) {}

  void add(const RunRecord& record, Clock::time_point now) {
    if (batch_.empty()) begun_ = now;
    append_record(batch_, record);
  }
  /// Whether what is in it must not wait any longer.
  [[nodiscard]] bool is_due(Clock::time_point now) const {
    return !batch_.empty() && (now - begun_ > oldest || batch_.size() > largest);
  }
  void send() {
    if (!batch_.empty()) channel_.send(0, std::exchange(batch_, {}));
  }

 private:
  static constexpr std::chrono::milliseconds oldest{50};
  static constexpr std::size_t largest = 1 << 16;

  Channel& channel_;
  std::string batch_;
  Clock::time_point begun_;
};

}  // namespace malet::sweep
