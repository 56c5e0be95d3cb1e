#include <malet/malet.hpp>

namespace {

malet::Metrics product(const malet::Config& config, malet::Run& run) {
  for (int factor = 1; factor <= 3; ++factor) run.report({{"multiple", factor * 2}});
  return {{"product", config.get<int>("left") * config.get<int>("right")}};
}

MALET_EXPERIMENT("product", product);

}  // namespace
