#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace malet::base::yaml {

/// The content of the quoted scalar that `text` begins with: line breaks folded, escapes resolved.
/// Nothing when the quote is never closed.
[[nodiscard]] std::optional<std::string> read_quoted(std::string_view text);

/// How many line breaks stand behind the last line of the folded block that `text` begins with
/// (`>`), when it keeps them and its first line tells how deep it is indented; else nothing.
[[nodiscard]] std::optional<std::size_t> kept_breaks(std::string_view text);

}  // namespace malet::base::yaml
