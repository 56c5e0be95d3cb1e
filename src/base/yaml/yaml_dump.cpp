#include <algorithm>
#include <cmath>

#include "base/text/number_text.hpp"
#include "base/yaml/yaml.hpp"
#include "base/yaml/yaml_text.hpp"

// Block style as PyYAML's dump writes it: maps are indented by two, lists inside maps are not,
// empty ones are in flow style, and keys that are long or hold line breaks stand behind a question
// mark.
namespace malet::base::yaml {

namespace {

constexpr std::size_t step = 2;

std::string real_text(double value) {
  if (std::isnan(value)) return ".nan";
  if (std::isinf(value)) return value < 0 ? "-.inf" : ".inf";
  std::string text;
  append_real(text, value);
  // YAML 1.1 takes 1e+20 for text: a real needs its point.
  const std::size_t exponent = text.find('e');
  if (exponent != std::string::npos && text.find('.') == std::string::npos) {
    text.insert(exponent, ".0");
  }
  return text;
}

/// The text of a value that is no text, list or map.
std::string scalar_text(const Value& value) {
  if (value.is_null()) return "null";
  if (value.is_boolean()) return value.boolean() ? "true" : "false";
  return value.is_integer() ? std::to_string(value.integer()) : real_text(value.real());
}

std::vector<const Value::Map::value_type*> sorted_fields(const Value::Map& map) {
  std::vector<const Value::Map::value_type*> fields;
  fields.reserve(map.size());
  for (const auto& field : map) fields.push_back(&field);
  std::stable_sort(fields.begin(), fields.end(),
                   [](const auto* a, const auto* b) { return a->first < b->first; });
  return fields;
}

class Dumper {
 public:
  std::string dump(const Value::Map& map) {
    if (map.empty()) return "{}\n";
    write_map(map, 0);
    return writer_.take() + "\n";
  }

 private:
  /// `indent` is that of the map or list around the value.
  void write(const Value& value, std::size_t indent, bool in_map) {
    if (value.is_list()) {
      write_list(value.list(), indent, in_map);
    } else if (value.is_map() && value.map().empty()) {
      writer_.indicator("{}", true);
    } else if (value.is_map()) {
      write_map(value.map(), indent + step);
    } else if (value.is_text()) {
      write_text(decode(value.text()), indent);
    } else {
      writer_.word(scalar_text(value));
    }
  }

  void write_text(const std::u32string& text, std::size_t indent) {
    writer_.text(text, choose_style(text), indent + step, true);
  }

  void write_list(const Value::List& items, std::size_t indent, bool in_map) {
    if (items.empty()) return writer_.indicator("[]", true);
    if (!in_map || writer_.at_level_start()) indent += step;
    for (const Value& item : items) {
      writer_.indent_to(indent);
      writer_.indicator("-", true, true);
      write(item, indent, false);
    }
  }

  void write_map(const Value::Map& map, std::size_t indent) {
    for (const auto* field : sorted_fields(map)) {
      writer_.indent_to(indent);
      write_key(decode(field->first), indent);
      write(field->second, indent, true);
    }
  }

  void write_key(const std::u32string& key, std::size_t indent) {
    if (is_simple_key(key)) {
      writer_.text(key, choose_style(key), indent + step, false);
      writer_.indicator(":", false);
      return;
    }
    writer_.indicator("?", true, true);
    write_text(key, indent);
    writer_.indent_to(indent);
    writer_.indicator(":", true, true);
  }

  TextWriter writer_;
};

}  // namespace

std::string dump(const Value::Map& map) {
  return Dumper().dump(map);
}

}  // namespace malet::base::yaml
