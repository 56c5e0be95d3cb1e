#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace malet::base {

/// A text as one sentence may quote it: without line breaks and control characters, which become
/// blanks, and cut (`..`) to `most` characters.
[[nodiscard]] std::string excerpt(std::string_view text, std::size_t most = 40);

}  // namespace malet::base
