#include "wandb/retry.hpp"

#include <algorithm>
#include <cmath>

namespace malet::wandb {

namespace {

constexpr Seconds first_wait{0.25};
constexpr Seconds longest_backoff{16};

bool may_pass(const HttpReply& reply) {
  if (reply.failure != HttpReply::Failure::none) {
    return reply.failure != HttpReply::Failure::refused;
  }
  return reply.status == 408 || reply.status == 429 || reply.status >= 500;
}

}  // namespace

std::optional<Seconds> retry_wait(const HttpReply& reply, int attempts, bool answered,
                                  double chance) {
  if (!may_pass(reply)) return std::nullopt;
  if (attempts >= (answered ? most_attempts : most_first_attempts)) return std::nullopt;
  if (reply.retry_after) {
    if (*reply.retry_after > longest_wait) return std::nullopt;
    return *reply.retry_after;
  }
  const Seconds backoff = std::min(longest_backoff, first_wait * std::pow(2.0, attempts - 1));
  return backoff * (1 - chance / 2);
}

}  // namespace malet::wandb
