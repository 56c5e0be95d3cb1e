#include "base/filter/filter_parser.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <utility>
#include <vector>

// Recursive descent over the tokens. Only parentheses and lists recurse, and they are counted, so
// that no expression can exhaust the stack; `and`, `or` and `not` are loops.
namespace malet::base {

namespace {

using Kind = FilterToken::Kind;
using Node = Filter::Node;
using Junction = Node::Junction;
using Comparator = Node::Comparator;

constexpr int max_depth = 100;

bool is_keyword(const FilterToken& token) {
  return token.is_word("and") || token.is_word("or") || token.is_word("not") || token.is_word("in");
}

Value literal_of(const FilterToken& token) {
  if (token.kind == Kind::quoted) return token.text;
  if (token.text == "true") return true;
  if (token.text == "false") return false;
  if (token.text == "null") return nullptr;
  return from_cell(token.text);
}

Comparator comparator_of(std::string_view text) {
  if (text == "==") return Comparator::equal;
  if (text == "!=") return Comparator::unequal;
  if (text == "<") return Comparator::less;
  if (text == "<=") return Comparator::less_equal;
  return text == ">" ? Comparator::greater : Comparator::greater_equal;
}

Node negation(Node node) {
  Junction none{Junction::Kind::none, {}};
  none.operands.push_back(std::move(node));
  return {std::move(none)};
}

Node joined(Junction::Kind kind, std::vector<Node> operands) {
  if (operands.size() == 1) return std::move(operands.front());
  return {Junction{kind, std::move(operands)}};
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text), tokens_(lex_filter(text)) {}

  Node parse() {
    if (token().kind == Kind::end) fail("it is empty; write for example lr <= 0.1");
    Node node = parse_or();
    if (token().kind == Kind::close_paren) fail("this parenthesis was never opened");
    if (token().kind != Kind::end) fail("expected 'and', 'or' or the end");
    return node;
  }

 private:
  [[nodiscard]] const FilterToken& token() const { return tokens_[position_]; }

  [[noreturn]] void fail(std::string_view what) const {
    fail_in_filter(text_, token().position, what);
  }

  FilterToken take() { return std::move(tokens_[position_++]); }

  bool take_if(bool wanted) {
    if (wanted) ++position_;
    return wanted;
  }

  void enter() {
    if (++depth_ > max_depth) fail(fmt::format("it is nested deeper than {} levels", max_depth));
  }

  Node parse_or() {
    std::vector<Node> operands;
    do {
      operands.push_back(parse_and());
    } while (take_if(token().is_word("or")));
    return joined(Junction::Kind::any, std::move(operands));
  }

  Node parse_and() {
    std::vector<Node> operands;
    do {
      operands.push_back(parse_not());
    } while (take_if(token().is_word("and")));
    return joined(Junction::Kind::all, std::move(operands));
  }

  Node parse_not() {
    bool negated = false;
    while (take_if(token().is_word("not"))) negated = !negated;
    Node node = token().kind == Kind::open_paren ? parse_group() : parse_comparison();
    return negated ? negation(std::move(node)) : node;
  }

  Node parse_group() {
    enter();
    take();
    Node node = parse_or();
    if (token().kind != Kind::close_paren) fail("a parenthesis is not closed");
    take();
    --depth_;
    return node;
  }

  Node parse_comparison() {
    std::string field = parse_field();
    if (take_if(token().is_word("in"))) return parse_membership(std::move(field));
    if (token().is_word("not")) {
      take();
      if (!take_if(token().is_word("in"))) fail("expected 'in' after 'not'");
      return negation(parse_membership(std::move(field)));
    }
    if (token().kind != Kind::comparator) {
      fail(fmt::format("expected ==, !=, <, <=, >, >= or in after field '{}'", field));
    }
    const Comparator comparator = comparator_of(take().text);
    Value literal = parse_literal();
    std::string key = to_key(literal);
    return {Node::Comparison{std::move(field), comparator, std::move(literal), std::move(key)}};
  }

  std::string parse_field() {
    if (token().kind == Kind::field) return take().text;
    if (token().kind == Kind::quoted)
      fail("expected a field's name; put it in backticks, not quotes");
    if (token().kind != Kind::word || is_keyword(token())) fail("expected a field's name");
    if (literal_of(token()).is_number()) {
      fail("expected a field's name; it stands left and the value right (backticks make a name)");
    }
    return take().text;
  }

  Value parse_literal() {
    if (token().kind == Kind::open_bracket) return parse_list();
    if (token().kind == Kind::open_paren) fail("expected a value; lists stand in brackets: [a, b]");
    if (token().kind == Kind::field) fail("expected a value; fields are compared with values only");
    const bool bare = token().kind == Kind::word && !is_keyword(token());
    if (!bare && token().kind != Kind::quoted) fail("expected a value, as in lr <= 0.1");
    return literal_of(take());
  }

  Value::List parse_list() {
    if (token().kind != Kind::open_bracket) fail("expected a list, as in [a, b]");
    enter();
    take();
    Value::List items;
    while (token().kind != Kind::close_bracket) {
      items.push_back(parse_literal());
      if (!take_if(token().kind == Kind::comma)) break;
    }
    if (token().kind != Kind::close_bracket) fail("expected a comma or the end of the list");
    take();
    --depth_;
    return items;
  }

  Node parse_membership(std::string field) {
    Node::Membership membership{std::move(field), {}, {}};
    for (const Value& item : parse_list()) {
      (item.is_list() ? membership.list_keys : membership.keys).insert(to_key(item));
    }
    return {std::move(membership)};
  }

  std::string_view text_;
  std::vector<FilterToken> tokens_;
  std::size_t position_ = 0;
  int depth_ = 0;
};

}  // namespace

Filter::Node parse_filter(std::string_view expression) {
  return Parser(expression).parse();
}

}  // namespace malet::base
