#include "base/text/column_name.hpp"

#include "base/text/python_text.hpp"

// The two lines of names in log.tsv are padded with blanks and know no quotes, so that a name must
// be told from its padding and from a quoted cell.
namespace malet::base {

std::string_view name_flaw(std::string_view name) {
  if (name.empty()) return "is empty";
  if (name == "id") return "is that of the column with the rows' numbers";
  if (name.front() == ' ' || name.back() == ' ') return "begins or ends with a blank";
  for (std::size_t i = 0; i < name.size();) {
    const auto byte = static_cast<unsigned char>(name[i]);
    if (byte < 0x20 || byte == 0x7F) return "holds a tab, a line break or a control character";
    if (byte == '"') return "holds a quote";
    const std::size_t length = utf8_length(name, i);
    if (length == 0) return "is not UTF-8";
    i += length;
  }
  return {};
}

std::string quoted_name(std::string_view name) {
  std::string quoted;
  append_python_string(quoted, name);
  return quoted;
}

}  // namespace malet::base
