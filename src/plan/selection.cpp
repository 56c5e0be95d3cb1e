#include "plan/selection.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace malet {

namespace {

__extension__ using Wide = __int128;

/// The x with a * x = 1 modulo m, for coprime a and m.
std::uint64_t inverse(std::uint64_t a, std::uint64_t m) {
  Wide remainder = m;
  Wide next_remainder = a % m;
  Wide x = 0;
  Wide next_x = 1;
  while (next_remainder != 0) {
    const Wide quotient = remainder / next_remainder;
    remainder = std::exchange(next_remainder, remainder - quotient * next_remainder);
    x = std::exchange(next_x, x - quotient * next_x);
  }
  return static_cast<std::uint64_t>((x % m + m) % m);
}

/// The first position k with (first + k * step) % total == current, and how far apart such
/// positions are; nothing where there is none.
std::optional<std::pair<std::uint64_t, std::uint64_t>> positions(std::uint64_t first,
                                                                 std::uint64_t step,
                                                                 std::uint64_t total,
                                                                 std::uint64_t current) {
  const std::uint64_t common = std::gcd(step, total);
  const std::uint64_t start = first % total;
  const std::uint64_t missing = current >= start ? current - start : current + (total - start);
  if (missing % common != 0) return std::nullopt;
  const std::uint64_t period = total / common;
  const Wide solution = Wide{missing / common} * Wide{inverse(step / common, period)};
  return std::pair(static_cast<std::uint64_t>(solution % period), period);
}

}  // namespace

bool ConfigIter::Selection::holds(std::uint64_t index) const {
  std::uint64_t place = index;
  if (numbers) {
    const auto found = std::lower_bound(numbers->begin(), numbers->end(), index);
    if (found == numbers->end() || *found != index) return false;
    place = static_cast<std::uint64_t>(found - numbers->begin());
  }
  return place >= first && (place - first) % step == 0 && (place - first) / step < count;
}

ConfigIter::Selection ConfigIter::Selection::slice(std::uint64_t from, std::uint64_t to) const {
  to = std::min(to, count);
  from = std::min(from, to);
  Selection part = *this;
  part.first = first + from * step;
  part.count = to - from;
  return part;
}

ConfigIter::Selection ConfigIter::Selection::every(std::uint64_t distance,
                                                   std::uint64_t from) const {
  Selection part = slice(from, count);
  if (part.count == 0) return part;
  part.count = (part.count - 1) / distance + 1;
  // A single position has no distance to the next, which could overflow.
  part.step = part.count > 1 ? step * distance : 1;
  return part;
}

ConfigIter::Selection ConfigIter::Selection::split(std::uint64_t total,
                                                   std::uint64_t current) const {
  if (numbers) {
    std::vector<std::uint64_t> kept;
    for (std::uint64_t i = 0; i < count; ++i) {
      if ((*this)[i] % total == current) kept.push_back((*this)[i]);
    }
    return of(std::move(kept));
  }
  const auto found = positions(first, step, total, current);
  if (!found || found->first >= count) return {};
  const auto [start, distance] = *found;
  Selection part;
  part.first = first + start * step;
  part.count = (count - start - 1) / distance + 1;
  part.step = part.count > 1 ? step * distance : 1;
  return part;
}

ConfigIter::Selection ConfigIter::Selection::of(std::vector<std::uint64_t> numbers) {
  Selection listed;
  listed.count = numbers.size();
  listed.numbers = std::make_shared<const std::vector<std::uint64_t>>(std::move(numbers));
  return listed;
}

}  // namespace malet
