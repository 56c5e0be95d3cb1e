#include "base/files/checksum.hpp"

#include <zlib.h>

namespace malet::base {

std::uint32_t checksum(std::string_view text, std::uint32_t before) {
  const auto* bytes = reinterpret_cast<const Bytef*>(text.data());
  return static_cast<std::uint32_t>(::crc32_z(before, bytes, text.size()));
}

}  // namespace malet::base
