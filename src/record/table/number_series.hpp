#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "malet/value.hpp"

namespace malet::record {

/// What the elements of a series are.
enum class NumberKind : std::uint8_t { real = 0, integer = 1 };

/// A series of reals and integers, exact to the bit, in eight bytes an element. Its beginning may
/// be kept elsewhere: elements are numbered from the series' first one, those before begin() are
/// not here.
class NumberSeries {
 public:
  /// Elements of one kind in a row.
  struct Stretch {
    std::size_t position;  ///< of the first of them in the series
    NumberKind kind;
    std::span<const std::uint64_t> words;  ///< bit patterns of doubles or 64-bit integers
  };

  NumberSeries() = default;
  /// Goes on behind `begin` elements that are kept elsewhere, the last of which is `last`.
  explicit NumberSeries(std::size_t begin, Value last = {});
  /// The series that a list of numbers is; nothing for anything else, and for an empty list.
  [[nodiscard]] static std::optional<NumberSeries> from_value(const Value& value);
  /// Whether append() takes the value: a number, or a list of nothing but numbers.
  [[nodiscard]] static bool takes(const Value& value);

  /// Appends a number, or those of a list. takes(value) must hold.
  void append(const Value& value);
  void append(NumberKind kind, std::span<const std::uint64_t> words);
  /// Puts another series in from its begin() on: elements behind that are dropped first. Throws
  /// Error(bad_input), as the end of a sentence about the series, when it begins behind the end.
  void put(const NumberSeries& other);
  /// Drops all elements from `size` on; then the last one is not known if it is kept elsewhere.
  void cut(std::size_t size);
  /// Gives the elements that are here; they are kept elsewhere from now on.
  [[nodiscard]] NumberSeries take();

  /// How many elements the series has, wherever they are.
  [[nodiscard]] std::size_t size() const { return begin_ + words_.size(); }
  /// How many of them are kept elsewhere.
  [[nodiscard]] std::size_t begin() const { return begin_; }
  /// The last element; null when it is not known, or there is none.
  [[nodiscard]] Value back() const;
  /// The elements that are here, from a position on.
  [[nodiscard]] std::vector<Stretch> stretches(std::size_t from = 0) const;
  /// The elements that are here.
  [[nodiscard]] Value::List list() const;

  friend bool operator==(const NumberSeries& a, const NumberSeries& b);

 private:
  struct Change {
    std::size_t at;  // position in words_ from which on elements are of that kind
    NumberKind kind;
    friend bool operator==(const Change&, const Change&) = default;
  };

  void append_number(const Value& number);
  void append_word(NumberKind kind, std::uint64_t word) {
    if (changes_.empty() || changes_.back().kind != kind) changes_.push_back({words_.size(), kind});
    words_.push_back(word);
  }

  std::size_t begin_ = 0;
  Value before_;  // the last element that is kept elsewhere, where it is known
  std::vector<std::uint64_t> words_;
  std::vector<Change> changes_;
};

/// The number that a bit pattern of that kind stands for.
[[nodiscard]] Value number_of(NumberKind kind, std::uint64_t word);

}  // namespace malet::record
