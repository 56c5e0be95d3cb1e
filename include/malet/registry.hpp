#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "malet/config.hpp"
#include "malet/run.hpp"
#include "malet/value.hpp"

/// The version of these headers, as major * 10000 + minor * 100 + patch. A function compiled
/// against another minor version is refused.
#define MALET_VERSION 100

namespace malet {

/// Runs one config and returns its final metrics. A returned metric replaces the series of its
/// name. An exception fails this run only (status F).
using ExpFunction = std::function<Metrics(const Config&, Run&)>;

/// Registers an experiment function under a name. MALET_EXPERIMENT calls it before main, or while a
/// plug-in is loaded. Therefore find_experiment(), not this, reports a name that is taken and a
/// wrong version.
void register_experiment(std::string_view name, ExpFunction function, int version = MALET_VERSION);

/// The registered function of that name; the only function if the name is empty. Throws
/// Error(bad_input) that lists the known names.
[[nodiscard]] ExpFunction find_experiment(std::string_view name = {});

/// The names of the registered functions, sorted.
[[nodiscard]] std::vector<std::string> experiment_names();

/// Loads a shared library, which registers its MALET_EXPERIMENT functions. It stays loaded until
/// the process ends. Throws Error(bad_input) with the loader's reason.
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
