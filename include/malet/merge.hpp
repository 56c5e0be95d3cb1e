#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "malet/value.hpp"

/// Options of ExperimentLog::merge: what to do about fields and rows that conflict.
///
/// The logs have two sides: `self` is the log merged into, `other` are all logs merged with it.
namespace malet {

enum class MergeSide { self, other };

/// A change to the fields of one side's logs, by which a conflict of fields is solved.
struct FieldFix {
  enum class Kind {
    set,     ///< gives the field, as a static one, to those of the side's logs that lack it
    rename,  ///< gives the field another name in those of the side's logs that have it
    drop,    ///< removes the field from all logs of both sides
  };
  Kind kind = Kind::drop;
  MergeSide side = MergeSide::self;
  std::string field;
  Value value = {};           ///< of set
  std::string new_name = {};  ///< of rename
};

/// A config field and its distinct values on both sides; nothing where a side lacks the field.
struct FieldValues {
  std::string field;
  std::optional<Value::List> self;
  std::optional<Value::List> other;

  /// Whether one side lacks the field altogether.
  [[nodiscard]] bool is_conflict() const { return !self || !other; }
};

/// The config fields of two sides, some of which one side lacks.
struct FieldConflicts {
  std::string self_name;  ///< what to call them: the logs' files
  std::string other_name;
  std::vector<FieldValues> fields;  ///< every config field, those in conflict among them
};

/// Two rows of one config that differ although their statuses are equal.
struct RowConflict {
  Value::Map config;  ///< grid fields
  Metrics self;       ///< the row that stands first, info columns included
  Metrics other;
};

/// Which of two rows in conflict is kept.
enum class Prefer {
  none,    ///< neither: an error
  self,    ///< the one that stands first
  other,   ///< the one that stands last
  newest,  ///< by the datetime column; the last one where that does not tell
};

/// Which row stays where several rows have one config. Under every rule, rows that are equal in
/// every value fold into one, and status C beats F beats R.
struct RowRule {
  Prefer prefer = Prefer::none;
  /// Called where `prefer` is none; a result of nothing ends the merge with Error(bad_input).
  std::function<std::optional<Prefer>(const RowConflict&)> ask = {};
};

/// How ExperimentLog::merge treats conflicts.
struct MergeOptions {
  /// Whether all logs must have the same config fields. If not, a field that a log lacks is null in
  /// its rows.
  bool same = true;
  /// Applied first, in order.
  std::vector<FieldFix> fixes = {};
  /// With `same`, called for one fix after the other while conflicts are left; a result of nothing
  /// ends the merge with Error(bad_input).
  std::function<std::optional<FieldFix>(const FieldConflicts&)> ask_field = {};
  RowRule rows = {};  ///< for several rows of one config
};

}  // namespace malet
