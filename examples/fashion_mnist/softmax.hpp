#pragma once

#include <array>
#include <cstddef>
#include <random>
#include <span>
#include <vector>

#include "images.hpp"

namespace fashion {

/// Softmax regression: ten weighted sums of a picture's ink, the largest of which names the class.
class Softmax {
 public:
  using Scores = std::array<float, classes>;

  /// One pass over the pictures in random order, a step of gradient descent per batch. Gives the
  /// mean loss.
  double run_epoch(const Images& images, std::size_t batch, float rate, std::mt19937& random);
  /// The share of pictures whose class is named rightly.
  [[nodiscard]] double accuracy(const Images& images) const;

 private:
  [[nodiscard]] Scores scores(std::span<const float> image) const;

  std::vector<float> weights_ = std::vector<float>(classes * (pixels + 1));  // the last is the bias
};

}  // namespace fashion
