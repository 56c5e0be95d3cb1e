// The UCI optical digits: a gzipped table of numbers, read line by line.

#include <zlib.h>

#include <charconv>
#include <memory>
#include <string>
#include <string_view>

#include "digits.hpp"
#include "malet/error.hpp"

namespace digits {
namespace {

constexpr double full_ink = 16;

[[noreturn]] void fail(const std::string& place, const std::string& what) {
  throw malet::Error(malet::ErrorKind::bad_input, place + ": " + what);
}

struct GzClose {
  void operator()(gzFile file) const { gzclose(file); }
};
using GzHandle = std::unique_ptr<gzFile_s, GzClose>;

GzHandle open(const std::filesystem::path& file) {
  GzHandle handle(gzopen(file.c_str(), "rb"));
  if (!handle) {
    fail(file.string(),
         "cannot be opened; set the config field `data` or the environment variable "
         "MALET_DIGITS_DATA to the place of digits.csv.gz");
  }
  return handle;
}

// The next number of a line, an integer of 0 to `most`, and the comma after it if there is one.
int take_number(std::string_view& line, int most, const std::string& place) {
  int number = 0;
  const char* end = line.data() + line.size();
  const auto [rest, error] = std::from_chars(line.data(), end, number);
  if (error != std::errc() || number < 0 || number > most) {
    fail(place, "a number from 0 to " + std::to_string(most) + " was expected at '" +
                    std::string(line.substr(0, 10)) + "'");
  }
  line.remove_prefix(static_cast<std::size_t>(rest - line.data()));
  if (!line.empty() && line.front() == ',') line.remove_prefix(1);
  return number;
}

void add_line(Digits& digits, std::string_view line, const std::string& place) {
  std::array<double, pixels_per_image> image{};
  for (double& pixel : image) {
    pixel = take_number(line, static_cast<int>(full_ink), place) / full_ink;
  }
  const int label = take_number(line, static_cast<int>(classes) - 1, place);
  if (!line.empty() && line != "\n" && line != "\r\n") {
    fail(place, "64 pixels and a label were expected, and there is more");
  }
  digits.add(image, static_cast<std::uint8_t>(label));
}

}  // namespace

void Digits::add(std::span<const double, pixels_per_image> image, std::uint8_t label) {
  pixels.insert(pixels.end(), image.begin(), image.end());
  labels.push_back(label);
}

Digits read_digits(const std::filesystem::path& file) {
  const GzHandle handle = open(file);
  Digits digits;
  std::array<char, 1024> line{};
  while (gzgets(handle.get(), line.data(), static_cast<int>(line.size())) != nullptr) {
    add_line(digits, line.data(), file.string() + ":" + std::to_string(digits.size() + 1));
  }
  int status = Z_OK;
  const std::string reason = gzerror(handle.get(), &status);
  if (status != Z_OK) fail(file.string(), "is damaged (" + reason + "); fetch it again");
  if (digits.size() == 0) fail(file.string(), "has no images; fetch it again");
  return digits;
}

Split split_digits(const Digits& all) {
  Split split;
  std::array<std::size_t, classes> seen{};
  for (std::size_t index = 0; index < all.size(); ++index) {
    const std::uint8_t label = all.labels[index];
    const std::size_t turn = seen[label]++ % 5;
    Digits& part = turn < 3 ? split.train : turn == 3 ? split.validation : split.test;
    part.add(all.image(index), label);
  }
  return split;
}

}  // namespace digits
