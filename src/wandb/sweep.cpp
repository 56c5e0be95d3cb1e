#include "wandb/sweep.hpp"

#include <fmt/format.h>

#include "base/text/text_parts.hpp"
#include "base/yaml/yaml.hpp"
#include "malet/error.hpp"

namespace malet::wandb {

namespace {

const Value& part(const Value& whole, std::string_view name, Value::Type type, const Asked& asked) {
  const Value* found = whole.find(name);
  if (found != nullptr && found->type() == type) return *found;
  asked.fail(fmt::format("the page of runs has no {}: check WANDB_BASE_URL, or try again", name));
}

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

Value::List RunPages::take(const Value& data, const Asked& asked) {
  const Value* project = data.find("project");
  if (project == nullptr || !project->is_map()) {
    asked.fail("there is no such project, or the key may not read it: check ENTITY/PROJECT");
  }
  const Value* count = project->find("runCount");
  if (count != nullptr && count->is_integer() && count->integer() > 0) {
    total_ = static_cast<std::size_t>(count->integer());
  }
  const Value& runs = part(*project, "runs", Value::Type::map, asked);
  Value::List nodes;
  for (const Value& edge : part(runs, "edges", Value::Type::list, asked).list()) {
    nodes.push_back(part(edge, "node", Value::Type::map, asked));
    const std::string& name = part(nodes.back(), "name", Value::Type::text, asked).text();
    if (!runs_.insert(name).second) {
      asked.fail(fmt::format("the run {} came on two pages: try again", base::excerpt(name)));
    }
  }
  turn(part(runs, "pageInfo", Value::Type::map, asked), nodes.empty(), asked);
  return nodes;
}

void RunPages::turn(const Value& page_info, bool empty, const Asked& asked) {
  more_ = part(page_info, "hasNextPage", Value::Type::boolean, asked).boolean();
  if (!more_) return;
  cursor_ = part(page_info, "endCursor", Value::Type::text, asked).text();
  if (empty || cursor_.empty() || !cursors_.insert(cursor_).second) {
    asked.fail("a page of runs leads on to none, or to one that was there: try again");
  }
}

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
