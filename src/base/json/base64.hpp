#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace malet::base {

/// Appends bytes as base64 (RFC 4648, with padding).
void append_base64(std::string& out, std::string_view bytes);

/// The bytes of a base64 text; nothing for any other text.
[[nodiscard]] std::optional<std::string> decode_base64(std::string_view text);

}  // namespace malet::base
