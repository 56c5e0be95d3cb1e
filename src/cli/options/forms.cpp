#include "cli/options/forms.hpp"

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <string_view>

#include "base/text/number_text.hpp"

namespace malet::cli {

namespace {

/// The positive number that is all of a text.
template <typename T>
std::optional<T> positive_number(std::string_view text) {
  T number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole && number > 0 && std::isfinite(static_cast<double>(number)) ? std::optional(number)
                                                                           : std::nullopt;
}

/// The number in `12.5%`.
std::optional<double> percent_in(std::string_view text) {
  if (!text.ends_with('%')) return std::nullopt;
  text.remove_suffix(1);
  return positive_number<double>(text);
}

std::string trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\n\r\f\v";
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(blanks) + 1 - first));
}

void read_names(std::string_view text, std::vector<std::string>& target) {
  target.clear();
  for (std::string_view rest = text;;) {
    const std::size_t comma = rest.find(',');
    target.push_back(trimmed(rest.substr(0, comma)));
    if (target.back().empty()) reject("'{}' has an empty name in it", text);
    if (comma == std::string_view::npos) return;
    rest.remove_prefix(comma + 1);
  }
}

void read_halt(std::string_view text, Halt& target) {
  constexpr std::string_view beginning = "fail=";
  const bool begun = text.starts_with(beginning);
  const std::string_view rest = text.substr(begun ? beginning.size() : 0);
  target = {positive_number<std::uint64_t>(rest), percent_in(rest)};
  if (begun && (target.failures || (target.percent && *target.percent <= 100))) return;
  reject("'{}' is neither fail=N nor fail=P%", text);
}

void read_run_timeout(std::string_view text, RunTimeout& target) {
  if (const auto percent = percent_in(text)) {
    target = {{}, *percent};
  } else if (const auto fixed = parse_duration(text); fixed && fixed->count() > 0) {
    target = {*fixed, 0};
  } else {
    reject("'{}' is neither a duration (90, 15m, 1:30:00) nor a percentage", text);
  }
}

}  // namespace

Form parsed(std::string metavar, std::function<void(const std::string&)> read) {
  return {std::move(metavar), std::move(read), Form::Times::once};
}

Form flag(bool& target) {
  return {{}, [&target](const std::string& text) { target = text == "true"; }, Form::Times::flag};
}

Form text(std::string metavar, std::string& target) {
  return parsed(std::move(metavar), [&target](const std::string& text) { target = text; });
}

Form texts(std::string metavar, std::vector<std::string>& target) {
  return {std::move(metavar), [&target](const std::string& text) { target.push_back(text); },
          Form::Times::repeated};
}

Form names(std::vector<std::string>& target, std::string metavar) {
  return parsed(std::move(metavar),
                [&target](const std::string& text) { read_names(text, target); });
}

Form size(std::optional<std::uint64_t>& target) {
  return parsed("SIZE", [&target](const std::string& text) {
    target = base::parse_bytes(text);
    if (!target) reject("'{}' is no size; write 512M or 8G", text);
  });
}

Form halt(Halt& target) {
  return parsed("fail=N|fail=P%", [&target](const std::string& text) { read_halt(text, target); });
}

Form run_timeout(RunTimeout& target) {
  return parsed("DUR|N%", [&target](const std::string& text) { read_run_timeout(text, target); });
}

std::int64_t number_between(const std::string& text, std::int64_t least, std::int64_t most) {
  // As strtoll reads them: 0x10, 010 and +8 are numbers, too.
  char* end = nullptr;
  const std::int64_t number = std::strtoll(text.c_str(), &end, 0);
  const bool whole = !text.empty() && end == text.c_str() + text.size();
  if (!whole || number < least || number > most) {
    reject("'{}' is no whole number from {} to {}", text, least, most);
  }
  return number;
}

Seconds duration_in(const std::string& text) {
  const auto duration = parse_duration(text);
  if (!duration) {
    reject("'{}' is no duration; write 90, 15m, 2h, 1:30:00 or 2-12:00:00", text);
  }
  return *duration;
}

}  // namespace malet::cli
