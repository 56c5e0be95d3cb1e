#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace malet::base {

/// All of a text as a number, digits alone; nothing for anything else, or beyond 64 bits.
[[nodiscard]] std::optional<std::uint64_t> whole_number(std::string_view text);

/// Takes the first line off a text, with its line break; gives it without.
[[nodiscard]] std::string_view take_line(std::string_view& text);

}  // namespace malet::base
