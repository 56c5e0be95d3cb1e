#pragma once

#include <fmt/format.h>

#include <utility>

#include "malet/error.hpp"

namespace malet {

/// Throws Error(bad_input) with the sentence that fmt makes of `format` and `args`.
template <typename... Args>
[[noreturn]] void reject(fmt::format_string<Args...> format, Args&&... args) {
  throw Error(ErrorKind::bad_input, fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace malet
