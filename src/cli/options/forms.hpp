#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/text/reject.hpp"
#include "cli/options/option.hpp"
#include "cli/screen/duration.hpp"
#include "malet/options.hpp"

/// The forms that options have. A target must live as long as the form.
namespace malet::cli {

/// An option without a value.
[[nodiscard]] Form flag(bool& target);
/// Any text.
[[nodiscard]] Form text(std::string metavar, std::string& target);
/// Any text, as often as somebody gives the option.
[[nodiscard]] Form texts(std::string metavar, std::vector<std::string>& target);
/// `a,b,c`
[[nodiscard]] Form names(std::vector<std::string>& target, std::string metavar = "A,B");
/// 512M or 8G.
[[nodiscard]] Form size(std::optional<std::uint64_t>& target);
/// A text that `read` takes or rejects.
[[nodiscard]] Form parsed(std::string metavar, std::function<void(const std::string&)> read);

/// `fail=N` or `fail=P%`.
[[nodiscard]] Form halt(Halt& target);
/// A duration, or `N%` of the median run.
[[nodiscard]] Form run_timeout(RunTimeout& target);

/// The whole number that is all of a text, if it lies between two others.
[[nodiscard]] std::int64_t number_between(const std::string& text, std::int64_t least,
                                          std::int64_t most);
/// parse_duration, which rejects other texts.
[[nodiscard]] Seconds duration_in(const std::string& text);

/// A whole number between two others. `target` is a number or an optional one.
template <typename T>
Form number(T& target, std::int64_t least, std::int64_t most) {
  return parsed("N", [&target, least, most](const std::string& text) {
    const std::int64_t number = number_between(text, least, most);
    if constexpr (requires { typename T::value_type; }) {
      target = static_cast<typename T::value_type>(number);
    } else {
      target = static_cast<T>(number);
    }
  });
}

/// A duration. `target` is anything that Seconds can be assigned to.
template <typename T>
Form duration(T& target) {
  return parsed("DUR", [&target](const std::string& text) { target = duration_in(text); });
}

/// One of a few names that each stand for a value.
template <typename T>
Form one_of(T& target, std::vector<std::pair<std::string, T>> choices) {
  std::vector<std::string> all;
  for (const auto& choice : choices) all.push_back(choice.first);
  std::string metavar = fmt::format("{}", fmt::join(all, "|"));
  auto choose = [&target, choices = std::move(choices), metavar](const std::string& text) {
    for (const auto& [name, value] : choices) {
      if (name != text) continue;
      target = value;
      return;
    }
    reject("'{}' is none of {}", text, metavar);
  };
  return parsed(metavar, std::move(choose));
}

}  // namespace malet::cli
