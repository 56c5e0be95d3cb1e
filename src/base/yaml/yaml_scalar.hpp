#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/yaml/yaml.hpp"

namespace malet::base::yaml {

/// The value of a plain scalar under a schema: null, boolean, integer, real, or else text. Nothing
/// for an integer beyond 64 bits.
[[nodiscard]] std::optional<Value> resolve_plain(std::string_view text, Schema schema);

/// The letters of escapes in double quotes, and the characters that they stand for.
inline constexpr std::string_view escape_letters = "0abtnvfreNL_P";
inline constexpr std::u32string_view escaped_characters(
    U"\0\a\b\t\n\v\f\r\x1B\u0085\u2028\u00A0\u2029", 13);

/// The content of the quoted scalar that `text` begins with: line breaks folded, escapes resolved.
/// Nothing when the quote is never closed.
[[nodiscard]] std::optional<std::string> read_quoted(std::string_view text);

/// How many line breaks end the folded block (`>`) that `text` begins with. Nothing unless the
/// block keeps them (`>+`) and its first line shows its indentation.
[[nodiscard]] std::optional<std::size_t> kept_breaks(std::string_view text);

}  // namespace malet::base::yaml
