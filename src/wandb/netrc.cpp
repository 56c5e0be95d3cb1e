#include "wandb/netrc.hpp"

#include <algorithm>

namespace malet::wandb {

namespace {

constexpr std::string_view blanks = " \t\r\n";

/// The words of a .netrc: between blanks, or in double quotes with backslashes.
class Words {
 public:
  explicit Words(std::string_view text) : text_(text) {}

  /// Empty behind the last one.
  std::string next() {
    skip_blanks();
    while (!text_.empty() && text_.front() == '#') {
      drop(text_.find('\n'));
      skip_blanks();
    }
    return !text_.empty() && text_.front() == '"' ? quoted() : plain();
  }

  /// Macros go up to an empty line.
  void skip_macro() {
    const std::size_t end = text_.find("\n\n");
    drop(end);
  }

 private:
  void drop(std::size_t count) { text_.remove_prefix(std::min(count, text_.size())); }
  void skip_blanks() { drop(text_.find_first_not_of(blanks)); }

  std::string plain() {
    const std::string word(text_.substr(0, text_.find_first_of(blanks)));
    drop(word.size());
    return word;
  }

  std::string quoted() {
    std::string word;
    for (drop(1); !text_.empty() && text_.front() != '"'; drop(1)) {
      if (text_.front() == '\\' && text_.size() > 1) drop(1);
      word += text_.front();
    }
    drop(1);
    return word;
  }

  std::string_view text_;
};

}  // namespace

std::optional<std::string> netrc_password(std::string_view text, std::string_view host) {
  Words words(text);
  bool ours = false;
  for (std::string word = words.next(); !word.empty(); word = words.next()) {
    if (word == "machine") {
      ours = words.next() == host;
    } else if (word == "default") {
      ours = false;
    } else if (word == "macdef") {
      words.skip_macro();
    } else if (word == "login" || word == "account") {
      static_cast<void>(words.next());
    } else if (word == "password") {
      std::string password = words.next();
      if (ours) return password;
    }
  }
  return std::nullopt;
}

}  // namespace malet::wandb
