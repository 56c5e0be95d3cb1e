#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/options/option.hpp"

namespace malet::cli {

/// An option as malet.yaml gives it.
struct FileOption {
  std::string name;                 ///< without dashes
  std::vector<std::string> values;  ///< as they would stand on the command line
  std::optional<bool> boolean;      ///< the value where it is a boolean
  std::size_t line = 0;
};

/// The options in the text of a malet.yaml, a map of option names to scalars or lists of scalars.
/// Throws Error(bad_input) with `name` and line.
[[nodiscard]] std::vector<FileOption> parse_options_file(std::string_view text,
                                                         std::string_view name);

/// The options of EXP/malet.yaml; none where there is no such file. Paths of plug-ins and Python
/// files are from the file's folder where they lead to a file there, else from the working folder.
[[nodiscard]] std::vector<FileOption> read_options_file(const std::filesystem::path& exp_folder);

/// Reads each option that was not given yet, and notes it. Those that say what is run (plugin and
/// function, command, python) are passed over as well where an option of another kind was given.
/// Throws Error(bad_input) with `name` and line for an unknown name and a value that the option
/// rejects.
/// \param known the options that there are.
void apply_options(const std::vector<Option>& known, Given& given,
                   const std::vector<FileOption>& options, std::string_view name);

}  // namespace malet::cli
