#include "base/yaml/yaml_builder.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/yaml/yaml_scalar.hpp"

namespace malet::base::yaml {

namespace {

constexpr std::size_t max_nodes = 10'000'000;
constexpr std::string_view yaml_tag = "tag:yaml.org,2002:";

/// The word for null at a position of the text; empty when null is written as nothing.
std::string_view null_word_at(std::string_view text, int position) {
  if (position < 0 || static_cast<std::size_t>(position) >= text.size()) return {};
  const std::string_view rest = text.substr(static_cast<std::size_t>(position));
  for (const std::string_view word : {"~", "null", "Null", "NULL"}) {
    if (rest.substr(0, word.size()) == word) return rest.substr(0, word.size());
  }
  return {};
}

/// The start of the scalar whose tag and anchor stand at `position`.
std::size_t skip_properties(std::string_view text, std::size_t position) {
  while (position < text.size() && (text[position] == '&' || text[position] == '!')) {
    position = std::min(text.find_first_of(" \t\r\n", position), text.size());
    position = std::min(text.find_first_not_of(" \t\r\n", position), text.size());
    while (position < text.size() && text[position] == '#') {
      position = std::min(text.find('\n', position), text.size());
      position = std::min(text.find_first_not_of(" \t\r\n", position), text.size());
    }
  }
  return position;
}

/// Restores the line breaks at the end of a folded block that keeps them (`>+`): yaml-cpp loses
/// one.
void restore_breaks(std::string& value, std::string_view block) {
  const std::size_t content = value.find_last_not_of('\n');
  const auto breaks = kept_breaks(block);
  if (content == std::string::npos || !breaks) return;
  value.resize(content + 1);
  value.append(*breaks, '\n');
}

}  // namespace

std::size_t line_of(const YAML::Mark& mark) {
  return mark.line < 0 ? 1 : static_cast<std::size_t>(mark.line) + 1;
}

Node Builder::take_root() {
  const bool blank = documents_ == 0 || (root_.kind == Node::Kind::scalar && root_.plain &&
                                         root_.scalar.is_null() && root_.text.empty());
  if (!blank) return std::move(root_);
  Node empty;
  empty.kind = Node::Kind::map;
  empty.line = 1;
  return empty;
}

void Builder::OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                              YAML::EmitterStyle::value) {
  open(Node::Kind::list, mark, tag, anchor);
}

void Builder::OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) {
  open(Node::Kind::map, mark, tag, anchor);
}

void Builder::OnDocumentStart(const YAML::Mark& mark) {
  if (++documents_ == 1) return;
  fail_at(name_, line_of(mark),
          "the document ends before this line, and only one is allowed: remove the line '---', or "
          "indent what follows so that it belongs to the document");
}

void Builder::OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) {
  Node node;
  node.plain = true;
  node.text = null_word_at(text_, mark.pos);
  node.line = line_of(mark);
  add(std::move(node), anchor);
}

/// The text of a quoted scalar or a block, which yaml-cpp may have misread.
std::string Builder::text_of(const YAML::Mark& mark, const std::string& value) const {
  if (mark.pos < 0) return value;
  const std::size_t start = skip_properties(text_, static_cast<std::size_t>(mark.pos));
  if (start >= text_.size()) return value;
  if (text_[start] == '>') {
    std::string restored = value;
    restore_breaks(restored, text_.substr(start));
    return restored;
  }
  if (text_[start] != '"' && text_[start] != '\'') return value;
  // Without a closing quote yaml-cpp takes the rest of the text.
  if (auto content = read_quoted(text_.substr(start))) return std::move(*content);
  fail_at(name_, line_of(mark), "a quote that opens here is not closed: close it");
}

void Builder::OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       const std::string& value) {
  Node node;
  node.plain = tag == "?";
  node.text = node.plain ? value : text_of(mark, value);
  node.line = line_of(mark);
  // A key is always a name; only an alias may ask for its value.
  if (!wants_key() || anchor != 0) node.scalar = resolve(node, tag);
  add(std::move(node), anchor);
}

Value Builder::resolve(const Node& scalar, const std::string& tag) const {
  const std::string& text = scalar.text;
  const bool standard = tag.compare(0, yaml_tag.size(), yaml_tag) == 0;
  const std::string type = standard ? tag.substr(yaml_tag.size()) : "";
  if (tag == "!" || type == "str") return Value(text);
  if (tag != "?" && type.empty() && schema_ == Schema::pyyaml) return Value(text);
  const auto value = resolve_plain(text, schema_);
  if (!value) {
    fail_at(name_, scalar.line,
            "the integer {:.40} does not fit into 64 bits: quote it to keep it as text", text);
  }
  if (tag == "?") return *value;
  if (type == "float" && value->is_number()) return Value(value->number());
  if ((type == "int" && value->is_integer()) || (type == "bool" && value->is_boolean()) ||
      (type == "null" && value->is_null())) {
    return *value;
  }
  if (schema_ == Schema::pyyaml) return Value(text);
  fail_at(name_, scalar.line, "the tag '{:.60}' does not fit '{:.60}': remove the tag", tag, text);
}

bool Builder::wants_key() const {
  return !open_.empty() && open_.back().node.kind == Node::Kind::map && !open_.back().has_key;
}

void Builder::open(Node::Kind kind, const YAML::Mark& mark, const std::string& tag,
                   YAML::anchor_t anchor) {
  const std::size_t line = line_of(mark);
  if (wants_key()) {
    fail_at(name_, line, "a list or a map cannot be the name of a field: quote it if it is text");
  }
  if (open_.size() >= max_depth) {
    fail_at(name_, line, "lists and maps are nested deeper than {} levels", max_depth);
  }
  const std::string_view own = kind == Node::Kind::list ? "seq" : "map";
  if (schema_ == Schema::core && tag != "?" && tag != "!" &&
      tag != fmt::format("{}{}", yaml_tag, own)) {
    fail_at(name_, line, "the tag '{:.60}' is unknown here: remove it", tag);
  }
  if (anchor != 0) anchors_.resize(std::max(anchors_.size(), anchor + 1));
  Open level;
  level.node.kind = kind;
  level.node.line = line;
  level.anchor = anchor;
  open_.push_back(std::move(level));
}

void Builder::close() {
  Open level = std::move(open_.back());
  open_.pop_back();
  if (level.node.kind == Node::Kind::map) merge_into(level);
  add(std::move(level.node), level.anchor);
}

void Builder::add(Node node, YAML::anchor_t anchor) {
  if (++nodes_ > max_nodes) {
    fail_at(name_, node.line, "the text holds more than {} values", max_nodes);
  }
  if (anchor != 0) remember(anchor, node);
  if (open_.empty()) {
    root_ = std::move(node);
  } else if (wants_key()) {
    add_key(node);
  } else if (Open& level = open_.back(); level.merges) {
    level.merged.push_back(std::move(node));
    level.has_key = level.merges = false;
  } else {
    level.node.items.push_back(std::move(node));
    level.has_key = false;
  }
}

void Builder::add_key(const Node& node) {
  Open& map = open_.back();
  if (node.kind != Node::Kind::scalar) {
    fail_at(name_, node.line, "a list or a map cannot be the name of a field");
  }
  if (node.plain && node.text.empty()) {
    fail_at(name_, node.line, "a field has no name: write one before the colon");
  }
  map.has_key = true;
  map.merges = node.plain && node.text == "<<";
  if (!map.merges) {
    map.node.keys.emplace_back(node.text, node.line);
  } else if (!map.merged.empty()) {
    fail_at(name_, node.line,
            "the merge key << stands twice in one map: give it a list of maps, << : [*a, *b]");
  }
}

}  // namespace malet::base::yaml
