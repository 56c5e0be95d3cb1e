#include "catch.hpp"
#include "sweep/queue/standings.hpp"

using namespace malet::sweep;

namespace {

Findings findings(std::vector<Findings::Row> rows) {
  return {std::move(rows), {}};
}

std::vector<std::pair<std::uint64_t, Standing>> pairs(const std::vector<Findings::Row>& rows) {
  std::vector<std::pair<std::uint64_t, Standing>> found;
  for (const auto& row : rows) found.emplace_back(row.index, row.standing);
  return found;
}

using Pairs = std::vector<std::pair<std::uint64_t, Standing>>;

}  // namespace

TEST_CASE("what was learned counts over what was known, by number") {
  Standings standings(findings({{1, Standing::running},
                                {3, Standing::failed},
                                {5, Standing::complete},
                                {9, Standing::failed}}));
  standings.set(0, Standing::failed);
  standings.set(1, Standing::complete);
  standings.set(4, Standing::complete);
  CHECK(pairs(standings.between(0, 9)) == Pairs{{0, Standing::failed},
                                                {1, Standing::complete},
                                                {3, Standing::failed},
                                                {4, Standing::complete},
                                                {5, Standing::complete}});
  CHECK(pairs(standings.between(3, 4)) == Pairs{{3, Standing::failed}});
  CHECK(standings.between(6, 9).empty());
  CHECK(standings.of(1) == Standing::complete);
  CHECK(standings.of(9) == Standing::failed);
  CHECK_FALSE(standings.of(2));
}

TEST_CASE("of what logs say later only the numbers asked for are learned, and complete ones stay") {
  Standings standings(findings({{1, Standing::complete}, {2, Standing::running}}));
  Findings later = findings({{0, Standing::complete},
                             {1, Standing::failed},
                             {2, Standing::interrupted},
                             {3, Standing::complete},
                             {4, Standing::complete}});
  later.left[2].earlier.attempts = 7;
  later.left[1].earlier.attempts = 5;
  CHECK(standings.learn(later, 1, 4) == 1);
  CHECK(standings.learn(later, 1, 4) == 0);
  CHECK(pairs(standings.between(0, 9)) ==
        Pairs{{1, Standing::complete}, {2, Standing::interrupted}, {3, Standing::complete}});
  CHECK(standings.take_left(2)->earlier.attempts == 7);
  CHECK_FALSE(standings.take_left(2));
  CHECK_FALSE(standings.take_left(1));
}
