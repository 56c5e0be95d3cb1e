#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "malet/config.hpp"
#include "malet/run.hpp"
#include "malet/value.hpp"

/// The version of these headers, as major * 10000 + minor * 100 + patch. A plug-in that was
/// compiled against another minor version is refused when it is loaded.
#define MALET_VERSION 100

namespace malet {

/// What runs one config: takes the config and the run, returns the final metrics. A returned metric
/// replaces the series of its name. An exception makes the run failed (status F) and nothing else.
using ExpFunction = std::function<Metrics(const Config&, Run&)>;

/// Registers an experiment function under a name; MALET_EXPERIMENT calls it before main or while a
/// plug-in is loaded. A name that is taken, or another `version`, is reported when functions are
/// looked up, since this may run before main.
void register_experiment(std::string_view name, ExpFunction function, int version = MALET_VERSION);

/// The registered function of that name; with an empty name the only one there is. Throws
/// Error(bad_input) that lists the known names.
[[nodiscard]] ExpFunction find_experiment(std::string_view name = {});

/// The names of the registered functions, sorted.
[[nodiscard]] std::vector<std::string> experiment_names();

/// Loads a shared library whose MALET_EXPERIMENT functions become known. It stays loaded until the
/// process ends. Throws Error(bad_input) with the loader's reason.
void load_plugin(const std::string& path);

namespace detail {
struct Registration {
  Registration(std::string_view name, ExpFunction function) {
    register_experiment(name, std::move(function), MALET_VERSION);
  }
};
}  // namespace detail

}  // namespace malet

#define MALET_DETAIL_JOIN2(a, b) a##b
#define MALET_DETAIL_JOIN(a, b) MALET_DETAIL_JOIN2(a, b)

/// Registers `function` under `name`: MALET_EXPERIMENT("train", train);
#define MALET_EXPERIMENT(name, function)                                                          \
  static const ::malet::detail::Registration MALET_DETAIL_JOIN(malet_registration_, __COUNTER__)( \
      name, function)
