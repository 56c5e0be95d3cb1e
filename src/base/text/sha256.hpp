#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace malet::base {

/// SHA-256 of a text (FIPS 180-4). Written here because one hash per config does not justify a
/// dependency on a crypto library.
[[nodiscard]] std::array<std::uint8_t, 32> sha256(std::string_view text);

}  // namespace malet::base
