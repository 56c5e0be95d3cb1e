#include <map>
#include <numeric>
#include <set>

#include "catch.hpp"
#include "digits.hpp"
#include "malet/error.hpp"
#include "temp_folder.hpp"

namespace {

using malet::test::TempFolder;

std::string line_of(const std::string& pixel, const std::string& label) {
  std::string line;
  for (int i = 0; i < 64; ++i) line += pixel + ",";
  return line + label + "\n";
}

}  // namespace

TEST_CASE("the shipped digits are read whole") {
  const digits::Digits all = digits::read_digits(DIGITS_DATA);
  REQUIRE(all.size() == 1797);
  REQUIRE(all.pixels.size() == 1797 * digits::pixels_per_image);
  CHECK(all.labels[0] == 0);
  CHECK(all.labels[1] == 1);
  CHECK(all.image(0)[2] == Approx(5.0 / 16));
  const double sum = std::accumulate(all.pixels.begin(), all.pixels.end(), 0.0);
  CHECK(sum * 16 == Approx(561718));
}

TEST_CASE("every digit has its share in every part") {
  const digits::Digits all = digits::read_digits(DIGITS_DATA);
  const digits::Split split = digits::split_digits(all);
  CHECK(split.train.size() + split.validation.size() + split.test.size() == all.size());
  CHECK(split.train.size() * 10 > split.test.size() * 29);
  for (const digits::Digits* part : {&split.train, &split.validation, &split.test}) {
    std::map<int, std::size_t> counts;
    for (const auto label : part->labels) ++counts[label];
    REQUIRE(counts.size() == digits::classes);
    for (const auto& [label, count] : counts) {
      INFO("digit " << label);
      CHECK(count * digits::classes > part->size() * 9 / 10);
    }
  }
}

TEST_CASE("no image is in two parts") {
  digits::Digits all;
  for (int i = 0; i < 100; ++i) {
    std::array<double, digits::pixels_per_image> image{};
    image[0] = i;
    all.add(image, static_cast<std::uint8_t>(i % 10));
  }
  const digits::Split split = digits::split_digits(all);
  std::set<double> seen;
  for (const digits::Digits* part : {&split.train, &split.validation, &split.test}) {
    for (std::size_t i = 0; i < part->size(); ++i) CHECK(seen.insert(part->image(i)[0]).second);
  }
  CHECK(seen.size() == 100);
}

TEST_CASE("a line that is no image is named by file and line") {
  const TempFolder folder;
  const auto message = [&](const std::string& text) -> std::string {
    try {  // zlib reads plain text as it is
      (void)digits::read_digits(folder.write("digits.csv", text));
    } catch (const malet::Error& error) {
      CHECK(error.kind() == malet::ErrorKind::bad_input);
      return error.what();
    }
    return "nothing thrown";
  };
  CHECK_THAT(message(line_of("1", "3") + "1,2,x"), ContainsSubstring("digits.csv:2: "));
  CHECK_THAT(message(line_of("17", "3")), ContainsSubstring("from 0 to 16"));
  CHECK_THAT(message(line_of("1", "10")), ContainsSubstring("from 0 to 9"));
  CHECK_THAT(message(line_of("1", "3,4")), ContainsSubstring("there is more"));
  CHECK_THAT(message(""), ContainsSubstring("no images"));
}

TEST_CASE("a missing data file says how to name another one") {
  CHECK_THROWS_WITH(
      digits::read_digits("/nowhere/digits.csv.gz"),
      ContainsSubstring("/nowhere/digits.csv.gz") && ContainsSubstring("MALET_DIGITS_DATA"));
}

TEST_CASE("a data file that is cut short is refused") {
  const TempFolder folder;
  const auto file = folder.path() / "digits.csv.gz";
  std::filesystem::copy_file(DIGITS_DATA, file);
  std::filesystem::resize_file(file, 20000);
  CHECK_THROWS_AS(digits::read_digits(file), malet::Error);
}
