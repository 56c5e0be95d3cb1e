#include "wandb/api.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <random>
#include <thread>
#include <utility>

namespace malet::wandb {

namespace {

Api::Means own_means() {
  const auto random = std::make_shared<std::mt19937>(std::random_device()());
  return {[](Seconds wait) { std::this_thread::sleep_for(wait); },
          [random] { return std::uniform_real_distribution<>()(*random); }};
}

constexpr Seconds first_wait{0.25};
constexpr Seconds longest_backoff{16};

bool may_pass(const HttpReply& reply) {
  if (reply.failure != HttpReply::Failure::none) {
    return reply.failure != HttpReply::Failure::refused;
  }
  return reply.status == 408 || reply.status == 429 || reply.status >= 500;
}

}  // namespace

Api::Api(HttpClient& http, Server server, Means means)
    : http_(&http), server_(std::move(server)), means_(std::move(means)) {}

Api::Api(HttpClient& http, Server server) : Api(http, std::move(server), own_means()) {}

Value Api::ask(const std::string& query, const Asked& asked) {
  const HttpRequest request{server_.url + "/graphql", "api", server_.key, query};
  for (int attempts = 1;; ++attempts) {
    const HttpReply reply = http_->post(request);
    answered_ = answered_ || reply.failure == HttpReply::Failure::none;
    const auto wait = retry_wait(reply, attempts, answered_, means_.chance());
    if (!wait) return read_answer(reply, asked, attempts);
    means_.rest(*wait);
  }
}

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
