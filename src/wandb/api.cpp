#include "wandb/api.hpp"

#include <memory>
#include <random>
#include <thread>
#include <utility>

#include "wandb/retry.hpp"

namespace malet::wandb {

namespace {

Api::Means own_means() {
  const auto random = std::make_shared<std::mt19937>(std::random_device()());
  return {[](Seconds wait) { std::this_thread::sleep_for(wait); },
          [random] { return std::uniform_real_distribution<>()(*random); }};
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

}  // namespace malet::wandb
