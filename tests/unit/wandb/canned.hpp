#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/json/json_read.hpp"
#include "malet/error.hpp"
#include "wandb/api.hpp"

namespace malet::test {

/// An answer as it comes over the network.
inline wandb::HttpReply answer(int status, std::string body) {
  wandb::HttpReply reply;
  reply.status = status;
  reply.body = std::move(body);
  return reply;
}

inline wandb::HttpReply failed(wandb::HttpReply::Failure failure, std::string reason) {
  wandb::HttpReply reply;
  reply.failure = failure;
  reply.reason = std::move(reason);
  return reply;
}

/// Gives answers that were made before, in their order, and remembers what it was asked.
class CannedClient : public wandb::HttpClient {
 public:
  explicit CannedClient(std::vector<wandb::HttpReply> replies) : replies_(std::move(replies)) {}

  wandb::HttpReply post(const wandb::HttpRequest& request) override {
    requests.push_back(request);
    if (requests.size() > replies_.size()) {
      return failed(wandb::HttpReply::Failure::refused, "asked once too often");
    }
    return replies_[requests.size() - 1];
  }

  /// The variables of a question.
  [[nodiscard]] Value variables(std::size_t question) const {
    return *base::read_json(requests.at(question).body).find("variables");
  }

  std::vector<wandb::HttpRequest> requests;

 private:
  std::vector<wandb::HttpReply> replies_;
};

inline wandb::Server example_server() {
  return {"https://wandb.example", "wandb.example", "secret-key"};
}

/// Example questions' subject.
inline wandb::Asked example_question() {
  static const wandb::Server server = example_server();
  return {&server, "sweep abc of me/resnet"};
}

/// What an Error says; empty where there is none.
inline std::string complaint(const std::function<void()>& act) {
  try {
    act();
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

}  // namespace malet::test
