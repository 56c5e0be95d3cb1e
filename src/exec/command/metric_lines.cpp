#include "exec/command/metric_lines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/json/json_read.hpp"
#include "base/text/reject.hpp"
#include "malet/error.hpp"

namespace malet::exec {

namespace {

constexpr std::string_view blanks = " \t\r";

/// The first character that is no blank; NUL for a blank line.
char first_character(std::string_view line) {
  const std::size_t first = line.find_first_not_of(blanks);
  return first == std::string_view::npos ? '\0' : line[first];
}

/// Reads a line of metrics; throws Error for any other line.
Value::Map read_fields(std::string_view line) {
  Value value = base::read_json(line);
  if (!value.is_map()) {
    reject("a {} instead of an object of metrics", type_name(value.type()));
  }
  return std::move(value.map());
}

bool is_final(const Value::Map& fields) {
  return fields.size() == 1 && fields[0].first == "final" && fields[0].second.is_map();
}

/// Throws Error if a value is a map.
Metrics to_metrics(Value::Map fields) {
  const auto is_map = [](const auto& field) { return field.second.is_map(); };
  const auto map = std::find_if(fields.begin(), fields.end(), is_map);
  if (map != fields.end()) {
    reject("the metric '{}' is an object, not a value or a list", map->first);
  }
  std::erase_if(fields, [](const auto& field) { return field.second.is_null(); });
  return Metrics(std::move(fields));
}

}  // namespace

void MetricLines::take(std::string_view bytes) {
  while (!error_ && !bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    if (end == std::string_view::npos) {
      take_rest(bytes);
      return;
    }
    const std::string_view line = bytes.substr(0, end);
    if (rest_.empty() && !skips_line_) {
      end_line(line);
    } else {
      take_rest(line);
      end_line(std::exchange(rest_, {}));
    }
    bytes.remove_prefix(end + 1);
    skips_line_ = false;
    ++line_;
  }
}

void MetricLines::take_rest(std::string_view bytes) {
  if (skips_line_) return;
  if (rest_.size() + bytes.size() <= longest_line) {
    rest_ += bytes;
  } else {
    refuse_long_line();
  }
}

void MetricLines::refuse_long_line() {
  rest_ = {};
  skips_line_ = true;
  if (source_ == MetricSource::file) fail("longer than 16 MiB");
}

void MetricLines::end_line(std::string_view line) {
  if (error_ || first_character(line) == '\0' || is_ordinary(line)) return;
  if (line.size() > longest_line) {
    refuse_long_line();
    return;
  }
  try {
    add(read_fields(line));
  } catch (const Error& error) {
    if (source_ == MetricSource::file) fail(error.what());
  }
}

bool MetricLines::is_ordinary(std::string_view line) const {
  return source_ == MetricSource::output && first_character(line) != '{';
}

void MetricLines::add(Value::Map fields) {
  const bool final = is_final(fields);
  Metrics metrics = to_metrics(final ? std::move(fields[0].second.map()) : std::move(fields));
  if (final) {
    release_first();
    std::move(metrics.begin(), metrics.end(), std::back_inserter(final_));
    base::keep_last_values(final_);
  } else if (first_ || several_) {
    release_first();
    if (!metrics.empty()) steps_.push_back(std::move(metrics));
  } else {
    first_ = std::move(metrics);
  }
}

/// Makes the first line a step, since there is another one.
void MetricLines::release_first() {
  several_ = true;
  if (first_ && !first_->empty()) steps_.push_back(std::move(*first_));
  first_.reset();
}

void MetricLines::fail(std::string_view why) {
  error_ = fmt::format("line {} of the metrics cannot be used: {}", line_, why);
  release_first();
}

std::vector<Metrics> MetricLines::steps() {
  return std::exchange(steps_, {});
}

Metrics MetricLines::finish(bool succeeded) {
  end_cut_line(std::exchange(rest_, {}));
  if (!succeeded) release_first();
  if (first_) final_ = *std::exchange(first_, std::nullopt);
  return std::exchange(final_, {});
}

/// Takes the last line, without line break. A bad object is no error: its writer may have been
/// killed halfway.
void MetricLines::end_cut_line(std::string_view line) {
  if (error_ || first_character(line) != '{') {
    end_line(line);
    return;
  }
  try {
    add(read_fields(line));
  } catch (const Error&) {
    release_first();
  }
}

}  // namespace malet::exec
