#include "cli/reports/queue_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "cli/screen/text_table.hpp"

namespace malet::cli {

namespace {

TextTable::Cell number(std::uint64_t count) {
  return {std::to_string(count), true};
}

/// As points in time are written elsewhere.
std::string started_text(std::string started) {
  std::replace(started.begin(), started.end(), 'T', ' ');
  return started;
}

Value or_null(const std::string& text) {
  return text.empty() ? Value() : Value(text);
}

}  // namespace

std::string queue_report(const sweep::QueueState& state, std::size_t width) {
  TextTable table({"queue job", "", "host", "since", "held", "done"});
  for (const auto& job : state.jobs) {
    table.add_row({{job.name},
                   {job.is_alive ? "alive" : "gone"},
                   {job.host},
                   {started_text(job.started)},
                   number(job.held),
                   number(job.done)});
  }
  return table.render(width) +
         fmt::format("chunks: {} free, {} held, {} done\n", state.free(), state.held, state.done);
}

Value queue_document(const sweep::QueueState& state) {
  Value::List jobs;
  for (const auto& job : state.jobs) {
    jobs.emplace_back(Value::Map{{"job", job.name},
                                 {"alive", job.is_alive},
                                 {"host", or_null(job.host)},
                                 {"started", or_null(job.started)},
                                 {"held", job.held},
                                 {"done", job.done}});
  }
  return Value(Value::Map{{"jobs", std::move(jobs)},
                          {"chunks", Value::Map{{"total", state.chunks},
                                                {"free", state.free()},
                                                {"held", state.held},
                                                {"done", state.done}}}});
}

}  // namespace malet::cli
