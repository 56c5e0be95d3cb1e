#include "cli/rows/json_rows.hpp"

#include <fmt/format.h>

#include <utility>

namespace malet::cli {

JsonRows::JsonRows(const Value::Map& head, std::string_view list_name, Sink sink)
    : sink_(std::move(sink)) {
  std::string text = to_json(head, 2);
  text.pop_back();  // the closing brace, and the line break before it
  if (text.back() == '\n') text.pop_back();
  sink_(fmt::format("{}{}\n  {}: [", text, head.empty() ? "" : ",", to_json(Value(list_name))));
}

bool JsonRows::add(const Value& item) {
  const std::string separator = empty_ ? "\n    " : ",\n    ";
  empty_ = false;
  return sink_(separator + to_json(item));
}

void JsonRows::finish() {
  sink_(empty_ ? "]\n}\n" : "\n  ]\n}\n");
}

}  // namespace malet::cli
