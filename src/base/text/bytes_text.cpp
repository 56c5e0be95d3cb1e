#include "base/text/bytes_text.hpp"

#include <fmt/format.h>

#include <cctype>
#include <charconv>
#include <cmath>

namespace malet::base {

namespace {

constexpr std::string_view letters = "KMGTP";

std::string lower(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c != ' ') result += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return result;
}

/// The factor that a unit without blanks and in lower case stands for.
std::optional<double> factor_of(std::string_view unit) {
  if (unit.empty() || unit == "b") return 1;
  for (std::size_t i = 0; i < letters.size(); ++i) {
    const auto letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letters[i])));
    if (unit.front() != letter) continue;
    unit.remove_prefix(1);
    if (!unit.empty() && unit != "b" && unit != "ib") return std::nullopt;
    return std::pow(1024.0, static_cast<double>(i + 1));
  }
  return std::nullopt;
}

}  // namespace

std::string bytes_text(std::uint64_t bytes) {
  if (bytes < 1024) return fmt::format("{} B", bytes);
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  constexpr double full = 1023.5;  // is written as 1024
  for (value /= 1024; value >= full && unit + 1 < letters.size(); ++unit) value /= 1024;
  return fmt::format("{:.4g} {}iB", value, letters[unit]);
}

std::optional<std::uint64_t> parse_bytes(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || !std::isfinite(number)) return std::nullopt;
  const auto used = static_cast<std::size_t>(end - text.data());
  const auto factor = factor_of(lower(text.substr(used)));
  if (!factor) return std::nullopt;
  const double bytes = number * *factor;
  if (!(bytes >= 1) || bytes >= 1.8e19) return std::nullopt;
  return static_cast<std::uint64_t>(bytes);
}

}  // namespace malet::base
