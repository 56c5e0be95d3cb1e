#include "base/json/repeated_names.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

// Sorts names rather than comparing each with each, so that a map of a million names takes no
// hours; maps of a few fields, which are nearly all, are compared without an allocation.
namespace malet::base {

namespace {

bool has_repeat(const Value::Map& fields) {
  for (auto field = fields.begin(); field != fields.end(); ++field) {
    const auto same = [&](const auto& other) { return other.first == field->first; };
    if (std::any_of(field + 1, fields.end(), same)) return true;
  }
  return false;
}

}  // namespace

void keep_last_values(Value::Map& fields) {
  constexpr std::size_t few = 8;
  if (fields.size() <= few && !has_repeat(fields)) return;
  std::vector<std::size_t> order(fields.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const int compared = fields[a].first.compare(fields[b].first);
    return compared != 0 ? compared < 0 : a < b;
  });
  std::vector<bool> repeated(fields.size());
  std::size_t kept = 0;
  for (const std::size_t i : order) {
    if (i != order.front() && fields[i].first == fields[kept].first) {
      fields[kept].second = std::move(fields[i].second);
      repeated[i] = true;
    } else {
      kept = i;
    }
  }
  std::size_t size = 0;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (repeated[i]) continue;
    if (size < i) fields[size] = std::move(fields[i]);
    ++size;
  }
  fields.resize(size);
}

}  // namespace malet::base
