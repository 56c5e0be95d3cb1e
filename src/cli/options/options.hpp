#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/screen/duration.hpp"

/// Kinds of options that several commands have. What does not fit is a CLI::ValidationError.
namespace malet::cli {

template <typename T>
T number_of(const T&);
template <typename T>
T number_of(const std::optional<T>&);

/// `--flag NAME`, one of a few names that each stand for a value.
template <typename T>
CLI::Option* add_choice(CLI::App& app, const std::string& flag, T& target,
                        const std::vector<std::pair<std::string, T>>& choices,
                        const std::string& help) {
  std::vector<std::string> names;
  for (const auto& choice : choices) names.push_back(choice.first);
  const std::string joined = fmt::format("{}", fmt::join(names, "|"));
  const auto choose = [flag, &target, choices, joined](const std::string& text) {
    for (const auto& [name, value] : choices) {
      if (name != text) continue;
      target = value;
      return;
    }
    throw CLI::ValidationError(flag, fmt::format("'{}' is none of {}", text, joined));
  };
  return app.add_option_function<std::string>(flag, choose, help)->type_name(joined);
}

/// `--flag DUR`. `target` is anything a Seconds can be assigned to.
template <typename T>
CLI::Option* add_duration(CLI::App& app, const std::string& flag, T& target,
                          const std::string& help) {
  const auto read = [flag, &target](const std::string& text) {
    const auto duration = parse_duration(text);
    if (!duration) {
      throw CLI::ValidationError(
          flag, fmt::format("'{}' is no duration; write 90, 15m, 2h, 1:30:00 or 2-12:00:00", text));
    }
    target = *duration;
  };
  return app.add_option_function<std::string>(flag, read, help)->type_name("DUR");
}

/// `--flag N`, a whole number between two others.
template <typename T>
CLI::Option* add_number(CLI::App& app, const std::string& flag, T& target, const std::string& help,
                        long long least, long long most) {
  const auto read = [flag, &target, least, most](const std::string& text) {
    long long number = 0;
    if (!CLI::detail::lexical_cast(text, number) || number < least || number > most) {
      throw CLI::ValidationError(
          flag, fmt::format("'{}' is no whole number from {} to {}", text, least, most));
    }
    using Number = decltype(number_of(target));
    target = static_cast<Number>(number);
  };
  return app.add_option_function<std::string>(flag, read, help)->type_name("N");
}

/// `--flag a,b,c`
inline CLI::Option* add_names(CLI::App& app, const std::string& flag,
                              std::vector<std::string>& target, const std::string& help) {
  const auto read = [flag, &target](const std::string& text) {
    target = CLI::detail::split(text, ',');
    for (std::string& name : target) {
      CLI::detail::trim(name);
      if (name.empty()) {
        throw CLI::ValidationError(flag, fmt::format("'{}' has an empty name in it", text));
      }
    }
  };
  return app.add_option_function<std::string>(flag, read, help)->type_name("A,B");
}

}  // namespace malet::cli
