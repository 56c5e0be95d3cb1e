#include "base/text/shell_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <optional>

#include "base/text/reject.hpp"
#include "malet/error.hpp"

namespace malet::base {

namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool is_operator(std::string_view word) {
  static constexpr std::string_view operators[] = {
      "|",   "||", "|&",  "&",  "&&",  ";",  "<",   "<<",  "<<<",  ">",    ">>",  ">|", "1>",
      "1>>", "2>", "2>>", "&>", "&>>", ">&", ">&2", "1>&", "1>&2", "2>&1", "2>&", "<>",
  };
  return std::find(std::begin(operators), std::end(operators), word) != std::end(operators);
}

class WordSplitter {
 public:
  explicit WordSplitter(std::string_view text) : text_(text) {}

  std::vector<std::string> split() {
    if (const std::size_t nul = text_.find('\0'); nul != std::string_view::npos) {
      fail("a NUL byte", nul);
    }
    while (position_ < text_.size()) read_next();
    end_word();
    return std::move(words_);
  }

 private:
  [[noreturn]] static void fail(std::string_view what, std::size_t position) {
    reject("the command has {} at byte {}", what, position + 1);
  }

  void read_next() {
    const char c = text_[position_++];
    if (is_blank(c)) {
      end_word();
    } else if (c == '\'') {
      read_single_quotes();
    } else if (c == '"') {
      read_double_quotes();
    } else if (c == '\\') {
      read_backslash();
    } else {
      word() += c;
    }
  }

  std::string& word() {
    if (!word_) word_.emplace();
    return *word_;
  }

  std::string& quoted_word() {
    quoted_ = true;
    return word();
  }

  void end_word() {
    if (!word_) return;
    if (!quoted_ && is_operator(*word_)) {
      reject(
          "the command has the argument {}, but no shell runs: write sh -c "
          "'...' for pipes and redirections, or quote it",
          *word_);
    }
    words_.push_back(std::move(*word_));
    word_.reset();
    quoted_ = false;
  }

  void read_single_quotes() {
    const std::size_t end = text_.find('\'', position_);
    if (end == std::string_view::npos) fail("an unclosed '", position_ - 1);
    quoted_word().append(text_.substr(position_, end - position_));
    position_ = end + 1;
  }

  void read_double_quotes() {
    static constexpr std::string_view escapable = "$`\"\\\n";
    const std::size_t start = position_ - 1;
    std::string& word = quoted_word();
    while (position_ < text_.size()) {
      const char c = text_[position_++];
      if (c == '"') return;
      const char next = position_ < text_.size() ? text_[position_] : '\0';
      const bool escapes = c == '\\' && escapable.find(next) != std::string_view::npos;
      if (!escapes) {
        word += c;
        continue;
      }
      if (next != '\n') word += next;
      ++position_;
    }
    fail("an unclosed \"", start);
  }

  void read_backslash() {
    if (position_ == text_.size()) fail("a backslash with nothing behind it", position_ - 1);
    const char next = text_[position_++];
    if (next != '\n') quoted_word() += next;
  }

  std::string_view text_;
  std::size_t position_ = 0;
  std::vector<std::string> words_;
  std::optional<std::string> word_;
  bool quoted_ = false;  ///< some of the word was quoted
};

}  // namespace

std::vector<std::string> split_words(std::string_view command) {
  return WordSplitter(command).split();
}

std::string shell_word(std::string_view text) {
  const auto is_plain = [](unsigned char c) {
    return std::isalnum(c) != 0 || c >= 0x80 ||
           std::string_view("_-./,:+@%=").find(static_cast<char>(c)) != std::string_view::npos;
  };
  if (!text.empty() && std::all_of(text.begin(), text.end(), is_plain)) return std::string(text);
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

std::string shell_line(const std::vector<std::string>& words) {
  std::string line;
  for (const std::string& word : words) {
    if (!line.empty()) line += ' ';
    line += shell_word(word);
  }
  return line;
}

}  // namespace malet::base
