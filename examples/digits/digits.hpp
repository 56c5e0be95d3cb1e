#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

namespace digits {

inline constexpr std::size_t pixels_per_image = 64;
inline constexpr std::size_t classes = 10;

/// Images of handwritten digits and what they show.
struct Digits {
  std::vector<double> pixels;  ///< pixels_per_image per image, 0 (paper) to 1 (ink)
  std::vector<std::uint8_t> labels;

  [[nodiscard]] std::size_t size() const { return labels.size(); }
  [[nodiscard]] std::span<const double, pixels_per_image> image(std::size_t index) const {
    return std::span<const double, pixels_per_image>(&pixels[index * pixels_per_image],
                                                     pixels_per_image);
  }
  void add(std::span<const double, pixels_per_image> image, std::uint8_t label);
};

/// The images by their use; no image is in two parts.
struct Split {
  Digits train;       ///< to fit weights
  Digits validation;  ///< to choose among configs
  Digits test;        ///< held out: for the final accuracy alone
};

/// Reads digits.csv.gz: per line 64 pixels of 0 to 16 and a label of 0 to 9, separated by commas.
/// Throws malet::Error that names the file and the line.
[[nodiscard]] Digits read_digits(const std::filesystem::path& file);

/// Splits 3:1:1, each digit for itself and always the same way: of every five images of a digit the
/// fourth validates and the fifth tests.
[[nodiscard]] Split split_digits(const Digits& all);

}  // namespace digits
