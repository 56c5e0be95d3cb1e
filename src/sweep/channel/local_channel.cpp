#include "sweep/channel/local_channel.hpp"

#include <utility>

namespace malet::sweep {

namespace {

using Mailbox = LocalExchange::Mailbox;

class LocalChannel : public Channel {
 public:
  LocalChannel(std::shared_ptr<std::vector<Mailbox>> mailboxes, int rank)
      : mailboxes_(std::move(mailboxes)), rank_(rank) {}

  void send(int to, std::string message) override {
    Mailbox& box = mailbox(to);
    {
      const std::lock_guard lock(box.mutex);
      box.messages.push_back({rank_, std::move(message)});
    }
    box.arrived.notify_one();
  }

  std::optional<Envelope> try_receive() override {
    Mailbox& box = mailbox(rank_);
    const std::lock_guard lock(box.mutex);
    if (box.messages.empty()) return std::nullopt;
    Envelope envelope = std::move(box.messages.front());
    box.messages.pop_front();
    return envelope;
  }

  void wait(std::chrono::microseconds limit) override {
    Mailbox& box = mailbox(rank_);
    std::unique_lock lock(box.mutex);
    box.arrived.wait_for(lock, limit, [&] { return !box.messages.empty(); });
  }

 private:
  Mailbox& mailbox(int rank) { return (*mailboxes_)[static_cast<std::size_t>(rank)]; }

  std::shared_ptr<std::vector<Mailbox>> mailboxes_;
  int rank_;
};

}  // namespace

LocalExchange::LocalExchange(int size)
    : mailboxes_(std::make_shared<std::vector<Mailbox>>(static_cast<std::size_t>(size))) {}

std::unique_ptr<Channel> LocalExchange::end(int rank) {
  return std::make_unique<LocalChannel>(mailboxes_, rank);
}

}  // namespace malet::sweep
