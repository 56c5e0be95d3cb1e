#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "wandb/http.hpp"

namespace malet::wandb {

/// A W&B server and our key for it.
struct Server {
  std::string url;   ///< without a slash at its end
  std::string host;  ///< without the port
  std::string key;

  /// The text with the key replaced by ***: an answer of the server may hold it.
  [[nodiscard]] std::string redacted(std::string text) const;
};

/// A variable of the environment, as std::getenv.
using Variable = std::function<const char*(const char* name)>;

/// The server of WANDB_BASE_URL (default https://api.wandb.ai), with the key of WANDB_API_KEY, or
/// else the password for its host in the file NETRC (default ~/.netrc). Throws Error(bad_input) for
/// an invalid address or key, and without a key: one sentence that says where to put it.
[[nodiscard]] Server find_server(const Variable& variable);

/// How long a connection may stand still: WANDB_HTTP_TIMEOUT in seconds, 60 by default. Throws
/// Error(bad_input) for any other text.
[[nodiscard]] Seconds http_patience(const Variable& variable);

/// The password for a host in the text of a .netrc file, for any login; nothing when there is none.
/// Ignores `default`: a key is sent only to the host that it was written for.
[[nodiscard]] std::optional<std::string> netrc_password(std::string_view text,
                                                        std::string_view host);

}  // namespace malet::wandb
