#include "canned.hpp"
#include "catch.hpp"
#include "wandb/api.hpp"

using malet::test::answer;
using malet::test::failed;
using malet::wandb::HttpReply;
using malet::wandb::most_attempts;
using malet::wandb::most_first_attempts;
using malet::wandb::retry_wait;
using malet::wandb::Seconds;

TEST_CASE("only what may pass is asked again") {
  for (const int status : {408, 429, 500, 502, 503, 504}) {
    CHECK(retry_wait(answer(status, ""), 1, true, 0));
  }
  for (const int status : {200, 301, 400, 401, 403, 404, 422}) {
    CHECK_FALSE(retry_wait(answer(status, ""), 1, true, 0));
  }
  CHECK(retry_wait(failed(HttpReply::Failure::broken, ""), 1, true, 0));
  CHECK(retry_wait(failed(HttpReply::Failure::unreachable, ""), 1, true, 0));
  CHECK_FALSE(retry_wait(failed(HttpReply::Failure::refused, ""), 1, true, 0));
}

TEST_CASE("rests double up to a bound and are shortened by chance") {
  const auto reply = answer(503, "");
  CHECK(retry_wait(reply, 1, true, 0) == Seconds(0.25));
  CHECK(retry_wait(reply, 2, true, 0) == Seconds(0.5));
  CHECK(retry_wait(reply, 2, true, 1) == Seconds(0.25));
  CHECK(retry_wait(reply, 7, true, 0) == Seconds(16));
}

TEST_CASE("it ends after so many attempts, earlier where nobody has ever answered") {
  const auto reply = failed(HttpReply::Failure::unreachable, "");
  CHECK(retry_wait(reply, most_attempts - 1, true, 0));
  CHECK_FALSE(retry_wait(reply, most_attempts, true, 0));
  CHECK(retry_wait(reply, most_first_attempts - 1, false, 0));
  CHECK_FALSE(retry_wait(reply, most_first_attempts, false, 0));
}

TEST_CASE("a server says itself how long to rest, within reason") {
  auto reply = answer(429, "");
  reply.retry_after = Seconds(7);
  CHECK(retry_wait(reply, 1, true, 0.5) == Seconds(7));
  reply.retry_after = Seconds(86400);
  CHECK_FALSE(retry_wait(reply, 1, true, 0.5));
}
