// For pyyaml_dump.py: reads maps as lines of Python literals and writes what dump makes of each,
// followed by a line with a single NUL. Leaves with 3 where that is read back as something else.
#include <algorithm>
#include <iostream>
#include <string>

#include "base/yaml/yaml.hpp"

namespace {

using malet::Value;

/// Maps with their fields sorted, as dump writes them.
Value sorted(Value value) {
  if (value.is_list()) {
    for (Value& item : value.list()) item = sorted(std::move(item));
  } else if (value.is_map()) {
    for (auto& [name, field] : value.map()) field = sorted(std::move(field));
    std::sort(value.map().begin(), value.map().end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
  }
  return value;
}

}  // namespace

int main() {
  std::string line;
  while (std::getline(std::cin, line)) {
    const Value value = malet::from_cell(line);
    if (!value.is_map()) {
      std::cerr << "not a map: " << line << '\n';
      return 2;
    }
    namespace yaml = malet::base::yaml;
    const std::string text = yaml::dump(value.map());
    std::cout << text << '\0' << '\n';
    const Value read = yaml::to_value(yaml::parse(text, "dumped", yaml::Schema::pyyaml));
    if (sorted(read) == sorted(value)) continue;
    std::cerr << "not read back: " << line << '\n'
              << text << "read: " << malet::to_json(read) << '\n';
    return 3;
  }
}
