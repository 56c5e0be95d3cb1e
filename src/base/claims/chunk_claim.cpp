#include "base/claims/chunk_claim.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/json/json_read.hpp"
#include "malet/error.hpp"
#include "malet/value.hpp"

namespace malet::base {

namespace {

using State = ChunkClaim::State;

constexpr std::array<std::string_view, 3> state_names{"held", "open", "done"};  // by State

std::optional<State> state_named(std::string_view name) {
  const auto found = std::find(state_names.begin(), state_names.end(), name);
  if (found == state_names.end()) return std::nullopt;
  return static_cast<State>(found - state_names.begin());
}

std::vector<std::string> texts_of(const Value* list) {
  std::vector<std::string> texts;
  if (list == nullptr || !list->is_list()) return texts;
  for (const Value& text : list->list()) {
    if (text.is_text() && !text.text().empty()) texts.push_back(text.text());
  }
  return texts;
}

std::optional<ChunkClaim> claim_in(const Value& fields) {
  const auto state = state_named(text_field(fields, "state"));
  const Value* failed = fields.find("failed");
  ChunkClaim claim;
  claim.token = text_field(fields, "token");
  claim.jobs = texts_of(fields.find("jobs"));
  if (!state || claim.token.empty() || claim.jobs.empty()) return std::nullopt;
  claim.state = *state;
  if (failed != nullptr && failed->is_integer() && failed->integer() > 0) {
    claim.failed = static_cast<std::uint64_t>(failed->integer());
  }
  return claim;
}

}  // namespace

std::string claim_text(const ChunkClaim& claim) {
  Value::List jobs(claim.jobs.begin(), claim.jobs.end());
  Value::Map fields{{"state", state_names.at(static_cast<std::size_t>(claim.state))},
                    {"jobs", std::move(jobs)},
                    {"token", claim.token}};
  if (claim.state == State::done) fields.emplace_back("failed", claim.failed);
  return to_json(Value(std::move(fields))) + "\n";
}

std::optional<ChunkClaim> parse_claim(std::string_view text) {
  try {
    return claim_in(read_json(text));
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace malet::base
