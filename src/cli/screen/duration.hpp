#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace malet::cli {

using Seconds = std::chrono::duration<double>;

/// A duration as users and Slurm write it: `90` and `90s` (seconds), `15m`, `2h`, `1d`, `1.5h`,
/// `1h30m`, `15:00` (minutes:seconds), `1:30:00`, `2-12:00:00` (days first). Nothing for any other
/// text, and for more than 30 years.
[[nodiscard]] std::optional<Seconds> parse_duration(std::string_view text);

/// A duration as `0:00:29`, `12:34:56` or `2-03:04:05`; whole seconds, rounded up.
[[nodiscard]] std::string clock_text(Seconds duration);

/// A rate per second, minute or hour, whichever gives a number from 1 on: `12.3/s`, `4.0/min`.
[[nodiscard]] std::string rate_text(double per_second);

}  // namespace malet::cli
