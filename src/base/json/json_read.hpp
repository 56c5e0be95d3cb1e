#pragma once

#include <string>
#include <string_view>

#include "malet/value.hpp"

namespace malet::base {

/// The value of one JSON text (RFC 8259), which may also hold NaN, Infinity and -Infinity: the
/// inverse of to_json with NonFinite::python.
///
/// Integers that fit into 64 bits are integers, all other numbers reals: infinite when too large,
/// zero when too small. Maps keep their order; a repeated name keeps its first place and its last
/// value. Bytes that are no UTF-8 and lone surrogates (`\ud800`) become U+FFFD.
///
/// Throws Error(bad_input) with the byte (from 1), what was expected there and what was found: for
/// any other text, text behind the value, and more than 64 levels of lists and maps. Time and
/// memory are proportional to the text.
[[nodiscard]] Value read_json(std::string_view text);

/// The text of a map's field; empty when the field is missing or no text.
[[nodiscard]] std::string text_field(const Value& map, std::string_view name);

/// Keeps each name once, as Python's dict does: at its first place, with its last value. Takes
/// n log n steps.
void keep_last_values(Value::Map& fields);

}  // namespace malet::base
