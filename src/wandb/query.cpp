#include "wandb/query.hpp"

namespace malet::wandb {

namespace {

constexpr const char* sweep_text =
    "query Sweep($entity: String!, $project: String!, $sweep: String!) {"
    " project(name: $project, entityName: $entity) {"
    " sweep(sweepName: $sweep) { name config } } }";

constexpr const char* runs_text =
    "query Runs($entity: String!, $project: String!, $filters: JSONString, $cursor: String,"
    " $count: Int!) {"
    " project(name: $project, entityName: $entity) {"
    " runCount(filters: $filters)"
    " runs(filters: $filters, after: $cursor, first: $count, order: \"+created_at\") {"
    " edges { node { name state commit createdAt heartbeatAt config summaryMetrics"
    " historyLineCount historyKeys } }"
    " pageInfo { endCursor hasNextPage } } } }";

constexpr const char* history_text =
    "query History($entity: String!, $project: String!, $run: String!, $begin: Int64!,"
    " $end: Int64!, $count: Int!) {"
    " project(name: $project, entityName: $entity) {"
    " run(name: $run) { history(minStep: $begin, maxStep: $end, samples: $count) } } }";

constexpr int runs_per_page = 100;

std::string body(const char* text, const Project& project, const Value::Map& more) {
  Value::Map variables{{"entity", project.entity}, {"project", project.name}};
  variables.insert(variables.end(), more.begin(), more.end());
  return to_json(Value(Value::Map{{"query", text}, {"variables", std::move(variables)}}));
}

}  // namespace

std::string sweep_query(const Project& project, const std::string& sweep) {
  return body(sweep_text, project, {{"sweep", sweep}});
}

std::string runs_query(const Project& project, const std::string& sweep, const Value& filter,
                       const std::string& cursor) {
  Value::List conditions{Value(Value::Map{{"sweep", sweep}})};
  if (filter.is_map() && !filter.map().empty()) conditions.push_back(filter);
  const Value filters(Value::Map{{"$and", std::move(conditions)}});
  return body(runs_text, project,
              {{"filters", to_json(filters)},
               {"cursor", cursor.empty() ? Value() : Value(cursor)},
               {"count", runs_per_page}});
}

std::string history_query(const Project& project, const std::string& run,
                          const StepWindow& window) {
  return body(
      history_text, project,
      {{"run", run}, {"begin", window.begin}, {"end", window.end}, {"count", most_history_rows}});
}

}  // namespace malet::wandb
