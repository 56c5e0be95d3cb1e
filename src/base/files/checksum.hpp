#pragma once

#include <cstdint>
#include <string_view>

namespace malet::base {

/// CRC-32 (ISO 3309, as in gzip) of a text, or of its continuation: `before` is the checksum of
/// what stands in front.
[[nodiscard]] std::uint32_t checksum(std::string_view text, std::uint32_t before = 0);

}  // namespace malet::base
