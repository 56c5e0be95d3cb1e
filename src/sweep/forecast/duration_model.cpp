#include "sweep/forecast/duration_model.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <utility>

namespace malet::sweep {

// The logarithm of a duration is a sum: the mean of all runs, and an effect per field. Effects are
// fitted by turns, each field's to what the others leave unexplained, as often as settles them even
// where runs are spread unevenly over the grid (a job that was cut has seen its first values only).
// A value's effect is drawn towards none as if one more run had shown none: a seed that was run
// once says little.

namespace {

constexpr double shortest = 1e-6;
constexpr int rounds = 12;
constexpr double runs_of_doubt = 1;

}  // namespace

void DurationModel::add(const std::vector<std::string_view>& keys, double seconds) {
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    auto& numbers = fields_[i].numbers;
    auto found = numbers.find(keys[i]);
    if (found == numbers.end()) found = numbers.emplace(keys[i], numbers.size()).first;
    fields_[i].value_of_run.push_back(found->second);
  }
  logarithms_.push_back(std::log(std::max(seconds, shortest)));
}

void DurationModel::fit() {
  if (is_empty()) return;
  const auto runs = static_cast<double>(logarithms_.size());
  mean_ = std::accumulate(logarithms_.begin(), logarithms_.end(), 0.0) / runs;
  std::vector<double> rests = logarithms_;  // what nothing explains yet
  for (double& rest : rests) rest -= mean_;
  for (Field& field : fields_) field.effects.assign(field.numbers.size(), 0);
  for (int round = 0; round < rounds; ++round) {
    for (Field& field : fields_) fit_field(field, rests);
  }
  measure_spread(std::move(rests));
}

// What a run left unexplained is less than what it would have, had it not been learnt from: the
// effect of a value of n runs has taken 1 / (n + 1) of it.
void DurationModel::measure_spread(std::vector<double> rests) {
  for (const Field& field : fields_) {
    std::vector<double> counts(field.effects.size(), 0);
    for (const std::size_t value : field.value_of_run) counts[value] += 1;
    for (std::size_t run = 0; run < rests.size(); ++run) {
      const double count = counts[field.value_of_run[run]];
      rests[run] *= (count + runs_of_doubt) / count;
    }
  }
  double lasted = 0;
  double expected = 0;
  for (std::size_t run = 0; run < rests.size(); ++run) {
    lasted += std::exp(logarithms_[run]);
    expected += std::exp(logarithms_[run] - rests[run]);
  }
  const auto at = [&rests](std::size_t rank) {
    const auto place = rests.begin() + static_cast<std::ptrdiff_t>(rank);
    std::nth_element(rests.begin(), place, rests.end());
    return std::exp(*place);
  };
  const std::size_t tenth = rests.size() / 10;
  spread_.mean = lasted / expected;
  spread_.low = std::min(at(tenth), spread_.mean);
  spread_.high = std::max(at(rests.size() - 1 - tenth), spread_.mean);
}

void DurationModel::fit_field(Field& field, std::vector<double>& rests) const {
  std::vector<double> sums(field.effects.size(), 0);
  std::vector<double> counts(field.effects.size(), runs_of_doubt);
  for (std::size_t run = 0; run < rests.size(); ++run) {
    const std::size_t value = field.value_of_run[run];
    sums[value] += rests[run] + field.effects[value];
    counts[value] += 1;
  }
  for (std::size_t value = 0; value < sums.size(); ++value) sums[value] /= counts[value];
  for (std::size_t run = 0; run < rests.size(); ++run) {
    const std::size_t value = field.value_of_run[run];
    rests[run] += field.effects[value] - sums[value];
  }
  field.effects = std::move(sums);
}

double DurationModel::seconds(const std::vector<std::string_view>& keys) const {
  if (is_empty()) return 0;
  double logarithm = mean_;
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    const auto found = fields_[i].numbers.find(keys[i]);
    if (found != fields_[i].numbers.end()) logarithm += fields_[i].effects[found->second];
  }
  return std::exp(logarithm);
}

}  // namespace malet::sweep
