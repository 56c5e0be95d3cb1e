#pragma once

#include <string_view>

#include "malet/value.hpp"

namespace malet::base {

/// The value of one JSON text (RFC 8259), and of NaN, Infinity and -Infinity besides: the inverse
/// of to_json with NonFinite::python.
///
/// Integers that fit into 64 bits are integers, all other numbers reals: too large ones are
/// infinite, too small ones zero. Maps keep their order; a repeated name keeps its first place and
/// its last value. Texts are valid UTF-8 afterwards: a byte that is none, and a lone surrogate
/// (`\ud800`), becomes U+FFFD.
///
/// Throws Error(bad_input) that names the byte (counted from 1), what was expected there and what
/// was found: for anything else, for text behind the value, and for lists and maps nested more than
/// 64 deep. Time and memory are proportional to the text.
[[nodiscard]] Value read_json(std::string_view text);

}  // namespace malet::base
