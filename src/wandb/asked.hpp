#pragma once

#include <string>
#include <string_view>

#include "malet/value.hpp"
#include "wandb/http.hpp"
#include "wandb/server.hpp"

namespace malet::wandb {

/// The server and the subject of a question, for messages about its answer.
struct Asked {
  const Server* server;
  std::string what;  ///< for example "run abc of entity/project"

  /// Throws Error(bad_input) "W&B at HOST: WHAT: SENTENCE"; the key is replaced by ***.
  [[noreturn]] void fail(std::string_view sentence) const;
};

/// The data of an answer to a GraphQL query, a map. Throws as Asked::fail for anything else:
/// failures, redirections, refusals, pages of HTML, cut-off JSON, GraphQL's errors. \param attempts
/// how often it was asked
[[nodiscard]] Value read_answer(const HttpReply& reply, const Asked& asked, int attempts);

/// The map in a field of an answer, as JSON or as JSON text (W&B's JSONString); empty when null.
/// Throws as Asked::fail for any other value, and for text that is no JSON.
[[nodiscard]] Value::Map read_json_field(const Value& node, std::string_view field,
                                         const Asked& asked);

}  // namespace malet::wandb
