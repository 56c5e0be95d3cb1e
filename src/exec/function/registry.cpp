#include "malet/registry.hpp"

#include <dlfcn.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>

#include "base/text/reject.hpp"
#include "malet/error.hpp"

namespace malet {

namespace {

struct Entry {
  ExpFunction function;
  int version;
  int count;  // how many registered this name
};

using Registry = std::map<std::string, Entry, std::less<>>;

/// Created by the first registration, which may come before main.
Registry& registry() {
  static Registry entries;
  return entries;
}

/// Plug-ins share memory layouts with us, which are fixed within one minor version.
bool is_compatible(int version) {
  return version / 100 == MALET_VERSION / 100;
}

const Entry& the_only_one() {
  if (registry().empty()) {
    reject(
        "no experiment function is registered: pass --plugin lib.so, --command or --python, or use "
        "an executable that registers one with MALET_EXPERIMENT");
  }
  if (registry().size() > 1) {
    reject("several experiment functions are registered ({}): pick one with --function",
           fmt::join(experiment_names(), ", "));
  }
  return registry().begin()->second;
}

}  // namespace

void register_experiment(std::string_view name, ExpFunction function, int version) {
  const auto [entry, is_new] =
      registry().try_emplace(std::string(name), Entry{std::move(function), version, 0});
  ++entry->second.count;
}

ExpFunction find_experiment(std::string_view name) {
  const auto found = registry().find(name);
  if (!name.empty() && found == registry().end()) {
    reject("no experiment function is named '{}'; registered are: {}", name,
           registry().empty() ? "none" : fmt::format("{}", fmt::join(experiment_names(), ", ")));
  }
  const Entry& entry = name.empty() ? the_only_one() : found->second;
  const std::string_view called = name.empty() ? registry().begin()->first : name;
  if (entry.count > 1) {
    reject("experiment function '{}' is registered {} times: give each its own name", called,
           entry.count);
  }
  if (!is_compatible(entry.version)) {
    reject(
        "experiment function '{}' was compiled against malet {}.{}, this is {}.{}: "
        "compile it again",
        called, entry.version / 10000, entry.version / 100 % 100, MALET_VERSION / 10000,
        MALET_VERSION / 100 % 100);
  }
  return entry.function;
}

std::vector<std::string> experiment_names() {
  std::vector<std::string> names;
  for (const auto& [name, entry] : registry()) names.push_back(name);
  return names;
}

void load_plugin(const std::string& path) {
  const std::size_t before = registry().size();
  // dlopen would look for a bare name in the system's folders only.
  const std::string file = path.find('/') == std::string::npos ? "./" + path : path;
  if (::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL) == nullptr) {
    reject("plug-in cannot be loaded: {}", ::dlerror());
  }
  if (registry().empty() && before == 0) {
    reject("plug-in {} registers no experiment function: use MALET_EXPERIMENT in it", path);
  }
}

}  // namespace malet
