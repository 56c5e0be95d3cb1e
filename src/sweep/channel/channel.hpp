#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace malet::sweep {

struct Envelope {
  int from = 0;
  std::string message;
};

/// One end of the talk between rank 0 and the workers. Messages between two ends arrive complete
/// and in the order in which they were sent. Used by one thread.
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

/// How long to rest between looks for messages: nothing at first, since answers are often on their
/// way, then longer and longer up to 2 ms, and up to 20 ms when nothing comes for long, so that an
/// idle rank costs less than 1 % of a core.
class Backoff {
 public:
  /// To be called when something arrived.
  void reset() { looks_ = 0; }
  /// Rests for the next span, never beyond `limit`.
  void rest(std::chrono::microseconds limit);
  /// The next span, for who rests in another way; zero at first, when it lets others run.
  [[nodiscard]] std::chrono::microseconds next(std::chrono::microseconds limit);

 private:
  int looks_ = 0;
};

}  // namespace malet::sweep
