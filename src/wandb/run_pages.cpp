#include "wandb/run_pages.hpp"

#include <fmt/format.h>

#include "base/text/text_parts.hpp"

namespace malet::wandb {

namespace {

const Value& part(const Value& whole, std::string_view name, Value::Type type, const Asked& asked) {
  const Value* found = whole.find(name);
  if (found != nullptr && found->type() == type) return *found;
  asked.fail(fmt::format("the page of runs has no {}: check WANDB_BASE_URL, or try again", name));
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

}  // namespace malet::wandb
