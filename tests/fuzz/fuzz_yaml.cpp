// An exp_config.yaml as anybody may write it: it opens, or it is a malet::Error.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/yaml/yaml.hpp"
#include "malet/config_iter.hpp"
#include "malet/error.hpp"

namespace {

void check(bool holds) {
  if (!holds) std::abort();
}

void read_header(std::string_view text) {
  try {
    using malet::base::yaml::Schema;
    static_cast<void>(to_value(malet::base::yaml::parse(text, "log.tsv", Schema::pyyaml)));
  } catch (const malet::Error&) {
  }
}

/// Decodes some configs and finds them again.
void walk(const malet::ConfigIter& configs) {
  const std::uint64_t step = std::max<std::uint64_t>(configs.size() / 50, 1);
  for (std::uint64_t i = 0; i < configs.size() && i / step < 50; i += step) {
    const malet::Config config = configs[i];
    const auto found = configs.index_of(config);
    check(found.has_value() && *found <= i && *found == configs.first_index(i));
    check(configs.config(*found).run_id() == config.run_id());
  }
  if (configs.size() < 10'000) check(configs.duplicates().has_value());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  read_header(text);
  try {
    walk(malet::ConfigIter::from_text(text));
  } catch (const malet::Error&) {
  }
  return 0;
}
