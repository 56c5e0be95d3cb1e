#include "record/log/repeated_rows.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <map>
#include <optional>
#include <unordered_map>
#include <vector>

#include "base/text/reject.hpp"
#include "base/text/time_text.hpp"
#include "malet/experiment_log.hpp"
#include "record/log/log_access.hpp"
#include "record/table/cells.hpp"
#include "record/table/key_index.hpp"
#include "record/table/key_text.hpp"

// One pass over the rows, as the index is built, finds which repeat a config and settles what their
// statuses settle. What is left is decided at the end, so that nobody is asked about two failed
// rows when a complete one comes behind them.
namespace malet::record {

namespace {

/// Whether two rows of one config are equal in every value.
bool are_equal(const Table& table, std::uint32_t one, std::uint32_t other) {
  if (table.line(one) == table.line(other)) return true;
  std::vector<std::string_view> cells[2];
  std::string scratch[2];
  table.split(one, cells[0], scratch[0]);
  table.split(other, cells[1], scratch[1]);
  std::string keys[2];
  for (std::size_t i = table.grid_fields().size(); i < cells[0].size(); ++i) {
    if (cells[0][i] == cells[1][i]) continue;
    if (cell_key(cells[0][i], keys[0]) != cell_key(cells[1][i], keys[1])) return false;
  }
  return true;
}

/// The config of a row, as part of a sentence: `lr=0.1, seed=1`.
std::string config_text(const Table& table, std::uint32_t row) {
  std::string text;
  for (std::size_t i = 0; i < table.grid_fields().size(); ++i) {
    text += fmt::format("{}{}={}", i == 0 ? "" : ", ", table.grid_fields()[i], table.cell(row, i));
  }
  return text.empty() ? "without grid fields" : text;
}

bool is_newer(const Table& table, std::uint32_t one, std::uint32_t other) {
  const auto column = table.column("datetime");
  if (!column) return true;
  const auto time = [&](std::uint32_t row) {
    return base::parse_datetime(table.cell(row, *column)).value_or(base::Micros::min());
  };
  return time(one) >= time(other);
}

class RepeatedRows {
 public:
  RepeatedRows(Table& table, const RowRule& rule, std::string_view where)
      : table_(table), rule_(rule), where_(where) {}

  std::size_t fold() {
    const KeyIndex index(table_, [this](std::uint32_t standing, std::uint32_t later) {
      return replaces(standing, later);
    });
    if (absorbed_.empty()) return 0;
    for (const auto& [place, rows] : undecided_) decide(place, rows);
    std::vector<std::uint32_t> kept;
    kept.reserve(table_.rows());
    for (std::uint32_t row = 0; row < table_.rows(); ++row) {
      if (absorbed_[row]) continue;
      const auto other = row_at_.find(row);
      kept.push_back(other == row_at_.end() ? row : other->second);
    }
    const std::size_t gone = table_.rows() - kept.size();
    table_.keep_rows(kept);
    return gone;
  }

 private:
  bool replaces(std::uint32_t standing, std::uint32_t later) {
    if (absorbed_.empty()) absorbed_.resize(table_.rows());
    absorbed_[later] = true;
    const auto moved = place_of_.find(standing);
    const std::uint32_t place = moved == place_of_.end() ? standing : moved->second;
    const int difference = status_rank(table_, later) - status_rank(table_, standing);
    if (difference < 0) return false;
    if (difference == 0) {
      if (!are_equal(table_, standing, later)) undecided_[place].push_back(later);
      return false;
    }
    undecided_.erase(place);
    put(place, later);
    return true;
  }

  void put(std::uint32_t place, std::uint32_t row) {
    row_at_[place] = row;
    place_of_[row] = place;
  }

  void decide(std::uint32_t place, const std::vector<std::uint32_t>& rows) {
    for (const std::uint32_t later : rows) {
      const auto other = row_at_.find(place);
      const std::uint32_t standing = other == row_at_.end() ? place : other->second;
      if (!are_equal(table_, standing, later) && prefers_later(standing, later)) put(place, later);
    }
  }

  bool prefers_later(std::uint32_t standing, std::uint32_t later) {
    Prefer prefer = rule_.prefer;
    if (prefer == Prefer::none && rule_.ask) prefer = ask(standing, later);
    switch (prefer) {
      case Prefer::self:
        return false;
      case Prefer::other:
        return true;
      case Prefer::newest:
        return is_newer(table_, later, standing);
      case Prefer::none:
        break;
    }
    reject(
        "{}: {} {} several rows of equal status that differ, the first one is {}: "
        "choose by --prefer self, other or newest, or by --interactive",
        where_, undecided_.size(), undecided_.size() == 1 ? "config has" : "configs have",
        config_text(table_, standing));
  }

  Prefer ask(std::uint32_t standing, std::uint32_t later) {
    const LogTable rows = view_of(table_);
    const auto answer =
        rule_.ask({rows.configs(standing), rows.metrics(standing), rows.metrics(later)});
    if (answer) return *answer;
    reject("{}: given up; nothing has changed", where_);
  }

  Table& table_;
  const RowRule& rule_;
  std::string_view where_;
  std::vector<bool> absorbed_;  // rows that do not stand at their own place; empty if none
  std::unordered_map<std::uint32_t, std::uint32_t> row_at_;    // of places whose row is another's
  std::unordered_map<std::uint32_t, std::uint32_t> place_of_;  // the inverse
  std::map<std::uint32_t, std::vector<std::uint32_t>> undecided_;  // by place
};

}  // namespace

std::size_t fold_repeated_rows(Table& table, const RowRule& rule, std::string_view where) {
  return RepeatedRows(table, rule, where).fold();
}

}  // namespace malet::record
