#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace malet::sweep {

struct Envelope {
  int from = 0;
  std::string message;
};

/// One end of the channel between rank 0 and the workers. Messages arrive whole and in the order of
/// their sending. Used by one thread.
class Channel {
 public:
  virtual ~Channel() = default;

  /// Sends without waiting for the receiver.
  virtual void send(int to, std::string message) = 0;
  /// The next message, if one is there.
  [[nodiscard]] virtual std::optional<Envelope> try_receive() = 0;
  /// Rests until a message may be there, at most `limit`. May return early.
  virtual void wait(std::chrono::microseconds limit) = 0;
};

/// Pauses between looks for messages: none at first, since answers come soon, then up to 2 ms, and
/// up to 20 ms after a long silence. An idle rank costs less than 1 % of a core.
class Backoff {
 public:
  /// To be called when something arrived.
  void reset() { looks_ = 0; }
  /// Rests for the next span, never beyond `limit`.
  void rest(std::chrono::microseconds limit);
  /// The next span, for callers that rest in another way; zero at first, after a yield.
  [[nodiscard]] std::chrono::microseconds next(std::chrono::microseconds limit);

 private:
  int looks_ = 0;
};

}  // namespace malet::sweep
