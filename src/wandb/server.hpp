#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "wandb/http.hpp"

namespace malet::wandb {

/// A W&B server and the key that it knows us by.
struct Server {
  std::string url;   ///< without a slash at its end
  std::string host;  ///< without the port
  std::string key;

  /// A text without the key in it, whatever the server has put there.
  [[nodiscard]] std::string redacted(std::string text) const;
};

/// A variable of the environment, as std::getenv.
using Variable = std::function<const char*(const char* name)>;

/// The server of WANDB_BASE_URL (default https://api.wandb.ai), with the key of WANDB_API_KEY, else
/// the password that the file NETRC (default ~/.netrc) has for its host. Throws Error(bad_input)
/// for an address or key that cannot be one, and where there is no key: one sentence that says
/// where to put it.
[[nodiscard]] Server find_server(const Variable& variable);

/// How long a connection may stand still: WANDB_HTTP_TIMEOUT in seconds, by default 60. Throws
/// Error(bad_input) for anything else.
[[nodiscard]] Seconds http_patience(const Variable& variable);

}  // namespace malet::wandb
