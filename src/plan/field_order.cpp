#include "plan/field_order.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <unordered_set>
#include <utility>

namespace malet::plan {

namespace {

using base::yaml::fail_at;
using base::yaml::Node;
using NameSet = std::unordered_set<std::string_view>;

std::size_t order_line(const Node& root) {
  const auto found = std::find_if(root.keys.begin(), root.keys.end(),
                                  [](const auto& key) { return key.first == "grid_fields"; });
  return found->second;
}

/// The names that `grid_fields` lists, each a field of the grid, none twice.
std::vector<std::string> listed_names(const Node& order, std::size_t line,
                                      const std::vector<std::string>& fields,
                                      std::string_view file) {
  if (order.kind != Node::Kind::list) {
    fail_at(file, line, "'grid_fields' must be a list of field names");
  }
  const NameSet known(fields.begin(), fields.end());
  std::vector<std::string> names;
  NameSet seen;
  for (const Node& item : order.items) {
    if (item.kind != Node::Kind::scalar) {
      fail_at(file, item.line, "'grid_fields' must list names only");
    }
    if (known.count(item.text) == 0) {
      fail_at(
          file, item.line,
          fmt::format("'grid_fields' names '{}', which is no field of the grid: its fields are {}",
                      item.text, fmt::join(fields, ", ")));
    }
    if (!seen.insert(item.text).second) {
      fail_at(file, item.line,
              fmt::format("'grid_fields' names '{}' twice: remove one", item.text));
    }
    names.push_back(item.text);
  }
  return names;
}

}  // namespace

std::vector<std::string> ordered_fields(const Node& root, std::vector<std::string> fields,
                                        std::string_view file) {
  const Node* order = root.find("grid_fields");
  if (order == nullptr || (order->kind == Node::Kind::scalar && order->scalar.is_null())) {
    return fields;
  }
  const std::size_t line = order_line(root);
  std::vector<std::string> names = listed_names(*order, line, fields, file);
  const NameSet listed(names.begin(), names.end());
  for (const std::string& field : fields) {
    if (listed.count(field) > 0) continue;
    fail_at(file, line,
            fmt::format("'grid_fields' lacks the grid's field '{}': add it, all or none are needed",
                        field));
  }
  return names;
}

}  // namespace malet::plan
