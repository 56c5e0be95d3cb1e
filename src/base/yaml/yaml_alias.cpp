#include <algorithm>
#include <string>
#include <unordered_map>
#include <utility>

#include "base/yaml/yaml_builder.hpp"

// Expands an alias by copying the node that it names. Counts the nodes and bytes of each copy
// before making it, so that a few lines of aliases to aliases cannot fill the memory.
namespace malet::base::yaml {

namespace {

constexpr std::size_t max_copied_nodes = 1'000'000;
constexpr std::size_t max_copied_bytes = std::size_t{64} << 20;

using Size = Builder::Size;

Size measure(const Node& node) {
  Size size;
  size.bytes = node.text.size();
  for (const auto& [name, line] : node.keys) size.bytes += name.size();
  for (const Node& item : node.items) {
    const Size inner = measure(item);
    size.nodes += inner.nodes;
    size.bytes += inner.bytes;
    size.depth = std::max(size.depth, inner.depth);
  }
  if (node.kind != Node::Kind::scalar) ++size.depth;
  return size;
}

/// A map under construction from merged ones: later fields replace earlier ones in their place.
class Merge {
 public:
  explicit Merge(Node& map) : map_(map) {}

  void add(std::pair<std::string, std::size_t> key, Node value) {
    const auto [there, is_new] = places_.try_emplace(key.first, map_.items.size());
    if (is_new) {
      map_.keys.push_back(std::move(key));
      map_.items.push_back(std::move(value));
    } else {
      map_.keys[there->second] = std::move(key);
      map_.items[there->second] = std::move(value);
    }
  }

  void add_all(Node& fields) {
    for (std::size_t i = 0; i < fields.items.size(); ++i) {
      add(std::move(fields.keys[i]), std::move(fields.items[i]));
    }
  }

 private:
  Node& map_;
  std::unordered_map<std::string, std::size_t> places_;
};

void check_distinct(const Node& map, std::string_view name) {
  std::unordered_map<std::string_view, std::size_t> lines;
  for (const auto& [key, line] : map.keys) {
    const auto [there, is_new] = lines.try_emplace(key, line);
    if (is_new) continue;
    fail_at(name, line,
            "field '{:.60}' stands here a second time, the first is in line {}: remove "
            "one of them",
            key, there->second);
  }
}

/// The maps that a merge key names, in the order in which later ones replace earlier ones.
std::vector<Node*> merged_maps(Node& merged, std::string_view name) {
  std::vector<Node*> maps;
  if (merged.kind == Node::Kind::list) {
    for (Node& item : merged.items) maps.push_back(&item);
    std::reverse(maps.begin(), maps.end());
  } else {
    maps.push_back(&merged);
  }
  for (const Node* map : maps) {
    if (map->kind == Node::Kind::map) continue;
    fail_at(name, map->line, "the merge key << needs a map, or a list of maps: << : *name");
  }
  return maps;
}

}  // namespace

void Builder::merge_into(Open& map) {
  check_distinct(map.node, name_);
  if (map.merged.empty()) return;
  Node result;
  result.kind = Node::Kind::map;
  result.line = map.node.line;
  Merge merge(result);
  for (Node* fields : merged_maps(map.merged.front(), name_)) merge.add_all(*fields);
  merge.add_all(map.node);
  map.node = std::move(result);
}

void Builder::remember(YAML::anchor_t anchor, const Node& node) {
  const Size size = measure(node);
  charge_copy(size, node.line);
  anchors_.resize(std::max(anchors_.size(), anchor + 1));
  anchors_[anchor] = {node, size, true};
}

void Builder::charge_copy(const Size& size, std::size_t line) {
  copied_nodes_ += size.nodes;
  copied_bytes_ += size.bytes;
  if (copied_nodes_ <= max_copied_nodes && copied_bytes_ <= max_copied_bytes) return;
  fail_at(name_, line,
          "anchors and aliases stand for more than {} values or {} MiB of text: write "
          "fewer of them",
          max_copied_nodes, max_copied_bytes >> 20);
}

void Builder::OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) {
  const std::size_t line = line_of(mark);
  if (anchor >= anchors_.size() || !anchors_[anchor].complete) {
    fail_at(name_, line, "an alias stands inside of what it names: remove it");
  }
  const Anchored& anchored = anchors_[anchor];
  if (open_.size() + anchored.size.depth > max_depth) {
    fail_at(name_, line, "lists and maps are nested deeper than {} levels", max_depth);
  }
  charge_copy(anchored.size, line);
  nodes_ += anchored.size.nodes - 1;
  add(anchored.node, 0);
}

}  // namespace malet::base::yaml
