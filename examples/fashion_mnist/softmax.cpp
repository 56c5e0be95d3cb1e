#include "softmax.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace fashion {

Softmax::Scores Softmax::scores(std::span<const float> image) const {
  Scores scores{};
  for (std::size_t c = 0; c < classes; ++c) {
    const float* weights = &weights_[c * (pixels + 1)];
    std::array<float, 16> sums{};  // side by side, so that the compiler can use vectors
    for (std::size_t p = 0; p < pixels; ++p) sums[p % 16] += weights[p] * image[p];
    scores[c] = std::accumulate(sums.begin(), sums.end(), weights[pixels]);
  }
  return scores;
}

double Softmax::run_epoch(const Images& images, std::size_t batch, float rate,
                          std::mt19937& random) {
  std::vector<std::size_t> order(images.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::shuffle(order.begin(), order.end(), random);
  double loss = 0;
  std::vector<float> gradient(weights_.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    const auto image = images.image(order[i]);
    Scores share = scores(image);
    const float largest = *std::max_element(share.begin(), share.end());
    for (float& score : share) score = std::exp(score - largest);
    const float sum = std::accumulate(share.begin(), share.end(), 0.0F);
    const std::size_t label = images.labels[order[i]];
    loss -= std::log(share[label] / sum);
    for (std::size_t c = 0; c < classes; ++c) {
      const float error = share[c] / sum - (c == label ? 1.0F : 0.0F);
      float* slope = &gradient[c * (pixels + 1)];
      for (std::size_t p = 0; p < pixels; ++p) slope[p] += error * image[p];
      slope[pixels] += error;
    }
    if ((i + 1) % batch != 0 && i + 1 != order.size()) continue;
    const float step = rate / static_cast<float>(i % batch + 1);
    for (std::size_t w = 0; w < weights_.size(); ++w) weights_[w] -= step * gradient[w];
    std::fill(gradient.begin(), gradient.end(), 0.0F);
  }
  return loss / static_cast<double>(images.size());
}

double Softmax::accuracy(const Images& images) const {
  std::size_t right = 0;
  for (std::size_t i = 0; i < images.size(); ++i) {
    const Scores found = scores(images.image(i));
    const auto best = std::max_element(found.begin(), found.end()) - found.begin();
    if (static_cast<std::size_t>(best) == images.labels[i]) ++right;
  }
  return static_cast<double>(right) / static_cast<double>(images.size());
}

}  // namespace fashion
