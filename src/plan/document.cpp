#include "plan/document.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "base/text/text_parts.hpp"
#include "base/yaml/yaml.hpp"
#include "plan/list_expression.hpp"

namespace malet::plan {

namespace {

using base::yaml::fail_at;
using base::yaml::Node;
using base::yaml::to_value;
using NameSet = std::unordered_set<std::string_view>;

constexpr std::size_t max_fields = 10'000;
constexpr std::array<std::string_view, 5> log_columns{"id", "datetime", "duration", "commit_hash",
                                                      "status"};

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
      fail_at(file, item.line,
              "'grid_fields' names '{}', which is no field of the grid: its fields are {}",
              item.text, fmt::join(fields, ", "));
    }
    if (!seen.insert(item.text).second) {
      fail_at(file, item.line, "'grid_fields' names '{}' twice: remove one", item.text);
    }
    names.push_back(item.text);
  }
  return names;
}

/// The grid's fields in the order that `grid_fields` asks for, or as they are without one. Throws
/// when it does not name each field once.
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
    fail_at(file, line, "'grid_fields' lacks the grid's field '{}': add it, all or none are needed",
            field);
  }
  return names;
}

class Reader {
 public:
  Reader(const Node& root, std::string_view file) : root_(root), file_(file) {}

  Document read() {
    if (root_.kind != Node::Kind::map) {
      fail(root_.line, "the file must hold a map of fields, such as 'model: cnn'");
    }
    if (root_.items.empty()) {
      fail(root_.line, "the file says nothing: write fields, such as 'model: cnn', and a 'grid'");
    }
    for (std::size_t i = 0; i < root_.items.size(); ++i) top_level(root_.keys[i], root_.items[i]);
    if (document_.sub_grids.empty()) document_.sub_grids.emplace_back();
    order_fields();
    return std::move(document_);
  }

 private:
  using Key = std::pair<std::string, std::size_t>;  // a field's name and line

  template <typename... Args>
  [[noreturn]] void fail(std::size_t line, fmt::format_string<Args...> sentence,
                         Args&&... args) const {
    base::yaml::fail_at(file_, line, sentence, std::forward<Args>(args)...);
  }

  void top_level(const Key& key, const Node& node) {
    if (key.first == "grid") {
      document_.grid_line = key.second;
      grid(key, node);
    } else if (key.first != "grid_fields") {
      if (key.first != "id") check_column(key);  // a log's number column takes no part in fields
      document_.static_configs.emplace_back(key.first, to_value(node));
    }
  }

  void grid(const Key& key, const Node& node) {
    if (node.kind == Node::Kind::scalar) {
      if (node.scalar.is_null()) return;
      fail(key.second, "'grid' must be a map of fields, or a list of such maps");
    }
    if (node.kind == Node::Kind::map) {
      if (!node.items.empty()) sub_grid(node);
      return;
    }
    if (node.items.empty()) {
      fail(key.second, "'grid' is an empty list: give it a map, or leave it out");
    }
    for (const Node& item : node.items) {
      if (item.kind != Node::Kind::map || item.items.empty()) {
        fail(item.line, "every item of 'grid' must be a map with at least one field");
      }
      sub_grid(item);
    }
  }

  void sub_grid(const Node& node) {
    fields_here_.clear();
    SubGridText groups;
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      if (node.keys[i].first == "group") {
        add_groups(groups, node.keys[i], node.items[i]);
      } else {
        groups.push_back({plain_field(node.keys[i], node.items[i])});
      }
    }
    document_.sub_grids.push_back(std::move(groups));
    document_.grid.push_back(to_value(node));
  }

  void add_groups(SubGridText& groups, const Key& key, const Node& node) {
    const bool is_list = node.kind == Node::Kind::list;
    if (!is_list) return groups.push_back(group(key.second, node));
    if (node.items.empty()) {
      fail(key.second, "'group' is an empty list: give it a map of fields, or remove it");
    }
    for (const Node& item : node.items) groups.push_back(group(item.line, item));
  }

  Group group(std::size_t line, const Node& node) {
    if (node.kind != Node::Kind::map || node.items.empty()) {
      fail(line, "'group' must be a map with at least one field, or a list of such maps");
    }
    Group fields;
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      fields.push_back(grouped_field(node.keys[i], node.items[i]));
    }
    check_lengths(line, fields);
    return fields;
  }

  void check_lengths(std::size_t line, const Group& fields) const {
    const std::size_t length = fields.front().rows.size();
    const auto other = std::find_if(fields.begin(), fields.end(), [&](const FieldRows& field) {
      return field.rows.size() != length;
    });
    if (other == fields.end()) return;
    fail(line,
         "the fields of a group need equally many rows, and '{}' has {} where '{}' has {}: add or "
         "remove rows",
         fields.front().name, length, other->name, other->rows.size());
  }

  FieldRows plain_field(const Key& key, const Node& node) {
    check_name(key);
    Value value = checked_value(key, node);
    if (!value.is_list()) return {key.first, {{std::move(value)}}};
    return {key.first, {std::move(value.list())}};
  }

  FieldRows grouped_field(const Key& key, const Node& node) {
    check_name(key);
    FieldRows field{key.first, {}};
    Value value = checked_value(key, node);
    if (!value.is_list()) {
      field.rows.push_back({std::move(value)});
      return field;
    }
    for (Value& row : value.list()) {
      if (!row.is_list()) {
        field.rows.push_back({std::move(row)});
      } else if (row.list().empty()) {
        fail(key.second, "field '{}' has an empty list as a row: give it values", key.first);
      } else {
        field.rows.push_back(std::move(row.list()));
      }
    }
    return field;
  }

  /// No cell can hold a NUL: it would be stored as another text, and its config never be found.
  void check_text(const Key& key, const Node& node) const {
    if (node.text.find('\0') != std::string::npos) {
      fail(node.line,
           "field '{}' of the grid has a text with a NUL, which no log can hold: remove it",
           key.first);
    }
    for (const Node& item : node.items) check_text(key, item);
  }

  /// A scalar or a list with values.
  [[nodiscard]] Value checked_value(const Key& key, const Node& node) const {
    const auto& [name, line] = key;
    check_text(key, node);
    Value value = to_value(node);
    if (value.is_map()) {
      fail(line, "field '{}' of the grid is a map: list its values, [...], even a single one",
           name);
    }
    const bool is_blank = value.is_null() && node.text.empty();
    if (is_blank || (value.is_list() && value.list().empty())) {
      fail(line, "field '{}' of the grid has no values: give it some, or remove it", name);
    }
    return value;
  }

  /// A name that a column of every log has cannot be a field's.
  void check_column(const Key& key) const {
    const auto& [name, line] = key;
    if (std::find(log_columns.begin(), log_columns.end(), name) == log_columns.end()) return;
    fail(line, "field '{}' has the name of a column that every log has: rename it", name);
  }

  void check_name(const Key& key) {
    const auto& [name, line] = key;
    check_column(key);
    if (const std::string_view flaw = base::name_flaw(name); !flaw.empty()) {
      fail(line, "the field {} of the grid cannot be a log's column, as its name {}: rename it",
           base::quoted_name(name), flaw);
    }
    if (!fields_here_.insert(name).second) {
      fail(line, "field '{}' stands twice in this grid, in a group and outside of it: keep one",
           name);
    }
    if (lines_.try_emplace(name, line).second) document_.grid_fields.push_back(name);
    if (lines_.size() > max_fields) fail(line, "the grid has more than {} fields", max_fields);
  }

  void order_fields() {
    check_overlap();
    document_.grid_fields = ordered_fields(root_, std::move(document_.grid_fields), file_);
  }

  void check_overlap() const {
    for (const auto& [name, value] : document_.static_configs) {
      const auto found = lines_.find(name);
      if (found == lines_.end()) continue;
      fail(found->second,
           "field '{}' stands in the grid and outside of it as a static config: remove one of them",
           name);
    }
  }

  const Node& root_;
  std::string_view file_;
  Document document_;
  std::unordered_map<std::string, std::size_t> lines_;  // where each grid field first stands
  std::unordered_set<std::string_view> fields_here_;    // of the sub-grid being read
};

}  // namespace

Document parse_document(std::string_view yaml, std::string_view name) {
  ListExpressions lists(yaml, name);
  Node root = base::yaml::parse(lists.text(), name, base::yaml::Schema::core);
  lists.substitute(root);
  return Reader(root, name).read();
}

}  // namespace malet::plan
