#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "cli/screen/output.hpp"
#include "malet/error.hpp"

/// What a command line may say, as data. The parser, malet.yaml, --help and docs/commands.md are
/// made from it.
namespace malet::cli {

/// How the text of an option is read. cli/options/forms.hpp makes them.
struct Form {
  enum class Times { flag, once, repeated };

  std::string metavar;  ///< stands for the value in help
  /// Checks a value and keeps it. A flag gets "true" or "false". Throws Error(bad_input) with a
  /// sentence that does not name the option.
  std::function<void(const std::string&)> read;
  Times times = Times::once;
};

/// Headings of --help, in no order.
namespace groups {
inline constexpr const char* what = "What to run";
inline constexpr const char* configs = "Which configs";
inline constexpr const char* where = "Where";
inline constexpr const char* limits = "Limits";
inline constexpr const char* results = "Results";
inline constexpr const char* output = "Output";
inline constexpr const char* rows = "Which rows";
inline constexpr const char* slurm = "Slurm job";
inline constexpr const char* conflicts = "Conflicts";
}  // namespace groups

/// An option, or a positional argument.
struct Option {
  std::string names;       ///< `-j,--jobs`; a positional argument's name has no dashes
  std::string group;       ///< one of groups; empty for a positional argument
  std::string help;        ///< one phrase, without the default
  Form form;               ///< metavar and check
  std::string standard{};  ///< the default, where there is one
  std::string example{};   ///< a value, where the metavar does not tell what one looks like
  bool required = false;
  std::vector<std::string> needs{};     ///< names of options without which this one means nothing
  std::vector<std::string> excludes{};  ///< names of options that contradict this one

  [[nodiscard]] bool is_positional() const { return names.front() != '-'; }
  /// `--jobs`
  [[nodiscard]] std::string long_name() const;
};

/// Puts the options of several lists behind each other.
[[nodiscard]] std::vector<Option> joined(std::vector<std::vector<Option>> lists);

/// The options that were given, and their texts.
class Given {
 public:
  /// Whether an option was given, by its long name.
  [[nodiscard]] bool has(std::string_view name) const { return values_.contains(name); }
  /// Its texts in order; of a flag "true" or "false". Empty where it was not given.
  [[nodiscard]] std::vector<std::string> values(std::string_view name) const;
  /// Notes an option, whose texts have been read.
  void add(const Option& option, std::vector<std::string> values);

 private:
  std::map<std::string, std::vector<std::string>, std::less<>> values_;
};

/// How a command was called.
struct Call {
  std::string program;  ///< its name, for messages
  Given given;
};

/// A command of the program.
struct Command {
  std::string name;
  std::string summary;
  std::vector<Option> options;
  std::string notes;  ///< lines below the options in help, of at most 80 columns
  std::vector<std::string> examples;
  /// Does it, once the options are read. Throws Error; the text of results goes to Console::out.
  std::function<ExitCode(Call&, Console&)> run;
  /// Whether what it prints is its result, so that it has failed where that cannot be written.
  bool result_is_output = true;
};

}  // namespace malet::cli
