#include "record/table/number_series.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "base/text/reject.hpp"

namespace malet::record {

Value number_of(NumberKind kind, std::uint64_t word) {
  if (kind == NumberKind::real) return Value(std::bit_cast<double>(word));
  return Value(static_cast<std::int64_t>(word));
}

NumberSeries::NumberSeries(std::size_t begin, Value last)
    : begin_(begin), before_(std::move(last)) {}

bool NumberSeries::takes(const Value& value) {
  if (!value.is_list()) return value.is_number();
  const Value::List& list = value.list();
  return std::all_of(list.begin(), list.end(), [](const Value& item) { return item.is_number(); });
}

std::optional<NumberSeries> NumberSeries::from_value(const Value& value) {
  if (!value.is_list() || value.list().empty() || !takes(value)) return std::nullopt;
  NumberSeries series;
  series.append(value);
  return series;
}

void NumberSeries::append_number(const Value& number) {
  if (number.is_integer()) {
    append_word(NumberKind::integer, static_cast<std::uint64_t>(number.integer()));
  } else {
    append_word(NumberKind::real, std::bit_cast<std::uint64_t>(number.real()));
  }
}

void NumberSeries::append(const Value& value) {
  if (!value.is_list()) return append_number(value);
  for (const Value& number : value.list()) append_number(number);
}

void NumberSeries::append(NumberKind kind, std::span<const std::uint64_t> words) {
  if (words.empty()) return;
  append_word(kind, words.front());
  words_.insert(words_.end(), words.begin() + 1, words.end());
}

void NumberSeries::put(const NumberSeries& other) {
  if (other.begin() > size()) {
    reject("is of a series whose beginning is not there");
  }
  cut(other.begin());
  for (const Stretch& stretch : other.stretches()) append(stretch.kind, stretch.words);
}

void NumberSeries::cut(std::size_t size) {
  if (size >= this->size()) return;
  if (size < begin_) {
    begin_ = size;
    before_ = {};
  }
  words_.resize(size - begin_);
  while (!changes_.empty() && changes_.back().at >= words_.size()) changes_.pop_back();
}

NumberSeries NumberSeries::take() {
  NumberSeries rest(size(), back());
  return std::exchange(*this, std::move(rest));
}

Value NumberSeries::back() const {
  return words_.empty() ? before_ : number_of(changes_.back().kind, words_.back());
}

std::vector<NumberSeries::Stretch> NumberSeries::stretches(std::size_t from) const {
  std::vector<Stretch> found;
  const std::size_t first = std::max(from, begin_) - begin_;
  for (std::size_t i = 0; i < changes_.size(); ++i) {
    const std::size_t end = i + 1 < changes_.size() ? changes_[i + 1].at : words_.size();
    const std::size_t at = std::max(changes_[i].at, first);
    if (at >= end) continue;
    found.push_back({begin_ + at, changes_[i].kind, std::span(words_).subspan(at, end - at)});
  }
  return found;
}

Value::List NumberSeries::list() const {
  Value::List list;
  list.reserve(words_.size());
  for (const Stretch& stretch : stretches()) {
    for (const std::uint64_t word : stretch.words) list.push_back(number_of(stretch.kind, word));
  }
  return list;
}

bool operator==(const NumberSeries& a, const NumberSeries& b) {
  return a.begin_ == b.begin_ && a.words_ == b.words_ && a.changes_ == b.changes_;
}

}  // namespace malet::record
