#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "malet/value.hpp"

namespace malet::exec {

/// A command line with `{field}` placeholders, as --command takes it.
///
/// The text is split into arguments (see split_words) before placeholders are replaced, quoted ones
/// included: a value never becomes several arguments. `{{` and `}}` are braces.
class CommandTemplate {
 public:
  /// The value of a name, or nullptr if the config has none.
  using Lookup = std::function<const Value*(std::string_view name)>;

  /// Throws Error(bad_input) as split_words, for an empty command or program, and for a brace that
  /// belongs to no placeholder.
  explicit CommandTemplate(std::string_view command);

  /// The names in placeholders, each once, by first appearance: fields of the config, whether it
  /// has them or not, and supplied_fields.
  [[nodiscard]] const std::vector<std::string>& fields() const noexcept { return fields_; }

  /// Whether the program is the same for all configs.
  [[nodiscard]] bool has_fixed_program() const;

  /// The arguments for one config, the program first. A value is written as in a cell of a grid
  /// column (lists as tuples); null, NaN and a missing value are empty. Throws Error(bad_input)
  /// naming the field if a text has a NUL byte.
  [[nodiscard]] std::vector<std::string> arguments(const Lookup& lookup) const;

 private:
  struct Piece {
    std::string text;  ///< literal text, or a field's name
    bool is_field;
  };
  using Argument = std::vector<Piece>;

  [[nodiscard]] static Argument parse(std::string_view word);
  [[nodiscard]] static std::string fill(const Argument& argument, const Lookup& lookup);

  std::vector<Argument> arguments_;
  std::vector<std::string> fields_;
};

}  // namespace malet::exec
