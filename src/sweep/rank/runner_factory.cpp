#include "sweep/rank/runner_factory.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <system_error>
#include <utility>

#include "base/text/reject.hpp"
#include "exec/command/command_runner.hpp"
#include "exec/host/host.hpp"
#include "exec/host/host_main.hpp"
#include "exec/process/own_files.hpp"
#include "malet/registry.hpp"

namespace malet::sweep {

namespace {

using Kind = ExperimentHost::Kind;

constexpr const char* python_host = "malet_host.py";

std::vector<std::string> host_arguments(const ExperimentHost& host) {
  if (host.kind == Kind::python) {
    return {host.interpreter, exec::data_file(python_host).string(), host.python};
  }
  std::vector<std::string> arguments = {exec::own_executable(), std::string(exec::host_argument),
                                        host.function};
  arguments.insert(arguments.end(), host.plugins.begin(), host.plugins.end());
  return arguments;
}

bool is_known(const ConfigIter& configs, std::string_view field) {
  const auto& supplied = exec::supplied_fields;
  if (std::find(supplied.begin(), supplied.end(), field) != supplied.end()) return true;
  const auto& grid = configs.grid_fields();
  const auto& fixed = configs.static_configs();
  return std::find(grid.begin(), grid.end(), field) != grid.end() ||
         std::any_of(fixed.begin(), fixed.end(),
                     [&](const auto& static_field) { return static_field.first == field; });
}

void check_command(const std::string& command, const ConfigIter& configs) {
  const exec::CommandTemplate parsed(command);
  for (const std::string& field : parsed.fields()) {
    if (is_known(configs, field)) continue;
    reject("--command: '{{{}}}' is no field of exp_config.yaml; write {{{{ and }}}} for braces",
           field);
  }
}

void check_python(const std::string& what) {
  const std::size_t colon = what.rfind(':');
  if (colon == std::string::npos || colon == 0 || colon + 1 == what.size()) {
    reject("--python: '{}' is not FILE:FUNCTION, as in train.py:train", what);
  }
  const std::string file = what.substr(0, colon);
  std::error_code ignored;
  const bool is_file = file.ends_with(".py") || file.find('/') != std::string::npos;
  if (is_file && !std::filesystem::is_regular_file(file, ignored)) {
    reject("--python: there is no file {}", file);
  }
}

}  // namespace

std::unique_ptr<exec::Runner> make_runner(const ExperimentHost& host,
                                          const exec::ExperimentFacts& facts,
                                          const ConfigIter& configs, const exec::SlotOutput& output,
                                          const RunnerPlace& place) {
  auto environment = exec::child_environment(exec::own_environment(), place.variables);
  if (host.kind == Kind::command) {
    const auto source =
        host.metrics_from_stdout ? exec::MetricSource::output : exec::MetricSource::file;
    return std::make_unique<exec::CommandRunner>(
        exec::CommandSettings{exec::CommandTemplate(host.command), std::move(environment),
                              place.folder, source},
        output);
  }
  return std::make_unique<exec::Host>(
      exec::HostSettings{host_arguments(host), std::move(environment), configs.grid_fields(),
                         facts},
      output);
}

void check_host(const ExperimentHost& host, const ConfigIter& configs) {
  switch (host.kind) {
    case Kind::command:
      return check_command(host.command, configs);
    case Kind::python:
      (void)exec::data_file(python_host);
      return check_python(host.python);
    case Kind::function:
      for (const std::string& plugin : host.plugins) load_plugin(plugin);
      (void)find_experiment(host.function);
  }
}

bool has_fixed_program(const ExperimentHost& host) {
  return host.kind != Kind::command || exec::CommandTemplate(host.command).has_fixed_program();
}

}  // namespace malet::sweep
