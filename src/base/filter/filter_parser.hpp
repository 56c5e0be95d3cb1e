#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/filter/filter.hpp"

namespace malet::base {

/// A piece of a filter expression.
struct FilterToken {
  enum class Kind {
    word,        ///< bare: a field, a keyword or a literal
    quoted,      ///< text in quotes
    field,       ///< a name in backticks
    comparator,  ///< == != < <= > >= (`=` is given as `==`)
    open_paren,
    close_paren,
    open_bracket,
    close_bracket,
    comma,
    end,
  };
  Kind kind = Kind::end;
  std::string text;  ///< without quotes
  std::size_t position = 0;

  /// Whether it is that bare word.
  [[nodiscard]] bool is_word(std::string_view word) const {
    return kind == Kind::word && text == word;
  }
};

/// Throws Error(bad_input) with the expression, the character (from 1) and what is wrong there.
[[noreturn]] void fail_in_filter(std::string_view expression, std::size_t position,
                                 std::string_view what);

/// The tokens of an expression; the last one is `end`. Throws Error(bad_input) for more than
/// 100,000 characters, an open quote and characters without a meaning.
[[nodiscard]] std::vector<FilterToken> lex_filter(std::string_view expression);

/// A parsed condition.
struct Filter::Node {
  /// Several conditions, or the negation of one.
  struct Junction {
    enum class Kind { all, any, none };
    Kind kind = Kind::all;
    std::vector<Node> operands;
  };

  enum class Comparator { equal, unequal, less, less_equal, greater, greater_equal };
  /// `field <= literal`
  struct Comparison {
    std::string field;
    Comparator comparator = Comparator::equal;
    Value literal;
    std::string key;  ///< the literal's key text
  };

  /// `field in [literals]`
  struct Membership {
    std::string field;
    std::set<std::string, std::less<>> keys;       ///< key texts of literals that are no lists
    std::set<std::string, std::less<>> list_keys;  ///< key texts of lists
  };

  std::variant<Junction, Comparison, Membership> content;
};

/// Parses a filter expression. Throws as Filter's constructor, also for more than 100 levels of
/// parentheses or lists.
[[nodiscard]] Filter::Node parse_filter(std::string_view expression);

}  // namespace malet::base
