#pragma once

#include <string>
#include <vector>

#include "cli/options/option.hpp"
#include "malet/options.hpp"

namespace malet::cli {

/// What the options of `run` say.
struct RunOptions {
  std::string exp;
  ExperimentHost host;
  std::string isolation;  ///< process or none; empty for the default
  ExperimentOptions experiment;
  bool quiet = false;
  std::string log_level = "info";
};

/// EXP, an experiment folder.
[[nodiscard]] Option folder_argument(std::string& exp);

/// Which run gets how many devices.
[[nodiscard]] std::vector<Option> gpu_options(DeviceOptions& devices);

/// How many runs there are at a time, and on which devices.
[[nodiscard]] std::vector<Option> device_options(DeviceOptions& devices);

/// All options of `run` but EXP. `options` must live as long as the list.
[[nodiscard]] std::vector<Option> run_options(RunOptions& options);

/// Reads what EXP/malet.yaml says and the command line does not. Throws as read_options_file and
/// apply_options.
void take_file_options(RunOptions& options, Given& given);

/// What EXP/malet.yaml says by itself. Throws as take_file_options.
[[nodiscard]] RunOptions read_run_options(const std::string& exp);

}  // namespace malet::cli
