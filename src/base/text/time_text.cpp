#include "base/text/time_text.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <ctime>
#include <iterator>

namespace malet::base {

namespace {

constexpr std::int64_t micros_per_second = 1'000'000;

/// Takes a number and the separator behind it off the text.
bool take_number(std::string_view& text, std::string_view separator, std::int64_t& number) {
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc() || number < 0) return false;
  text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
  if (!text.starts_with(separator)) return false;
  text.remove_prefix(separator.size());
  return true;
}

/// The microseconds in a text `SS` or `SS.ffffff`.
std::optional<std::int64_t> take_seconds(std::string_view text) {
  const std::size_t point = text.find('.');
  std::string_view whole = text.substr(0, point);
  std::int64_t seconds = 0;
  if (!take_number(whole, "", seconds) || !whole.empty() || seconds > 60) return std::nullopt;
  std::int64_t micros = 0;
  if (point != std::string_view::npos) {
    std::string digits(text.substr(point + 1, 6));
    if (digits.empty() ||
        text.find_first_not_of("0123456789", point + 1) != std::string_view::npos) {
      return std::nullopt;
    }
    digits.resize(6, '0');
    std::from_chars(digits.data(), digits.data() + digits.size(), micros);
  }
  return seconds * micros_per_second + micros;
}

/// Reads a date, `between` and a time of day into `time`, but for its seconds, which it returns as
/// microseconds.
std::optional<std::int64_t> take_date_and_time(std::string_view text, std::string_view between,
                                               std::tm& time) {
  const std::array<std::string_view, 5> separators{"-", "-", between, ":", ":"};
  std::array<std::int64_t, 5> numbers{};
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (!take_number(text, separators[i], numbers[i])) return std::nullopt;
  }
  const auto [year, month, day, hour, minute] = numbers;
  const auto micros = take_seconds(text);
  if (!micros || year > 9999 || month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 ||
      minute > 59) {
    return std::nullopt;
  }
  time.tm_year = static_cast<int>(year) - 1900;
  time.tm_mon = static_cast<int>(month) - 1;
  time.tm_mday = static_cast<int>(day);
  time.tm_hour = static_cast<int>(hour);
  time.tm_min = static_cast<int>(minute);
  return micros;
}

/// Seconds since the epoch of a local time. Faster than mktime, which reads the time zone's file
/// again.
std::int64_t since_epoch(std::tm local) {
  const std::int64_t as_utc = ::timegm(&local);
  std::int64_t seconds = as_utc;
  for (int guess = 0; guess < 2;
       ++guess) {  // the first guess may be before or after a change of the clocks
    const auto time = static_cast<std::time_t>(seconds);
    std::tm there{};
    ::localtime_r(&time, &there);
    seconds = as_utc - there.tm_gmtoff;
  }
  return seconds;
}

/// Takes the offset, `Z` or `+02:00` or nothing, off the end of a time; returns the seconds ahead
/// of UTC.
std::optional<std::int64_t> take_offset(std::string_view& text) {
  if (text.ends_with('Z')) {
    text.remove_suffix(1);
    return 0;
  }
  const std::size_t time = text.find('T');
  const std::size_t sign = time == std::string_view::npos ? time : text.find_first_of("+-", time);
  if (sign == std::string_view::npos) return 0;
  std::string_view offset = text.substr(sign + 1);
  std::int64_t hours = 0;
  std::int64_t minutes = 0;
  if (!take_number(offset, ":", hours) || !take_number(offset, "", minutes) || !offset.empty() ||
      hours > 23 || minutes > 59) {
    return std::nullopt;
  }
  const std::int64_t seconds = hours * 3600 + minutes * 60;
  const bool ahead = text[sign] == '+';
  text = text.substr(0, sign);
  return ahead ? seconds : -seconds;
}

}  // namespace

Micros now() {
  return std::chrono::duration_cast<Micros>(std::chrono::system_clock::now().time_since_epoch());
}

void DatetimeWriter::append(std::string& out, Micros since_epoch) {
  std::int64_t second = since_epoch.count() / micros_per_second;
  std::int64_t micros = since_epoch.count() % micros_per_second;
  if (micros < 0) {
    --second;
    micros += micros_per_second;
  }
  if (second != second_) {
    const auto time = static_cast<std::time_t>(second);
    std::tm local{};
    ::localtime_r(&time, &local);
    text_ = fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}.", local.tm_year + 1900,
                        local.tm_mon + 1, local.tm_mday, local.tm_hour, local.tm_min, local.tm_sec);
    second_ = second;
  }
  out += text_;
  fmt::format_to(std::back_inserter(out), "{:06}", micros);
}

std::string datetime_text(Micros since_epoch) {
  std::string text;
  DatetimeWriter().append(text, since_epoch);
  return text;
}

std::optional<Micros> parse_datetime(std::string_view text) {
  std::tm local{};
  const auto micros = take_date_and_time(text, " ", local);
  if (!micros) return std::nullopt;
  return Micros(since_epoch(local) * micros_per_second + *micros);
}

bool is_datetime(std::string_view text) {
  std::tm local{};
  return take_date_and_time(text, " ", local).has_value();
}

std::optional<Micros> parse_utc(std::string_view text) {
  const auto offset = take_offset(text);
  std::tm utc{};
  const auto micros = offset ? take_date_and_time(text, "T", utc) : std::nullopt;
  if (!micros) return std::nullopt;
  return Micros((std::int64_t{::timegm(&utc)} - *offset) * micros_per_second + *micros);
}

void append_duration(std::string& out, Micros duration) {
  const std::int64_t total = duration.count() < 0 ? 0 : duration.count();
  const std::int64_t micros = total % micros_per_second;
  const std::int64_t seconds = total / micros_per_second;
  auto to = std::back_inserter(out);
  fmt::format_to(to, "{} days {:02}:{:02}:{:02}", seconds / 86400, seconds / 3600 % 24,
                 seconds / 60 % 60, seconds % 60);
  if (micros != 0) fmt::format_to(to, ".{:06}", micros);
}

std::optional<Micros> parse_duration(std::string_view text) {
  std::int64_t days = 0;
  std::int64_t hours = 0;
  std::int64_t minutes = 0;
  if (!take_number(text, " days ", days) || !take_number(text, ":", hours) ||
      !take_number(text, ":", minutes) || days > 1'000'000 || hours > 23 || minutes > 59) {
    return std::nullopt;
  }
  const auto micros = take_seconds(text);
  if (!micros) return std::nullopt;
  return Micros((days * 86400 + hours * 3600 + minutes * 60) * micros_per_second + *micros);
}

}  // namespace malet::base
