#include "cli/screen/duration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <vector>

namespace malet::cli {

namespace {

constexpr double minute = 60;
constexpr double hour = 60 * minute;
constexpr double day = 24 * hour;
constexpr double longest = 30 * 366 * day;

/// Digits with at most one point, and nothing else: no sign, no exponent.
std::optional<double> take_number(std::string_view& text) {
  const std::size_t size = std::min(text.find_first_not_of("0123456789."), text.size());
  double number = 0;
  const auto read = std::from_chars(text.data(), text.data() + size, number);
  if (size == 0 || read.ec != std::errc() || read.ptr != text.data() + size) return std::nullopt;
  text.remove_prefix(size);
  return number;
}

std::optional<double> whole_number(std::string_view text) {
  if (text.find('.') != std::string_view::npos) return std::nullopt;
  const auto number = take_number(text);
  return text.empty() ? number : std::nullopt;
}

std::optional<double> unit_seconds(char unit) {
  switch (unit) {
    case 's':
      return 1;
    case 'm':
      return minute;
    case 'h':
      return hour;
    case 'd':
      return day;
    default:
      return std::nullopt;
  }
}

/// 90, 90s, 1h30m: units go from large to small.
std::optional<double> parse_units(std::string_view text) {
  double total = 0;
  double smallest = longest;
  while (!text.empty()) {
    const auto number = take_number(text);
    if (!number) return std::nullopt;
    if (text.empty()) return smallest == longest ? number : std::nullopt;
    const auto unit = unit_seconds(text.front());
    if (!unit || *unit >= smallest) return std::nullopt;
    total += *number * *unit;
    smallest = *unit;
    text.remove_prefix(1);
  }
  return smallest == longest ? std::nullopt : std::optional(total);
}

/// The numbers between colons.
std::optional<std::vector<double>> colon_parts(std::string_view text) {
  std::vector<double> parts;
  while (true) {
    const std::size_t colon = std::min(text.find(':'), text.size());
    const auto part = whole_number(text.substr(0, colon));
    if (!part) return std::nullopt;
    parts.push_back(*part);
    if (colon == text.size()) return parts;
    text.remove_prefix(colon + 1);
  }
}

/// [D-]H:M:S, M:S, D-H and D-H:M, as Slurm reads them. Only the first number may pass its unit.
std::optional<double> parse_clock(std::string_view text) {
  const std::size_t dash = text.find('-');
  const bool has_days = dash != std::string_view::npos;
  const auto days = has_days ? whole_number(text.substr(0, dash)) : std::optional(0.0);
  auto parts = colon_parts(has_days ? text.substr(dash + 1) : text);
  if (!days || !parts || parts->size() > 3) return std::nullopt;
  if (!has_days && parts->size() == 2) parts->insert(parts->begin(), 0);
  parts->resize(3);
  const std::vector<double>& clock = *parts;
  const bool minutes_lead = !has_days && clock[0] == 0;
  if (clock[2] >= minute || (!minutes_lead && clock[1] >= 60)) return std::nullopt;
  if (has_days && clock[0] >= 24) return std::nullopt;
  return *days * day + clock[0] * hour + clock[1] * minute + clock[2];
}

}  // namespace

std::optional<Seconds> parse_duration(std::string_view text) {
  const bool is_clock = text.find_first_of(":-") != std::string_view::npos;
  const auto seconds = is_clock ? parse_clock(text) : parse_units(text);
  return seconds && *seconds <= longest ? std::optional(Seconds(*seconds)) : std::nullopt;
}

std::string clock_text(Seconds duration) {
  const double rounded = std::clamp(std::ceil(duration.count()), 0.0, 1000 * longest);
  const auto seconds = static_cast<std::int64_t>(rounded);
  const std::int64_t days = seconds / 86400;
  const std::int64_t hours = seconds / 3600 % 24;
  const std::string minutes_seconds = fmt::format("{:02}:{:02}", seconds / 60 % 60, seconds % 60);
  return days > 0 ? fmt::format("{}-{:02}:{}", days, hours, minutes_seconds)
                  : fmt::format("{}:{}", hours, minutes_seconds);
}

std::string rate_text(double per_second) {
  if (per_second >= 100) return fmt::format("{:.0f}/s", per_second);
  if (per_second >= 1) return fmt::format("{:.1f}/s", per_second);
  if (per_second * minute >= 1) return fmt::format("{:.1f}/min", per_second * minute);
  return fmt::format("{:.1f}/h", per_second * hour);
}

}  // namespace malet::cli
