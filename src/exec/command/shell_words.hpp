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

/// The text as a shell's word, in quotes where it needs them: the inverse of split_words for one
/// word.
[[nodiscard]] std::string shell_word(std::string_view text);

/// The words of a command, each as shell_word, a blank between them.
[[nodiscard]] std::string shell_line(const std::vector<std::string>& words);

}  // namespace malet::exec
