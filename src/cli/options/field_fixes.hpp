#pragma once

#include <string_view>

#include "malet/merge.hpp"
#include "malet/value.hpp"

namespace malet::cli {

/// A value as it is written in YAML: a number, true, a list; empty is null. Throws
/// Error(bad_input).
[[nodiscard]] Value parse_field_value(std::string_view text);

/// `self:field=value` or `other:field=value`. Throws Error(bad_input).
[[nodiscard]] FieldFix parse_set(std::string_view text);

/// `self:old=new` or `other:old=new`. Throws Error(bad_input).
[[nodiscard]] FieldFix parse_rename(std::string_view text);

}  // namespace malet::cli
