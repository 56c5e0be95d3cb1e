#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace malet::base {

using Micros = std::chrono::microseconds;

/// The current time since the epoch.
[[nodiscard]] Micros now();

/// Writes times as in log.tsv: `2026-01-02 03:04:05.000006`, local time. Keeps the text of the last
/// second, so that a burst of results costs little.
class DatetimeWriter {
 public:
  /// Appends the text of a time since the epoch.
  void append(std::string& out, Micros since_epoch);

 private:
  std::int64_t second_ = INT64_MIN;
  std::string text_;
};

/// A time since the epoch as DatetimeWriter writes it.
[[nodiscard]] std::string datetime_text(Micros since_epoch);

/// The inverse of datetime_text; nothing for any other text. Fractions may be missing.
[[nodiscard]] std::optional<Micros> parse_datetime(std::string_view text);

/// Whether parse_datetime can read a text. Faster: does not look up the time zone.
[[nodiscard]] bool is_datetime(std::string_view text);

/// The time since the epoch of `2026-01-02T03:04:05.000006Z` (ISO 8601). Fractions may be missing;
/// an offset such as `+02:00` may replace the Z, and no offset means UTC. Nothing for any other
/// text.
[[nodiscard]] std::optional<Micros> parse_utc(std::string_view text);

/// Appends a duration as pandas writes a Timedelta: `0 days 00:01:00`, `1 days 02:03:04.000005`.
void append_duration(std::string& out, Micros duration);

/// The inverse of append_duration; nothing for any other text.
[[nodiscard]] std::optional<Micros> parse_duration(std::string_view text);

}  // namespace malet::base
