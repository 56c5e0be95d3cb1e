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
/// promises. Whatever it throws is a malet::Error.
class Builder : public YAML::EventHandler {
 public:
  /// `text` is what is parsed, without a byte order mark; both views must outlive the builder.
  Builder(std::string_view text, std::string_view name, Schema schema)
      : text_(text), name_(name), schema_(schema) {}

  /// The document, once its events are over; an empty map when there was nothing in it.
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
  /// A list or map whose end has not come yet.
  struct Open {
    Node node;
    YAML::anchor_t anchor = 0;
    bool has_key = false;  // of a map: its value comes next
    bool merges = false;   // of a map: the key is a merge key
    std::vector<Node> merged;
  };
  /// What aliases stand for, with its cost.
  struct Anchored {
    Node node;
    std::size_t nodes = 0;
    std::size_t bytes = 0;
    std::size_t depth = 0;
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
  void charge_copy(const Anchored& anchored, std::size_t line);
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
