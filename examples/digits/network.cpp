// Forward and backward pass. All inner loops run along rows of a weight block, so that the compiler
// turns them into vector code; pixels and units that are zero are skipped, which halves the work.

#include "network.hpp"

#include <algorithm>
#include <cmath>

#include "random.hpp"

namespace digits {
namespace {

// to += factor * from
void add_scaled(std::span<double> to, double factor, std::span<const double> from) {
  for (std::size_t i = 0; i < to.size(); ++i) to[i] += factor * from[i];
}

double dot(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

// Shifted by the maximum, so that no exponential overflows.
void softmax(std::span<double> values) {
  const double highest = *std::max_element(values.begin(), values.end());
  double sum = 0;
  for (double& value : values) sum += value = std::exp(value - highest);
  for (double& value : values) value /= sum;
}

double cross_entropy(double probability) {
  return -std::log(std::max(probability, 1e-300));
}

void fill_uniform(std::span<double> weights, std::size_t inputs, Random& random) {
  const double bound = std::sqrt(6.0 / static_cast<double>(inputs));
  for (double& weight : weights) weight = bound * (2 * random.uniform() - 1);
}

}  // namespace

Network::Network(std::size_t hidden, std::uint64_t seed)
    : hidden_(hidden), parameters_((pixels_per_image + 1) * hidden + (hidden + 1) * classes) {
  Random random(seed);
  const std::span<double> all = parameters_;
  fill_uniform(all.first(hidden_biases()), pixels_per_image, random);
  fill_uniform(all.subspan(output_weights(), hidden_ * classes), hidden_, random);
}

void Network::forward(std::span<const double> image, Activations& out) const {
  const std::span<const double> all = parameters_;
  const auto biases = all.subspan(hidden_biases(), hidden_);
  out.hidden.assign(biases.begin(), biases.end());
  for (std::size_t pixel = 0; pixel < image.size(); ++pixel) {
    if (image[pixel] == 0) continue;
    add_scaled(out.hidden, image[pixel], all.subspan(pixel * hidden_, hidden_));
  }
  const auto output = all.last(classes);
  out.probabilities.assign(output.begin(), output.end());
  for (std::size_t unit = 0; unit < hidden_; ++unit) {
    out.hidden[unit] = std::max(out.hidden[unit], 0.0);
    if (out.hidden[unit] == 0) continue;
    add_scaled(out.probabilities, out.hidden[unit],
               all.subspan(output_weights() + unit * classes, classes));
  }
  softmax(out.probabilities);
}

void Network::backward(std::span<const double> image, const Activations& activations,
                       std::span<const double> output_slope, std::span<double> hidden_slope,
                       std::span<double> gradient) const {
  const std::span<const double> all = parameters_;
  add_scaled(gradient.last(classes), 1, output_slope);
  for (std::size_t unit = 0; unit < hidden_; ++unit) {
    hidden_slope[unit] = 0;
    if (activations.hidden[unit] == 0) continue;
    const std::size_t row = output_weights() + unit * classes;
    add_scaled(gradient.subspan(row, classes), activations.hidden[unit], output_slope);
    hidden_slope[unit] = dot(all.subspan(row, classes), output_slope);
  }
  add_scaled(gradient.subspan(hidden_biases(), hidden_), 1, hidden_slope);
  for (std::size_t pixel = 0; pixel < image.size(); ++pixel) {
    if (image[pixel] == 0) continue;
    add_scaled(gradient.subspan(pixel * hidden_, hidden_), image[pixel], hidden_slope);
  }
}

double Network::loss_gradient(const Digits& digits, std::span<const std::size_t> batch,
                              std::span<double> gradient) const {
  std::fill(gradient.begin(), gradient.end(), 0.0);
  Activations activations;
  std::vector<double> output_slope(classes);
  std::vector<double> hidden_slope(hidden_);
  const double share = 1 / static_cast<double>(batch.size());
  double loss = 0;
  for (const std::size_t index : batch) {
    forward(digits.image(index), activations);
    const std::uint8_t label = digits.labels[index];
    loss += share * cross_entropy(activations.probabilities[label]);
    for (std::size_t c = 0; c < classes; ++c) {
      output_slope[c] = share * (activations.probabilities[c] - (c == label ? 1 : 0));
    }
    backward(digits.image(index), activations, output_slope, hidden_slope, gradient);
  }
  return loss;
}

Score Network::score(const Digits& digits) const {
  Activations activations;
  double loss = 0;
  std::size_t hits = 0;
  for (std::size_t index = 0; index < digits.size(); ++index) {
    forward(digits.image(index), activations);
    const auto& chances = activations.probabilities;
    const std::uint8_t label = digits.labels[index];
    loss += cross_entropy(chances[label]);
    // A network that has diverged to NaN is right about nothing.
    const auto likeliest = std::max_element(chances.begin(), chances.end());
    if (likeliest - chances.begin() == label && !std::isnan(chances[label])) ++hits;
  }
  const auto count = static_cast<double>(digits.size());
  return {loss / count, static_cast<double>(hits) / count};
}

}  // namespace digits
