#pragma once

#include <condition_variable>
#include <cstddef>
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

}  // namespace malet::sweep
