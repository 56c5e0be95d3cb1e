#pragma once

#include "sweep/channel/channel.hpp"

namespace malet::sweep {

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
