#include "catch.hpp"
#include "fakes.hpp"
#include "sweep/channel/outbox.hpp"

using namespace malet;
using namespace malet::sweep;
using std::chrono::milliseconds;

TEST_CASE("records travel together and are due after 50 ms") {
  test::ChannelScript script;
  test::FakeChannel channel(script);
  Outbox outbox(channel);
  const Outbox::Clock::time_point start{std::chrono::seconds(9)};
  CHECK_FALSE(outbox.is_due(start + milliseconds(60)));
  RunRecord record;
  outbox.add(record, start);
  record.index = 1;
  outbox.add(record, start + milliseconds(40));
  CHECK_FALSE(outbox.is_due(start + milliseconds(50)));
  CHECK(outbox.is_due(start + milliseconds(51)));
  CHECK(script.sent.empty());
  outbox.send();
  REQUIRE(script.sent.size() == 1);
  CHECK(script.sent[0].to == 0);
  CHECK(script.ends().size() == 2);
  outbox.send();
  CHECK(script.sent.size() == 1);
}

TEST_CASE("a large batch is due at once") {
  test::ChannelScript script;
  test::FakeChannel channel(script);
  Outbox outbox(channel);
  RunRecord record;
  record.metrics = {{"text", std::string(70'000, 'x')}};
  outbox.add(record, {});
  CHECK(outbox.is_due({}));
}
