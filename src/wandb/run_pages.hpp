#pragma once

#include <cstddef>
#include <set>
#include <string>

#include "malet/value.hpp"
#include "wandb/asked.hpp"

namespace malet::wandb {

/// The pages of a sweep's runs: says what to ask for next, and when the last one has come.
class RunPages {
 public:
  /// Whether there is a page to be asked for.
  [[nodiscard]] bool more() const { return more_; }
  /// What to ask for it with; empty for the first one.
  [[nodiscard]] const std::string& cursor() const { return cursor_; }
  /// How many runs there are by what the server says; 0 where it does not.
  [[nodiscard]] std::size_t total() const { return total_; }

  /// Takes the answer's data; gives the nodes of the page's runs. Throws as Asked::fail where there
  /// is no such project, and for pages that lead in a circle, on to nowhere or past a run twice.
  [[nodiscard]] Value::List take(const Value& data, const Asked& asked);

 private:
  void turn(const Value& page_info, bool empty, const Asked& asked);

  bool more_ = true;
  std::string cursor_;
  std::size_t total_ = 0;
  std::set<std::string> cursors_;
  std::set<std::string> runs_;
};

}  // namespace malet::wandb
