#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace malet::base {

/// Appends a real as Python's repr writes it: the shortest digits that read back the same, `1.0`,
/// `0.0001`, `1e-05`, `1e+16`, `inf`, `-inf`, `nan`.
void append_real(std::string& out, double value);

/// Appends an integral real without exponent and point: 1e+20 -> 100000000000000000000, -0.0 -> 0.
void append_integral(std::string& out, double value);

/// The value of a decimal number such as `-12.5e-3`, `1.`, `.5`, `+3`; as in Python, infinite when
/// too large and zero when too small. The text must be such a number.
[[nodiscard]] double read_decimal(std::string_view text);

/// A number of bytes for people: `512 MiB`, `1.5 GiB`, `900 B`.
[[nodiscard]] std::string bytes_text(std::uint64_t bytes);

/// The bytes of a size such as `512M`, `2G`, `1.5GiB`, `64 kb`, `1000000`. Letters mean powers of
/// 1024, with or without B or iB. Nothing for any other text, for zero, and beyond 64 bits.
[[nodiscard]] std::optional<std::uint64_t> parse_bytes(std::string_view text);

}  // namespace malet::base
