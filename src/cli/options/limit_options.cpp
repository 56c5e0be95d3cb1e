#include "cli/options/limit_options.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <cmath>
#include <string_view>

#include "base/text/number_text.hpp"
#include "cli/screen/duration.hpp"

namespace malet::cli {

namespace {

/// A number with nothing behind it.
template <typename T>
std::optional<T> read_number(std::string_view text) {
  T number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole && number > 0 && std::isfinite(static_cast<double>(number)) ? std::optional(number)
                                                                           : std::nullopt;
}

/// The number in `12.5%`.
std::optional<double> read_percent(std::string_view text) {
  if (!text.ends_with('%')) return std::nullopt;
  text.remove_suffix(1);
  return read_number<double>(text);
}

}  // namespace

void add_halt(CLI::App& app, Halt& halt) {
  const auto read = [&halt](const std::string& text) {
    constexpr std::string_view beginning = "fail=";
    const bool begun = text.starts_with(beginning);
    const std::string_view rest = std::string_view(text).substr(begun ? beginning.size() : 0);
    halt = {read_number<std::uint64_t>(rest), read_percent(rest)};
    if (begun && (halt.failures || (halt.percent && *halt.percent <= 100))) return;
    throw CLI::ValidationError("--halt", fmt::format("'{}' is neither fail=N nor fail=P%", text));
  };
  app.add_option_function<std::string>("--halt", read,
                                       "Start nothing more after so many failures (fail=20) or at "
                                       "such a share of ten or more runs (fail=50%)")
      ->type_name("fail=N|fail=P%");
}

void add_run_timeout(CLI::App& app, RunTimeout& timeout) {
  const auto read = [&timeout](const std::string& text) {
    if (const auto percent = read_percent(text)) {
      timeout = {{}, *percent};
    } else if (const auto fixed = parse_duration(text); fixed && fixed->count() > 0) {
      timeout = {*fixed, 0};
    } else {
      throw CLI::ValidationError(
          "--run-timeout",
          fmt::format("'{}' is neither a duration (90, 15m, 1:30:00) nor a percentage", text));
    }
  };
  app.add_option_function<std::string>(
         "--run-timeout", read,
         "End a run that lasts longer than this, or than so much of the median run (300%)")
      ->type_name("DUR|N%");
}

void add_size(CLI::App& app, const std::string& flag, std::optional<std::uint64_t>& bytes,
              const std::string& help) {
  const auto read = [flag, &bytes](const std::string& text) {
    bytes = base::parse_bytes(text);
    if (!bytes) {
      throw CLI::ValidationError(flag, fmt::format("'{}' is no size; write 512M or 8G", text));
    }
  };
  app.add_option_function<std::string>(flag, read, help)->type_name("SIZE");
}

}  // namespace malet::cli
