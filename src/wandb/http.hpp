#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

namespace malet::wandb {

using Seconds = std::chrono::duration<double>;

/// A JSON text to post, with user and password for basic authentication.
struct HttpRequest {
  std::string url;
  std::string user;
  std::string password;
  std::string body;
};

/// The answer to a request, or why there is none.
struct HttpReply {
  enum class Failure {
    none,         ///< an answer came: see status
    unreachable,  ///< no connection
    broken,       ///< the connection broke or stood still before the answer was complete
    refused,      ///< a failure that would come again, such as a certificate that is not trusted
  };

  Failure failure = Failure::none;
  std::string reason;  ///< of a failure
  int status = 0;
  std::string body;
  std::string location;                ///< the target of a redirection, which is never followed
  std::optional<Seconds> retry_after;  ///< how long the server asks to wait
};

/// Sends requests over the network, one at a time.
class HttpClient {
 public:
  HttpClient() = default;
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;
  virtual ~HttpClient() = default;

  /// Failures of the network and the server come as replies, never as exceptions.
  [[nodiscard]] virtual HttpReply post(const HttpRequest& request) = 0;
};

/// The longest answer that a client takes.
inline constexpr std::size_t longest_answer = std::size_t{256} << 20U;

/// A client that uses libcurl. `patience` limits how long connecting takes and how long a
/// connection stands still. Throws Error(bad_input) with what to install when this build or this
/// machine has no libcurl.
[[nodiscard]] std::unique_ptr<HttpClient> make_http_client(Seconds patience);

}  // namespace malet::wandb
