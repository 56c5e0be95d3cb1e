#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace malet::exec {

/// Splits a command into its arguments by the quoting rules of the POSIX shell, and does nothing
/// else that a shell does.
///
/// Blanks and line breaks separate. '...' keeps all; "..." keeps all but a backslash before
/// $ ` " \ and line break; a backslash elsewhere keeps the next character, and removes a line
/// break.
/// '' is an empty argument. $, globs, ~, # and operators stand for themselves.
///
/// Throws Error(bad_input), with the byte counted from 1, for an unclosed quote, a backslash at the
/// end and a NUL byte; and for an unquoted argument that is a shell's operator (`|`, `>`, `&&`,
/// `2>&1`, ...), since who writes one expects a shell.
[[nodiscard]] std::vector<std::string> split_words(std::string_view command);

}  // namespace malet::exec
