#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace malet::base {

/// The number of a config over all its jobs and logs: of its fields that are not null, sorted, each
/// as `name TAB key text LF`.
[[nodiscard]] std::uint64_t run_number(std::string_view fields);

/// The run_id that a number is written as: 16 hex digits.
[[nodiscard]] std::string run_id_text(std::uint64_t number);
/// The number that a run_id stands for; nothing for a text that is none.
[[nodiscard]] std::optional<std::uint64_t> parse_run_id(std::string_view text);

}  // namespace malet::base
