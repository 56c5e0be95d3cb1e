#include "base/yaml/yaml.hpp"

#include <fmt/format.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <new>
#include <sstream>

#include "base/text/python_text.hpp"
#include "base/text/text_parts.hpp"
#include "base/yaml/yaml_builder.hpp"
#include "malet/error.hpp"

// Built from yaml-cpp's events instead of its nodes: nodes lose duplicate keys, the difference
// between plain and quoted text and the place of each value, and do not know merge keys.
namespace malet::base::yaml {

namespace {

constexpr std::size_t max_bytes = std::size_t{64} << 20;

/// Refuses bytes that yaml-cpp would silently misread: it ends a text at byte 4 and replaces bad
/// UTF-8.
void check_bytes(std::string_view text, std::string_view name) {
  std::size_t line = 1;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = utf8_length(text, i);
    if (length == 0) fail_at(name, line, "the text is not valid UTF-8: save the file as UTF-8");
    if (is_control(text[i]) && std::string_view("\t\n\r").find(text[i]) == std::string_view::npos) {
      fail_at(name, line, "the text holds a control character, byte {:#04x}: remove it",
              static_cast<unsigned char>(text[i]));
    }
    if (text[i] == '\n') ++line;
    i += length;
  }
}

Node build(std::string_view text, std::string_view name, Schema schema) {
  std::istringstream stream{std::string(text)};
  YAML::Parser parser(stream);
  Builder builder(text, name, schema);
  while (parser.HandleNextDocument(builder)) {
  }
  return builder.take_root();
}

}  // namespace

const Node* Node::find(std::string_view key) const {
  const auto found =
      std::find_if(keys.begin(), keys.end(), [&](const auto& entry) { return entry.first == key; });
  return found == keys.end() ? nullptr : &items[static_cast<std::size_t>(found - keys.begin())];
}

Node parse(std::string_view text, std::string_view name, Schema schema) {
  if (text.size() > max_bytes) {
    fail_at(name, 1, "the text is larger than {} MiB", max_bytes >> 20);
  }
  check_bytes(text, name);
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text.substr(0, 3) == byte_order_mark) text.remove_prefix(3);
  try {
    return build(text, name, schema);
  } catch (const YAML::Exception& error) {
    fail_at(name, line_of(error.mark),
            "this is no valid YAML ({}): look for a missing quote, bracket, colon or "
            "blank here or in the lines above",
            error.msg);
  } catch (const std::bad_alloc&) {
    fail_at(name, 1, "the text needs more memory than there is");
  }
}

Value to_value(const Node& node) {
  if (node.kind == Node::Kind::scalar) return node.scalar;
  if (node.kind == Node::Kind::list) {
    Value::List list;
    list.reserve(node.items.size());
    for (const Node& item : node.items) list.push_back(to_value(item));
    return list;
  }
  Value::Map map;
  map.reserve(node.items.size());
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    map.emplace_back(node.keys[i].first, to_value(node.items[i]));
  }
  return map;
}

}  // namespace malet::base::yaml
