#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace malet::base {

/// A number of bytes for people: `512 MiB`, `1.5 GiB`, `900 B`.
[[nodiscard]] std::string bytes_text(std::uint64_t bytes);

/// Reads a size: `512M`, `2G`, `1.5GiB`, `64 kb`, `1000000`. Letters mean powers of 1024, with or
/// without B or iB behind them; nothing for any other text, for zero and beyond 64 bits.
[[nodiscard]] std::optional<std::uint64_t> parse_bytes(std::string_view text);

}  // namespace malet::base
