#include <thread>

#include "catch.hpp"
#include "sweep/channel/local_channel.hpp"

using namespace malet::sweep;

TEST_CASE("messages between threads arrive complete and in order") {
  LocalExchange exchange(2);
  const auto zero = exchange.end(0);
  std::thread sender([one = exchange.end(1)] {
    for (int i = 0; i < 1000; ++i) one->send(0, std::to_string(i));
  });
  for (int i = 0; i < 1000;) {
    const auto envelope = zero->try_receive();
    if (!envelope) {
      zero->wait(std::chrono::milliseconds(10));
      continue;
    }
    REQUIRE(envelope->from == 1);
    REQUIRE(envelope->message == std::to_string(i++));
  }
  sender.join();
  CHECK_FALSE(zero->try_receive());
}

TEST_CASE("waiting ends when a message comes") {
  LocalExchange exchange(2);
  const auto zero = exchange.end(0);
  exchange.end(1)->send(0, "x");
  zero->wait(std::chrono::hours(1));
  CHECK(zero->try_receive()->message == "x");
}

TEST_CASE("a hub shows local ends behind the remote ones") {
  LocalExchange remote(3);
  LocalExchange local(2);
  const auto remote_zero = remote.end(0);
  const auto local_zero = local.end(0);
  HubChannel hub(*remote_zero, *local_zero, 3);
  hub.send(2, "to remote");
  hub.send(3, "to local");
  CHECK(remote.end(2)->try_receive()->message == "to remote");
  const auto local_one = local.end(1);
  CHECK(local_one->try_receive()->message == "to local");
  local_one->send(0, "from local");
  remote.end(1)->send(0, "from remote");
  CHECK(hub.try_receive()->from == 1);
  CHECK(hub.try_receive()->from == 3);
}
