#pragma once

#include <yaml-cpp/anchor.h>
#include <yaml-cpp/emitterstyle.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/mark.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/yaml/yaml.hpp"

namespace malet::base::yaml {

/// How deep lists and maps may be nested.
constexpr std::size_t max_depth = 64;

/// The line of a mark, from 1.
[[nodiscard]] std::size_t line_of(const YAML::Mark& mark);

/// Builds the node of one document from yaml-cpp's events and keeps the limits that parse()
/// promises. All its exceptions are malet::Error.
class Builder : public YAML::EventHandler {
 public:
  /// What a copy of a node costs.
  struct Size {
    std::size_t nodes = 1;
    std::size_t bytes = 0;
    std::size_t depth = 0;
  };

  /// `text` is the parsed text without a byte order mark; both views must outlive the builder.
  Builder(std::string_view text, std::string_view name, Schema schema)
      : text_(text), name_(name), schema_(schema) {}

  /// The document after its last event; an empty map for an empty document.
  [[nodiscard]] Node take_root();

  void OnDocumentStart(const YAML::Mark& mark) override;
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override;
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override;
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override;
  void OnMapEnd() override { close(); }

 private:
  /// A list or map without its end so far.
  struct Open {
    Node node;
    YAML::anchor_t anchor = 0;
    bool has_key = false;  // of a map: its value comes next
    bool merges = false;   // of a map: the key is a merge key
    std::vector<Node> merged;
  };
  /// A node that aliases may name.
  struct Anchored {
    Node node;
    Size size;
    bool complete = false;
  };

  [[nodiscard]] std::string text_of(const YAML::Mark& mark, const std::string& value) const;
  [[nodiscard]] bool wants_key() const;
  void open(Node::Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor);
  void close();
  void add(Node node, YAML::anchor_t anchor);
  void add_key(const Node& node);
  void merge_into(Open& map);
  void remember(YAML::anchor_t anchor, const Node& node);
  void charge_copy(const Size& size, std::size_t line);
  [[nodiscard]] Value resolve(const Node& scalar, const std::string& tag) const;

  std::string_view text_;
  std::string_view name_;
  Schema schema_;
  std::vector<Open> open_;
  std::vector<Anchored> anchors_;
  Node root_;
  std::size_t documents_ = 0;
  std::size_t nodes_ = 0;
  std::size_t copied_nodes_ = 0;
  std::size_t copied_bytes_ = 0;
};

}  // namespace malet::base::yaml
