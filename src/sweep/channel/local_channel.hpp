#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <vector>

#include "sweep/channel/channel.hpp"

namespace malet::sweep {

/// Connects threads of one process: ends 0 to size-1, as ranks under MPI.
class LocalExchange {
 public:
  explicit LocalExchange(int size);

  /// The channel of one end; it keeps the exchange's mailboxes alive.
  [[nodiscard]] std::unique_ptr<Channel> end(int rank);

  struct Mailbox {
    std::mutex mutex;
    std::condition_variable arrived;
    std::deque<Envelope> messages;
  };

 private:
  std::shared_ptr<std::vector<Mailbox>> mailboxes_;
};

/// Joins two channels of one end, so that rank 0 talks to the other ranks and to a worker thread of
/// its own alike. The ends of `local` other than 0 appear as `first_local`, `first_local` + 1, ...
class HubChannel : public Channel {
 public:
  HubChannel(Channel& remote, Channel& local, int first_local)
      : remote_(remote), local_(local), first_local_(first_local) {}

  void send(int to, std::string message) override {
    if (to >= first_local_) {
      local_.send(to - first_local_ + 1, std::move(message));
    } else {
      remote_.send(to, std::move(message));
    }
  }

  std::optional<Envelope> try_receive() override {
    auto envelope = remote_.try_receive();
    if (!envelope) {
      envelope = local_.try_receive();
      if (envelope) envelope->from += first_local_ - 1;
    }
    if (envelope) backoff_.reset();
    return envelope;
  }

  void wait(std::chrono::microseconds limit) override { backoff_.rest(limit); }

 private:
  Channel& remote_;
  Channel& local_;
  int first_local_;
  Backoff backoff_;
};

}  // namespace malet::sweep
