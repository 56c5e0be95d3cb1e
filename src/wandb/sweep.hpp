#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include "malet/value.hpp"
#include "wandb/asked.hpp"

namespace malet::wandb {

/// Walks through the pages of a sweep's runs: keeps what to ask for next, until the last page came.
class RunPages {
 public:
  /// Whether to ask for another page.
  [[nodiscard]] bool more() const { return more_; }
  /// The cursor of that page; empty for the first one.
  [[nodiscard]] const std::string& cursor() const { return cursor_; }
  /// The number of runs by the server; 0 when it gives none.
  [[nodiscard]] std::size_t total() const { return total_; }

  /// The nodes of the page's runs in the data of an answer. Throws as Asked::fail when there is no
  /// such project, a cursor or a run comes twice, or the next page has no cursor.
  [[nodiscard]] Value::List take(const Value& data, const Asked& asked);

 private:
  void turn(const Value& page_info, bool empty, const Asked& asked);

  bool more_ = true;
  std::string cursor_;
  std::size_t total_ = 0;
  std::set<std::string> cursors_;
  std::set<std::string> runs_;
};

/// The names of the parameters that a sweep varies, from the answer to sweep_query, in the order of
/// its config: those with several values or a distribution. Names of nested ones are joined by
/// dots, as in a run's config. Throws as Asked::fail when there is no such project or sweep, or its
/// config is no YAML.
[[nodiscard]] std::vector<std::string> swept_parameters(const Value& data, const Asked& asked);

}  // namespace malet::wandb
