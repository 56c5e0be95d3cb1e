#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "malet/value.hpp"

namespace malet::exec {

/// A command line with `{field}` placeholders, as --command takes it.
///
/// The text is split into arguments once (see split_words) and only then are the placeholders
/// inside each argument looked at, quoted ones included: whatever a value holds, it stays inside
/// its argument. `{{` and `}}` are braces.
class CommandTemplate {
 public:
  /// The value that a name stands for, or nullptr where this config has none.
  using Lookup = std::function<const Value*(std::string_view name)>;

  /// Throws Error(bad_input) for what split_words refuses, for a command without arguments or with
  /// an empty program, and for a brace that is no placeholder.
  explicit CommandTemplate(std::string_view command);

  /// The names used, each once, in order of first appearance and as they stand between the braces.
  /// Nobody has checked that there are such fields; run_id, run_dir and attempt, which the lookup
  /// has to know besides the config's, are among them if they are used.
  [[nodiscard]] const std::vector<std::string>& fields() const noexcept { return fields_; }

  /// Whether the program is the same for all configs.
  [[nodiscard]] bool has_fixed_program() const;

  /// The arguments for one config, the program first: at least one. A value is written as in a cell
  /// of a grid column (see to_cell: lists as tuples); null, NaN and a missing one are empty text.
  /// Throws Error(bad_input) naming the field whose text holds a NUL byte.
  [[nodiscard]] std::vector<std::string> arguments(const Lookup& lookup) const;

 private:
  struct Piece {
    std::string text;  ///< as it is, or a field's name
    bool is_field;
  };
  using Argument = std::vector<Piece>;

  [[nodiscard]] static Argument parse(std::string_view word);
  [[nodiscard]] static std::string fill(const Argument& argument, const Lookup& lookup);

  std::vector<Argument> arguments_;
  std::vector<std::string> fields_;
};

}  // namespace malet::exec
