#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "malet/value.hpp"
#include "wandb/asked.hpp"
#include "wandb/http.hpp"
#include "wandb/server.hpp"

namespace malet::wandb {

/// Asks a server; asks again after failures that may pass (see retry_wait).
class Api {
 public:
  /// Waiting and chance; tests replace them.
  struct Means {
    std::function<void(Seconds)> rest;
    std::function<double()> chance;  ///< from 0 to 1
  };

  Api(HttpClient& http, Server server, Means means);
  /// Waits for real, with chance from the machine's random numbers.
  Api(HttpClient& http, Server server);

  /// Names the subject of a question, for messages.
  [[nodiscard]] Asked about(std::string what) const { return {&server_, std::move(what)}; }

  /// The data of the answer to `query`, the body of a request. Throws as read_answer.
  [[nodiscard]] Value ask(const std::string& query, const Asked& asked);

 private:
  HttpClient* http_;
  Server server_;
  Means means_;
  bool answered_ = false;
};

/// How often a question is asked at most.
inline constexpr int most_attempts = 8;
/// How often it is asked before the server has ever answered: there may be no network at all.
inline constexpr int most_first_attempts = 3;
/// The longest wait that a server may ask for.
inline constexpr Seconds longest_wait{120};

/// How long to wait before asking again; nothing when the reply is final.
///
/// A question is asked again after time-outs, broken connections, and status 408, 429 and 5xx. The
/// wait is 0.25 s, then doubles up to 16 s, minus a random part of up to half, so that many clients
/// do not come at once. The server's Retry-After takes precedence. \param attempts how often it was
/// asked, from 1 \param answered whether the server has ever answered \param chance from 0 to 1
[[nodiscard]] std::optional<Seconds> retry_wait(const HttpReply& reply, int attempts, bool answered,
                                                double chance);

}  // namespace malet::wandb
