#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text/reject.hpp"
#include "base/text/text_parts.hpp"
#include "malet/value.hpp"

/// YAML text to values and back. The only place that knows yaml-cpp.
namespace malet::base::yaml {

/// How plain scalars get their type.
enum class Schema {
  core,    ///< for users' files: YAML 1.2 core plus yes/no/on/off. `1e-4` is a number, 010 is ten.
  pyyaml,  ///< for the header of a log: YAML 1.1 as PyYAML's safe loader reads it.
};

/// A parsed node with its place in the text.
struct Node {
  enum class Kind { scalar, list, map };
  Kind kind = Kind::scalar;
  Value scalar;             // of a scalar
  bool plain = false;       // of a scalar: written without quotes
  std::string text;         // of a scalar: as written, quotes resolved
  std::vector<Node> items;  // of a list; of a map: the values
  std::vector<std::pair<std::string, std::size_t>> keys;  // of a map: name and line of each key
  std::size_t line = 0;                                   // from 1

  /// The value of a map's key, or nullptr.
  [[nodiscard]] const Node* find(std::string_view key) const;
};

/// Parses one document; an empty one is an empty map. Merges merge keys and expands aliases.
///
/// Throws Error(bad_input) "name:line: what is wrong and what to do" for text that does not parse,
/// a second document, duplicate keys, keys that are no scalars, integers beyond 64 bits, unknown
/// tags (schema core), more than 64 levels, control characters or bad UTF-8, a text over 64 MiB,
/// more than 10^7 nodes, or anchors and aliases that copy more than 10^6 nodes or 64 MiB (alias
/// bombs).
[[nodiscard]] Node parse(std::string_view text, std::string_view name, Schema schema);

/// The value of a node; maps in the order of the text.
[[nodiscard]] Value to_value(const Node& node);

/// Throws Error(bad_input) `name:line: sentence`, with the sentence on one line.
template <typename... Args>
[[noreturn]] void fail_at(std::string_view name, std::size_t line,
                          fmt::format_string<Args...> sentence, Args&&... args) {
  const std::string text = fmt::format(sentence, std::forward<Args>(args)...);
  reject("{}:{}: {}", name, line, excerpt(text, 1000));
}

/// A map as PyYAML's `yaml.dump(map)` writes it: block style, keys sorted, lines folded at 80,
/// ASCII only, ends with a line break. An empty map is `{}`.
[[nodiscard]] std::string dump(const Value::Map& map);

}  // namespace malet::base::yaml
