#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "digits.hpp"

namespace digits {

/// How well a network does on some images.
struct Score {
  double loss = 0;      ///< mean cross-entropy, in nats
  double accuracy = 0;  ///< share of images whose likeliest class is their label
};

/// A classifier with one hidden layer of rectified units and a softmax over the ten digits.
class Network {
 public:
  /// He-initialised; the same seed gives the same weights on every machine.
  Network(std::size_t hidden, std::uint64_t seed);

  /// All weights and biases, to be changed by an optimizer.
  [[nodiscard]] std::span<double> parameters() { return parameters_; }
  [[nodiscard]] std::span<const double> parameters() const { return parameters_; }

  /// Mean loss over the images numbered `batch`; its gradient replaces `gradient`, which has the
  /// size of parameters().
  double loss_gradient(const Digits& digits, std::span<const std::size_t> batch,
                       std::span<double> gradient) const;
  [[nodiscard]] Score score(const Digits& digits) const;

 private:
  // What one image makes of the two layers.
  struct Activations {
    std::vector<double> hidden;
    std::vector<double> probabilities;
  };
  void forward(std::span<const double> image, Activations& out) const;
  // Adds one image's gradient, given its activations and the gradient at the softmax's input.
  void backward(std::span<const double> image, const Activations& activations,
                std::span<const double> output_slope, std::span<double> hidden_slope,
                std::span<double> gradient) const;

  // The places of the four blocks in parameters_: hidden weights (by pixel, then unit), hidden
  // biases, output weights (by unit, then class), output biases.
  [[nodiscard]] std::size_t hidden_biases() const { return pixels_per_image * hidden_; }
  [[nodiscard]] std::size_t output_weights() const { return hidden_biases() + hidden_; }
  [[nodiscard]] std::size_t output_biases() const { return output_weights() + hidden_ * classes; }

  std::size_t hidden_;
  std::vector<double> parameters_;
};

}  // namespace digits
