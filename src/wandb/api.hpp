#pragma once

#include <functional>
#include <string>
#include <utility>

#include "malet/value.hpp"
#include "wandb/asked.hpp"
#include "wandb/http.hpp"
#include "wandb/server.hpp"

namespace malet::wandb {

/// Asks a server, again and again where what went wrong may pass (see retry_wait).
class Api {
 public:
  /// What time and chance are; tests replace them.
  struct Means {
    std::function<void(Seconds)> rest;
    std::function<double()> chance;  ///< from 0 to 1
  };

  Api(HttpClient& http, Server server, Means means);
  /// With the machine's own.
  Api(HttpClient& http, Server server);

  /// What an answer is about, for messages.
  [[nodiscard]] Asked about(std::string what) const { return {&server_, std::move(what)}; }

  /// The data that answers a query (the body of a request). Throws as read_answer.
  [[nodiscard]] Value ask(const std::string& query, const Asked& asked);

 private:
  HttpClient* http_;
  Server server_;
  Means means_;
  bool answered_ = false;
};

}  // namespace malet::wandb
