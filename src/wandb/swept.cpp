#include "wandb/swept.hpp"

#include <fmt/format.h>

#include "base/yaml/yaml.hpp"
#include "malet/error.hpp"

namespace malet::wandb {

namespace {

const Value& named_map(const Value& whole, std::string_view name, std::string_view advice,
                       const Asked& asked) {
  const Value* found = whole.find(name);
  if (found != nullptr && found->is_map()) return *found;
  asked.fail(fmt::format("there is no such {}, or the key may not read it: {}", name, advice));
}

bool is_varied(const Value& parameter) {
  if (const Value* values = parameter.find("values")) {
    return values->is_list() && values->list().size() > 1;
  }
  const Value* distribution = parameter.find("distribution");
  const bool constant = distribution != nullptr && *distribution == Value("constant");
  return parameter.is_map() && parameter.find("value") == nullptr && !constant;
}

void collect(const Value& parameters, const std::string& prefix, std::vector<std::string>& names) {
  if (!parameters.is_map()) return;
  for (const auto& [name, parameter] : parameters.map()) {
    if (const Value* nested = parameter.find("parameters")) {
      collect(*nested, prefix + name + ".", names);
    } else if (is_varied(parameter)) {
      names.push_back(prefix + name);
    }
  }
}

Value parse_config(const std::string& text, const Asked& asked) {
  try {
    return base::yaml::to_value(base::yaml::parse(text, "its config", base::yaml::Schema::pyyaml));
  } catch (const Error& error) {
    asked.fail(fmt::format("the sweep's config is no YAML ({}): try again", error.what()));
  }
}

}  // namespace

std::vector<std::string> swept_parameters(const Value& data, const Asked& asked) {
  const Value& project = named_map(data, "project", "check ENTITY/PROJECT", asked);
  const Value& sweep = named_map(project, "sweep", "give the id at the end of its address", asked);
  const Value* config = sweep.find("config");
  std::vector<std::string> names;
  if (config == nullptr || config->is_null()) return names;
  const Value parsed = config->is_text() ? parse_config(config->text(), asked) : *config;
  if (const Value* parameters = parsed.find("parameters")) collect(*parameters, "", names);
  return names;
}

}  // namespace malet::wandb
