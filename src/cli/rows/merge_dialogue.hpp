#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cli/screen/confirm.hpp"
#include "cli/screen/output.hpp"
#include "malet/merge.hpp"
#include "malet/value.hpp"

namespace malet::cli {

/// Asks a person what to do about conflicts of a merge. The end of the input gives up.
class MergeDialogue {
 public:
  MergeDialogue(Output& out, LineInput input) : out_(&out), input_(std::move(input)) {}

  /// Shows the fields of both sides, and asks about the first that one of them lacks.
  [[nodiscard]] std::optional<FieldFix> ask_field(const FieldConflicts& conflicts);
  /// Shows two rows that differ, and asks which one to keep.
  [[nodiscard]] std::optional<Prefer> ask_row(const RowConflict& conflict);

 private:
  [[nodiscard]] std::optional<std::string> prompt();
  void show(const FieldConflicts& conflicts);
  void show(const RowConflict& conflict);

  Output* out_;
  LineInput input_;
  std::optional<Prefer> for_all_;  // the answer to all further rows
};

/// A value as it is written in YAML: a number, true, a list; empty is null. Throws
/// Error(bad_input).
[[nodiscard]] Value parse_field_value(std::string_view text);

/// `self:field=value` or `other:field=value`. Throws Error(bad_input).
[[nodiscard]] FieldFix parse_set(std::string_view text);

/// `self:old=new` or `other:old=new`. Throws Error(bad_input).
[[nodiscard]] FieldFix parse_rename(std::string_view text);

}  // namespace malet::cli
