#include "catch.hpp"
#include "cli/reports/queue_report.hpp"

using namespace malet;
using namespace malet::cli;

namespace {

sweep::QueueState state() {
  sweep::QueueState made;
  made.jobs = {{"4711", true, "node1", "2026-01-02T03:04:05", 8, 20}, {"9", false, "", "", 2, 0}};
  made.chunks = 100;
  made.held = 8;
  made.done = 30;
  return made;
}

}  // namespace

TEST_CASE("a queue's jobs and chunks are told to people") {
  CHECK(queue_report(state(), 80) ==
        "queue job         host   since                held  done\n"
        "4711       alive  node1  2026-01-02 03:04:05     8    20\n"
        "9          gone                                  2     0\n"
        "chunks: 62 free, 8 held, 30 done\n");
}

TEST_CASE("the same as a document") {
  CHECK(to_json(queue_document(state())) ==
        R"({"jobs": [{"job": "4711", "alive": true, "host": "node1", )"
        R"("started": "2026-01-02T03:04:05", "held": 8, "done": 20}, )"
        R"({"job": "9", "alive": false, "host": null, "started": null, "held": 2, "done": 0}], )"
        R"("chunks": {"total": 100, "free": 62, "held": 8, "done": 30}})");
}
