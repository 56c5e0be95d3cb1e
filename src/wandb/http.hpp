#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

namespace malet::wandb {

using Seconds = std::chrono::duration<double>;

/// A JSON text for a server, with a user's name and password (basic authentication).
struct HttpRequest {
  std::string url;
  std::string user;
  std::string password;
  std::string body;
};

/// What came back.
struct HttpReply {
  enum class Failure {
    none,         ///< an answer came: see status
    unreachable,  ///< there was no connection
    broken,       ///< a connection that broke or stood still before all had come
    refused,      ///< anything that would go wrong again, as a certificate that is not trusted
  };

  Failure failure = Failure::none;
  std::string reason;  ///< of a failure
  int status = 0;
  std::string body;
  std::string location;                ///< where a redirection leads; it is never followed
  std::optional<Seconds> retry_after;  ///< how long the server asks to wait
};

/// Sends requests over the network, one at a time.
class HttpClient {
 public:
  HttpClient() = default;
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;
  virtual ~HttpClient() = default;

  /// Never throws for what the network or the server does.
  [[nodiscard]] virtual HttpReply post(const HttpRequest& request) = 0;
};

/// Longest answer that is taken.
inline constexpr std::size_t longest_answer = std::size_t{256} << 20U;

/// A client by libcurl. `patience` is how long it takes for a connection at most, and how long one
/// may stand still. Throws Error(bad_input) that says what to install where this build has no
/// libcurl, or where the machine has none.
[[nodiscard]] std::unique_ptr<HttpClient> make_http_client(Seconds patience);

}  // namespace malet::wandb
