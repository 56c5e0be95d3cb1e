#include "wandb/asked.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/json/json_read.hpp"
#include "base/text/text_parts.hpp"
#include "malet/error.hpp"

namespace malet::wandb {

namespace {

constexpr std::size_t most_quoted = 200;

/// The messages of GraphQL's errors in an answer; empty when it has none.
std::string error_text(const Value& answer) {
  const Value* errors = answer.find("errors");
  if (errors == nullptr || !errors->is_list()) return {};
  std::string text;
  for (const Value& error : errors->list()) {
    const Value* message = error.is_text() ? &error : error.find("message");
    if (!text.empty()) text += "; ";
    text += message != nullptr && message->is_text() ? message->text() : "an error without a text";
  }
  return text;
}

/// The messages of GraphQL's errors in the body of a refusal, which may be any text.
std::string refusal_text(const HttpReply& reply) {
  try {
    return error_text(base::read_json(reply.body));
  } catch (const Error&) {
    return {};
  }
}

[[noreturn]] void fail_without_answer(const HttpReply& reply, const Asked& asked, int attempts) {
  const std::string times = attempts > 1 ? fmt::format(", {} times", attempts) : std::string();
  const bool refused = reply.failure == HttpReply::Failure::refused;
  asked.fail(fmt::format("no answer{} ({}): {}", times, base::excerpt(reply.reason, most_quoted),
                         refused ? "check WANDB_BASE_URL"
                                 : "check the network, its proxy and WANDB_BASE_URL, and try again "
                                   "(many clusters have no network but on their login nodes)"));
}

std::string advice(const HttpReply& reply, const Asked& asked) {
  const Server& server = *asked.server;
  switch (reply.status) {
    case 401:
      return fmt::format(
          "the key is not known there: check WANDB_API_KEY, or the password for {} in .netrc",
          server.host);
    case 403:
      return "this key may not read it: use one of a member, or check WANDB_API_KEY";
    case 404:
      return fmt::format(
          "nothing of that name is at {}/graphql: check the names and WANDB_BASE_URL", server.url);
    case 429:
      return "too many requests for this key: try again later";
    default:
      return reply.status >= 500 ? "the server is in trouble: try again later"
                                 : "check the names and the filter";
  }
}

[[noreturn]] void fail_with_status(const HttpReply& reply, const Asked& asked, int attempts) {
  if (reply.status >= 300 && reply.status < 400) {
    asked.fail(
        fmt::format("the server sends us on to {}, and the key goes to no other address: set "
                    "WANDB_BASE_URL to the one that is meant",
                    base::excerpt(reply.location, most_quoted)));
  }
  const std::string said = base::excerpt(refusal_text(reply), most_quoted);
  const std::string times = attempts > 1 ? fmt::format(", {} times", attempts) : std::string();
  asked.fail(fmt::format("HTTP {}{}{}: {}", reply.status, times,
                         said.empty() ? said : fmt::format(" ('{}')", said), advice(reply, asked)));
}

Value parse_body(const std::string& body, const Asked& asked) {
  try {
    return base::read_json(body);
  } catch (const Error& error) {
    if (body.starts_with('<')) {
      asked.fail(
          "a page of HTML came instead of JSON: check WANDB_BASE_URL, and whether a proxy "
          "or a login page stands in between");
    }
    asked.fail(fmt::format("the answer is cut off or damaged ({}): try again later", error.what()));
  }
}

}  // namespace

void Asked::fail(std::string_view sentence) const {
  throw Error(ErrorKind::bad_input,
              server->redacted(fmt::format("W&B at {}: {}: {}", server->host, what, sentence)));
}

Value read_answer(const HttpReply& reply, const Asked& asked, int attempts) {
  if (reply.failure != HttpReply::Failure::none) fail_without_answer(reply, asked, attempts);
  if (reply.status != 200) fail_with_status(reply, asked, attempts);
  const Value answer = parse_body(reply.body, asked);
  const std::string errors = error_text(answer);
  if (!errors.empty()) {
    asked.fail(fmt::format("it says '{}': check the names, the filter and the key",
                           base::excerpt(errors, most_quoted)));
  }
  const Value* data = answer.find("data");
  if (data == nullptr || !data->is_map()) {
    asked.fail("the answer has no data: check WANDB_BASE_URL");
  }
  return *data;
}

Value::Map read_json_field(const Value& node, std::string_view field, const Asked& asked) {
  const Value* found = node.find(field);
  if (found == nullptr || found->is_null()) return {};
  Value value = *found;
  if (found->is_text()) {
    try {
      value = base::read_json(found->text());
    } catch (const Error& error) {
      asked.fail(fmt::format("its {} is no JSON ({}): try again, or leave it out by --filter",
                             field, error.what()));
    }
  }
  if (value.is_null()) return {};
  if (value.is_map()) return std::move(value.map());
  asked.fail(fmt::format("its {} is a {} and no map: leave it out by --filter", field,
                         type_name(value.type())));
}

}  // namespace malet::wandb
