#include "base/claims/chunk_claim.hpp"
#include "catch.hpp"

using namespace malet::base;
using State = ChunkClaim::State;

TEST_CASE("a claim is read back as it was written") {
  for (const State state : {State::held, State::open, State::done}) {
    const ChunkClaim claim{state, "ab12", {"17", "node-3 \"x\""}, state == State::done ? 3U : 0U};
    CHECK(parse_claim(claim_text(claim)) == claim);
  }
}

TEST_CASE("a claim that is cut anywhere is none") {
  const std::string text = claim_text({State::done, "ab12", {"17"}, 3});
  for (std::size_t size = 0; size + 1 < text.size(); ++size) {
    CHECK_FALSE(parse_claim(text.substr(0, size)));
  }
}

TEST_CASE("what does not say whose it is and how it stands is no claim") {
  for (const char* text : {"", "17", "[]", "{}", R"({"state": "held", "jobs": ["1"]})",
                           R"({"state": "gone", "jobs": ["1"], "token": "a"})",
                           R"({"state": "held", "jobs": [], "token": "a"})",
                           R"({"state": "held", "jobs": "1", "token": "a"})",
                           R"({"state": "held", "jobs": [1], "token": "a"})",
                           R"({"state": 1, "jobs": ["1"], "token": "a"})",
                           R"({"state": "held", "jobs": ["1"], "token": ""})"}) {
    CHECK_FALSE(parse_claim(text));
  }
}

TEST_CASE("further fields are skipped, and a strange number of failures is none") {
  const auto claim =
      parse_claim(R"({"more": {}, "state": "done", "jobs": ["1", 2], "token": "a", "failed": -4})");
  CHECK(claim == ChunkClaim{State::done, "a", {"1"}, 0});
}
