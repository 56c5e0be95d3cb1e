#pragma once

#include <fmt/format.h>

#include "malet/error.hpp"

namespace malet {

/// As reject(), for arguments that fmt has packed.
[[noreturn]] void reject_packed(fmt::string_view format, fmt::format_args args);

/// Throws Error(bad_input) with the sentence that fmt makes of `format` and `args`.
template <typename... Args>
[[noreturn]] void reject(fmt::format_string<Args...> format, Args&&... args) {
  reject_packed(format, fmt::make_format_args(args...));
}

}  // namespace malet
