#include "catch.hpp"
#include "sweep/rank/run_queue.hpp"

using namespace malet;
using namespace malet::sweep;

TEST_CASE("configs leave the queue in the order of their ranges") {
  RunQueue queue;
  CHECK(queue.empty());
  queue.add({{4, 2, 3}, {1, 1, 1}});
  queue.add({{9, 1, 1}});
  std::vector<std::uint64_t> order;
  while (!queue.empty()) order.push_back(queue.next());
  CHECK(order == std::vector<std::uint64_t>{4, 7, 1, 9});
}

TEST_CASE("what is given back is what has not been taken") {
  RunQueue queue;
  queue.add({{0, 5, 2}, {20, 1, 1}});
  CHECK(queue.next() == 0);
  CHECK(queue.take_all() == std::vector<IndexRange>{{2, 4, 2}, {20, 1, 1}});
  CHECK(queue.empty());
}

TEST_CASE("what earlier attempts left is taken once") {
  RunQueue queue;
  queue.add_earlier({7, 2, {{"loss", 1}}, {{"status", "F"}}});
  CHECK(queue.take_earlier(8).attempts == 0);
  const ResumeMessage earlier = queue.take_earlier(7);
  CHECK(earlier.attempts == 2);
  CHECK(earlier.metrics.size() == 1);
  CHECK(earlier.info.size() == 1);
  CHECK(queue.take_earlier(7).attempts == 0);
}
