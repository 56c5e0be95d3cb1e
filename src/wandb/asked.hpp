#pragma once

#include <string>
#include <string_view>

#include "malet/value.hpp"
#include "wandb/http.hpp"
#include "wandb/server.hpp"

namespace malet::wandb {

/// What was asked of which server, for the sentences about what came back.
struct Asked {
  const Server* server;
  std::string what;  ///< as "run abc of entity/project"

  /// Throws the Error(bad_input) "W&B at HOST: WHAT: SENTENCE", without the key in it.
  [[noreturn]] void fail(std::string_view sentence) const;
};

/// The data of an answer to a GraphQL query, a map. Throws as Asked::fail for everything else that
/// may come: failures, redirections, refusals, pages of HTML, cut-off JSON, GraphQL's errors.
/// \param attempts how often it was asked
[[nodiscard]] Value read_answer(const HttpReply& reply, const Asked& asked, int attempts);

/// The value that stands as JSON text in a field of an answer (W&B's JSONString), or as JSON
/// itself; null is an empty map. Throws as Asked::fail for text that is no JSON and for anything
/// but a map.
[[nodiscard]] Value::Map read_json_field(const Value& node, std::string_view field,
                                         const Asked& asked);

}  // namespace malet::wandb
