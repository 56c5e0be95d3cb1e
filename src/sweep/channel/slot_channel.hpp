#pragma once

#include <string>
#include <utility>
#include <vector>

#include "sweep/channel/bytes.hpp"
#include "sweep/channel/channel.hpp"

/// Several slots of a rank share its channel: messages of a slot begin with its number, counted
/// from one that is no kind of message, so that what concerns the rank as a whole can do without.
namespace malet::sweep {

inline constexpr std::uint8_t first_slot = 64;

/// Whether a message concerns one slot.
[[nodiscard]] inline bool has_slot(std::string_view message) {
  return !message.empty() && static_cast<std::uint8_t>(message.front()) >= first_slot;
}

[[nodiscard]] inline std::string with_slot(std::size_t slot, std::string_view message) {
  std::string bytes;
  bytes.reserve(message.size() + 2);
  ByteWriter(bytes).put_unsigned(slot + first_slot);
  return bytes.append(message);
}

/// Takes the slot's number off a message that has one.
[[nodiscard]] inline std::size_t take_slot_number(std::string& message) {
  ByteReader reader(message);
  const auto slot = static_cast<std::size_t>(reader.take_unsigned() - first_slot);
  message.erase(0, reader.position());
  return slot;
}

/// A slot's way to rank 0. What comes for it is taken by its supervisor.
class SlotSender : public Channel {
 public:
  SlotSender(Channel& below, std::size_t slot) : below_(below), slot_(slot) {}

  void send(int to, std::string message) override { below_.send(to, with_slot(slot_, message)); }
  std::optional<Envelope> try_receive() override { return std::nullopt; }
  void wait(std::chrono::microseconds) override {}

 private:
  Channel& below_;
  std::size_t slot_;
};

/// Rank 0's view: every slot of every rank is an end of its own, 1 to the number of slots.
class SlotChannel : public Channel {
 public:
  struct Place {
    int end = 0;  ///< of the channel below
    std::size_t slot = 0;
  };

  SlotChannel(Channel& below, std::vector<Place> places)
      : below_(below), places_(std::move(places)) {
    for (std::size_t i = 0; i < places_.size(); ++i) {
      const auto end = static_cast<std::size_t>(places_[i].end);
      if (first_.size() <= end) first_.resize(end + 1, -1);
      // The slots of an end follow each other.
      if (places_[i].slot == 0) first_[end] = static_cast<int>(i) + 1;
    }
  }

  void send(int to, std::string message) override {
    const Place& place = places_[static_cast<std::size_t>(to) - 1];
    below_.send(place.end, with_slot(place.slot, message));
  }
  std::optional<Envelope> try_receive() override {
    auto envelope = below_.try_receive();
    if (!envelope) return envelope;
    // A rank speaks through its first slot.
    const std::size_t slot = has_slot(envelope->message) ? take_slot_number(envelope->message) : 0;
    envelope->from = first_.at(static_cast<std::size_t>(envelope->from)) + static_cast<int>(slot);
    return envelope;
  }
  void wait(std::chrono::microseconds limit) override { below_.wait(limit); }

 private:
  Channel& below_;
  std::vector<Place> places_;
  std::vector<int> first_;  // the end of slot 0 of each end below
};

}  // namespace malet::sweep
