#include "plan/list_expression.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <functional>

#include "malet/error.hpp"
#include "plan/arithmetic.hpp"
#include "plan/yaml_brackets.hpp"

// A placeholder is a plain YAML scalar, `malet_<digits>_<number>_`, whose digits are a hash of the
// text: no text holds its own by chance, and the check makes sure.
namespace malet::plan {

namespace {

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

/// The text with YAML comments as blanks.
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
  if (expression.uses_variable()) fail("a range depends on i: write numbers for its bounds");
  const Value value = expression.evaluate(0, work);
  if (value.is_integer()) return value.integer();
  fail(fmt::format("the range bound '{:.40}' is no integer", trim(text)));
}

Range read_range(std::string_view text, Work& work) {
  const std::size_t first = text.find(':');
  const std::size_t second = text.find(':', first == std::string_view::npos ? first : first + 1);
  if (second == std::string_view::npos || text.find(':', second + 1) != std::string_view::npos) {
    fail(fmt::format("the range '{:.40}' is not of the form start:step:stop", trim(text)));
  }
  Range range;
  range.start = bound(text.substr(0, first), work);
  range.step = bound(text.substr(first + 1, second - first - 1), work);
  range.stop = bound(text.substr(second + 1), work);
  if (range.step == 0) fail(fmt::format("the range '{:.40}' has the step 0", trim(text)));
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
  if (values > max_values) fail(fmt::format("it gives more than {} values", max_values));
}

/// The values of an expression over ranges; counts what their lists hold.
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
      fail(fmt::format("{}, at i = {}", error.what(), i));
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
  if (semicolon == std::string_view::npos) fail("it has no semicolon before its ranges");
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

ListExpressions::ListExpressions(std::string_view yaml, Work work) : work_(work) {
  replace(yaml);
  expanded_.resize(sources_.size());
}

std::string ListExpressions::placeholder(std::size_t number) const {
  return fmt::format("{}{}_", prefix_, number);
}

void ListExpressions::replace(std::string_view yaml) {
  const auto found = find_list_expressions(yaml);
  if (!found.empty()) prefix_ = unused_prefix(yaml);
  std::size_t copied = 0;
  for (const auto& [begin, semicolon, end] : found) {
    const std::string_view source = yaml.substr(begin, end - begin);
    text_.append(yaml.substr(copied, begin - copied)).append(placeholder(sources_.size()));
    text_.append(static_cast<std::size_t>(std::count(source.begin(), source.end(), '\n')), '\n');
    sources_.emplace_back(source);
    copied = end;
  }
  text_.append(yaml.substr(copied));
}

void ListExpressions::substitute(base::yaml::Node& root, std::string_view file) {
  if (sources_.empty()) return;
  file_ = file;
  visit(root, {});
}

void ListExpressions::visit(base::yaml::Node& node, std::string_view field) {
  if (node.kind == base::yaml::Node::Kind::scalar) return visit_scalar(node, field);
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    if (node.kind == base::yaml::Node::Kind::list) {
      visit(node.items[i], field);
      continue;
    }
    auto& [name, line] = node.keys[i];
    if (name.find(prefix_) != std::string::npos) name = restore(name);
    visit(node.items[i], name);
  }
}

void ListExpressions::visit_scalar(base::yaml::Node& scalar, std::string_view field) {
  if (scalar.text.find(prefix_) == std::string::npos) return;
  const auto number = number_of(scalar.text);
  if (number && scalar.plain) {
    scalar.scalar = expand(*number, scalar.line, field);
  } else {
    scalar.text = restore(scalar.text);
    scalar.scalar = scalar.text;
  }
}

std::optional<std::size_t> ListExpressions::number_of(std::string_view text) const {
  std::size_t number = 0;
  if (text.substr(0, prefix_.size()) != prefix_) return std::nullopt;
  std::from_chars(text.data() + prefix_.size(), text.data() + text.size(), number);
  return number < sources_.size() && text == placeholder(number) ? std::optional(number)
                                                                 : std::nullopt;
}

const Value& ListExpressions::expand(std::size_t number, std::size_t line, std::string_view field) {
  std::string source = sources_[number];
  std::replace(source.begin(), source.end(), '\n', ' ');
  try {
    if (!expanded_[number]) {
      const std::string inside = without_comments(sources_[number]).substr(1, source.size() - 2);
      expanded_[number] = Value(expand_list_expression(inside, work_));
    }
    values_ += count_values(*expanded_[number]);
    if (values_ > max_values_per_file) {
      fail(
          fmt::format("the file's list expressions give more than {} values", max_values_per_file));
    }
  } catch (const Error& error) {
    throw Error(ErrorKind::bad_input,
                fmt::format("{}:{}: field '{:.60}': the list expression '{:.60}' is not usable "
                            "because {}; write [expression;start:step:stop], or quote what is text",
                            file_, line, field, source, error.what()));
  }
  return *expanded_[number];
}

std::string ListExpressions::restore(std::string_view text) const {
  std::string restored;
  while (true) {
    const std::size_t mark = text.find(prefix_);
    restored.append(text.substr(0, mark));
    if (mark == std::string_view::npos) return restored;
    text.remove_prefix(mark + prefix_.size());
    std::size_t number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    if (number >= sources_.size()) continue;
    restored.append(sources_[number]);
    text.remove_prefix(std::min(static_cast<std::size_t>(read.ptr - text.data()) + 1, text.size()));
  }
}

}  // namespace malet::plan
