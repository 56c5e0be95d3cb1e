#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

namespace fashion {

inline constexpr std::size_t pixels = std::size_t{28} * 28;
inline constexpr std::size_t classes = 10;

/// Pictures of clothes, with ink from 0 to 1, and what each shows.
struct Images {
  std::vector<float> ink;
  std::vector<std::uint8_t> labels;

  [[nodiscard]] std::size_t size() const { return labels.size(); }
  [[nodiscard]] std::span<const float> image(std::size_t index) const {
    return {ink.data() + index * pixels, pixels};
  }
};

/// Reads the first `most` pictures of FOLDER/PART-images-idx3-ubyte.gz and their labels; `part` is
/// train or t10k. Throws malet::Error(bad_input) that names the file.
[[nodiscard]] Images read_images(const std::filesystem::path& folder, const char* part,
                                 std::size_t most);

}  // namespace fashion
