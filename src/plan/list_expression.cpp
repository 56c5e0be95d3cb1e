#include "plan/list_expression.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <functional>

#include "base/text/reject.hpp"
#include "base/text/text_parts.hpp"
#include "malet/error.hpp"
#include "plan/arithmetic.hpp"
#include "plan/yaml_brackets.hpp"

// A placeholder is a YAML list of one scalar, `[malet_<digits>_<number>]`. The digits are a hash of
// the text that the text does not hold. Since it is a list, the YAML reader treats tags, anchors
// and anything else beside it as for any list.
namespace malet::plan {

namespace {

using base::excerpt;

constexpr std::size_t max_values_per_file = 4 * max_values;

std::string unused_prefix(std::string_view text) {
  std::size_t hash = std::hash<std::string_view>{}(text);
  std::string prefix = fmt::format("malet_{:016x}_", hash);
  while (text.find(prefix) != std::string_view::npos) {
    prefix = fmt::format("malet_{:016x}_", ++hash);
  }
  return prefix;
}

std::string_view trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

/// The text with YAML comments replaced by blanks.
std::string without_comments(std::string_view text) {
  std::string kept(text);
  for (std::size_t i = 1; i < kept.size(); ++i) {
    if (kept[i] != '#' || std::string_view(" \t\n").find(kept[i - 1]) == std::string_view::npos) {
      continue;
    }
    const std::size_t end = std::min(kept.find('\n', i), kept.size());
    std::fill(kept.begin() + static_cast<std::ptrdiff_t>(i),
              kept.begin() + static_cast<std::ptrdiff_t>(end), ' ');
  }
  return kept;
}

/// Refuses text behind a list expression in its line, with a clearer reason than the YAML reader's.
/// Leaves separators of items in brackets to that reader.
void check_end(std::string_view yaml, const BracketedExpression& list, std::string_view file) {
  const std::size_t line_end = std::min(yaml.find('\n', list.end), yaml.size());
  const std::string_view behind = yaml.substr(list.end, line_end - list.end);
  const std::string_view rest = trim(behind);
  const bool is_comment = !rest.empty() && rest.front() == '#' && behind.front() != '#';
  const std::string_view separators = list.nested ? ",]}:" : ":";
  if (rest.empty() || is_comment || separators.find(rest.front()) != std::string_view::npos) return;
  const auto line =
      std::count(yaml.begin(), yaml.begin() + static_cast<std::ptrdiff_t>(list.end), '\n');
  base::yaml::fail_at(
      file, static_cast<std::size_t>(line) + 1,
      "behind the list expression '{}' stands '{}': remove that, quote all of it if it "
      "is text, or put a blank before a comment's #",
      excerpt(yaml.substr(list.begin, list.end - list.begin), 60), excerpt(rest));
}

struct Range {
  std::int64_t start = 0;
  std::int64_t step = 1;
  std::int64_t stop = 0;

  [[nodiscard]] std::uint64_t size() const {
    __extension__ using Wide = __int128;
    const Wide distance = step > 0 ? Wide{stop} - start : Wide{start} - stop;
    const Wide stride = step > 0 ? Wide{step} : -Wide{step};
    return distance <= 0 ? 0 : static_cast<std::uint64_t>((distance + stride - 1) / stride);
  }
};

std::int64_t bound(std::string_view text, Work& work) {
  const Expression expression(text);
  if (expression.uses_variable()) reject("a range depends on i: write numbers for its bounds");
  const Value value = expression.evaluate(0, work);
  if (value.is_integer()) return value.integer();
  reject("the range bound '{}' is no integer", excerpt(trim(text)));
}

Range read_range(std::string_view text, Work& work) {
  const std::size_t first = text.find(':');
  const std::size_t second = text.find(':', first == std::string_view::npos ? first : first + 1);
  if (second == std::string_view::npos || text.find(':', second + 1) != std::string_view::npos) {
    reject("the range '{}' is not of the form start:step:stop", excerpt(trim(text)));
  }
  Range range;
  range.start = bound(text.substr(0, first), work);
  range.step = bound(text.substr(first + 1, second - first - 1), work);
  range.stop = bound(text.substr(second + 1), work);
  if (range.step == 0) reject("the range '{}' has the step 0", excerpt(trim(text)));
  return range;
}

std::vector<Range> read_ranges(std::string_view text, Work& work) {
  std::vector<Range> ranges;
  while (true) {
    const std::size_t join = text.find("--");
    ranges.push_back(read_range(text.substr(0, join), work));
    if (join == std::string_view::npos) return ranges;
    text.remove_prefix(join + 2);
  }
}

void check_count(std::uint64_t values) {
  if (values > max_values) reject("it gives more than {} values", max_values);
}

/// Collects the values of an expression over ranges, and counts those in inner lists, too.
class Expansion {
 public:
  Expansion(const Expression& expression, Work& work) : expression_(expression), work_(work) {}

  void add(const Range& range) {
    std::int64_t i = range.start;
    for (std::uint64_t left = range.size(); left > 0; --left) {
      add(i);
      if (left > 1) i += range.step;
    }
  }

  [[nodiscard]] Value::List take() { return std::move(values_); }

 private:
  void add(std::int64_t i) {
    try {
      values_.push_back(expression_.evaluate(i, work_));
    } catch (const Error& error) {
      reject("{}, at i = {}", error.what(), i);
    }
    held_ += count_values(values_.back());
    check_count(held_);
  }

  const Expression& expression_;
  Work& work_;
  Value::List values_;
  std::size_t held_ = 0;
};

}  // namespace

Value::List expand_list_expression(std::string_view text, Work& work) {
  const std::size_t semicolon = text.find(';');
  if (semicolon == std::string_view::npos) reject("it has no semicolon before its ranges");
  const Expression expression(text.substr(0, semicolon));
  const std::vector<Range> ranges = read_ranges(text.substr(semicolon + 1), work);
  std::uint64_t count = 0;
  for (const Range& range : ranges) {
    check_count(range.size());
    count += range.size();
    check_count(count);
  }
  Expansion expansion(expression, work);
  for (const Range& range : ranges) expansion.add(range);
  return expansion.take();
}

ListExpressions::ListExpressions(std::string_view yaml, std::string_view file, Work work)
    : file_(file), work_(work) {
  replace(yaml);
  expanded_.resize(sources_.size());
}

void ListExpressions::replace(std::string_view yaml) {
  const auto found = find_list_expressions(yaml);
  if (!found.empty()) prefix_ = unused_prefix(yaml);
  std::size_t copied = 0;
  for (const BracketedExpression& list : found) {
    check_end(yaml, list, file_);
    const std::string_view source = yaml.substr(list.begin, list.end - list.begin);
    text_.append(yaml.substr(copied, list.begin - copied));
    text_.append(fmt::format("[{}{}", prefix_, sources_.size()));
    text_.append(static_cast<std::size_t>(std::count(source.begin(), source.end(), '\n')), '\n');
    text_.append("]");
    sources_.emplace_back(source);
    copied = list.end;
  }
  text_.append(yaml.substr(copied));
}

void ListExpressions::substitute(base::yaml::Node& root) {
  if (!sources_.empty()) visit(root, {});
}

void ListExpressions::visit(base::yaml::Node& node, std::string_view field) {
  using Kind = base::yaml::Node::Kind;
  if (const auto number = number_of(node)) {
    node.kind = Kind::scalar;
    node.text = sources_[*number];
    node.scalar = expand(*number, node.line, field);
    node.items.clear();
    return;
  }
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    visit(node.items[i], node.kind == Kind::list ? field : node.keys[i].first);
  }
}

std::optional<std::size_t> ListExpressions::number_of(const base::yaml::Node& node) const {
  if (node.kind != base::yaml::Node::Kind::list || node.items.size() != 1) return std::nullopt;
  const std::string_view text = node.items.front().text;
  if (text.substr(0, prefix_.size()) != prefix_) return std::nullopt;
  std::size_t number = 0;
  std::from_chars(text.data() + prefix_.size(), text.data() + text.size(), number);
  return number;
}

const Value& ListExpressions::expand(std::size_t number, std::size_t line, std::string_view field) {
  const std::string& source = sources_[number];
  try {
    if (!expanded_[number]) {
      const std::string inside = without_comments(source).substr(1, source.size() - 2);
      expanded_[number] = Value(expand_list_expression(inside, work_));
    }
    values_ += count_values(*expanded_[number]);
    if (values_ > max_values_per_file) {
      reject("the file's list expressions give more than {} values", max_values_per_file);
    }
  } catch (const Error& error) {
    base::yaml::fail_at(file_, line,
                        "field '{}': the list expression '{}' is not usable because {}; write "
                        "[expression;start:step:stop], or quote what is text",
                        excerpt(field, 60), excerpt(source, 60), error.what());
  }
  return *expanded_[number];
}

}  // namespace malet::plan
