#include "base/field_name.hpp"

namespace malet::base {

std::string_view name_flaw(std::string_view name) {
  if (name.empty()) return "is empty";
  if (name.front() == ' ' || name.back() == ' ') return "begins or ends with a blank";
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F) return "holds a tab, a line break or a control character";
    if (c == '"') return "holds a quote";
  }
  return {};
}

}  // namespace malet::base
