#include "catch.hpp"
#include "fakes.hpp"
#include "sweep/channel/slot_channel.hpp"

using namespace malet;
using namespace malet::sweep;

TEST_CASE("a slot's number is put before a message and taken off again") {
  for (const std::size_t slot : {0U, 1U, 63U, 64U, 200U, 4095U}) {
    std::string message = with_slot(slot, encode(MessageKind::ready));
    CHECK(has_slot(message));
    CHECK(take_slot_number(message) == slot);
    CHECK(message == encode(MessageKind::ready));
  }
}

TEST_CASE("messages to a rank as a whole have no slot") {
  CHECK_FALSE(has_slot(encode_leave(ExitCode::complete)));
  CHECK_FALSE(has_slot(encode_unable(Error(ErrorKind::internal, "no"))));
  CHECK_FALSE(has_slot(""));
}

TEST_CASE("every slot of every rank is an end of its own") {
  test::ChannelScript below;
  test::FakeChannel ranks(below);
  // Rank 1 has two slots, rank 0's own supervisor, the last end below, has one.
  SlotChannel channel(ranks, {{3, 0}, {1, 0}, {1, 1}, {2, 0}});
  channel.send(3, "x");
  REQUIRE(below.sent.size() == 1);
  CHECK(below.sent[0].to == 1);
  std::string message = below.sent[0].message;
  CHECK(take_slot_number(message) == 1);
  CHECK(message == "x");

  below.arriving.push_back({1, with_slot(1, "from the second")});
  below.arriving.push_back({3, with_slot(0, "from rank 0")});
  below.arriving.push_back({2, encode(MessageKind::unable)});
  auto envelope = channel.try_receive();
  CHECK(envelope->from == 3);
  CHECK(envelope->message == "from the second");
  CHECK(channel.try_receive()->from == 1);
  CHECK(channel.try_receive()->from == 4);
  CHECK_FALSE(channel.try_receive());
}

TEST_CASE("a slot's sender adds its number") {
  test::ChannelScript below;
  test::FakeChannel rank(below);
  SlotSender sender(rank, 5);
  sender.send(0, encode(MessageKind::stopped));
  REQUIRE(below.sent.size() == 1);
  CHECK(take_slot_number(below.sent[0].message) == 5);
  CHECK_FALSE(sender.try_receive());
}
