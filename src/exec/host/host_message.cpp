#include "exec/host/host_message.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/json/json_read.hpp"
#include "base/text/reject.hpp"
#include "malet/error.hpp"

namespace malet::exec {

namespace {

constexpr std::array<std::pair<std::string_view, HostMessage::Kind>, 4> host_kinds = {{
    {"ready", HostMessage::Kind::ready},
    {"report", HostMessage::Kind::report},
    {"done", HostMessage::Kind::done},
    {"failed", HostMessage::Kind::failed},
}};

/// One field of a line, and the type it must have.
const Value* find(const Value& object, std::string_view name, Value::Type type) {
  const Value* value = object.find(name);
  if (value == nullptr || value->is_null()) return nullptr;
  if (value->type() != type) {
    reject("'{}' is {}, not {}", name, type_name(value->type()), type_name(type));
  }
  return value;
}

const Value& require(const Value& object, std::string_view name, Value::Type type) {
  const Value* value = find(object, name, type);
  if (value == nullptr) reject("'{}' is missing", name);
  return *value;
}

Metrics metrics_of(const Value& object, std::string_view name) {
  const Value* value = find(object, name, Value::Type::map);
  return value == nullptr ? Metrics() : Metrics(value->map());
}

std::string text_of(const Value& object, std::string_view name) {
  const Value* value = find(object, name, Value::Type::text);
  return value == nullptr ? std::string() : value->text();
}

bool flag_of(const Value& object, std::string_view name) {
  const Value* value = find(object, name, Value::Type::boolean);
  return value != nullptr && value->boolean();
}

Value parse_object(std::string_view line) {
  Value object = base::read_json(line);
  if (!object.is_map()) reject("the line is no JSON object");
  return object;
}

void check_protocol(const Value& object) {
  const std::int64_t found = require(object, "protocol", Value::Type::integer).integer();
  if (found != protocol_version) {
    reject("protocol {} is spoken, here it is {}", found, protocol_version);
  }
}

Value line_of(std::string_view type) {
  return Value(Value::Map{{"type", Value(type)}});
}

std::string finish(const Value& object) {
  return to_json(object, 0, NonFinite::python);
}

void add_map(Value& object, const char* name, const Metrics& metrics) {
  if (metrics.empty()) return;
  object.map().emplace_back(name, Value(static_cast<const Value::Map&>(metrics)));
}

void add_flag(Value& object, const char* name, bool flag) {
  if (flag) object.map().emplace_back(name, true);
}

Value experiment_object(const ExperimentFacts& facts) {
  Value object(Value::Map{{"name", facts.name}, {"folder", facts.folder}, {"total", facts.total}});
  if (facts.timeout) object.map().emplace_back("timeout", *facts.timeout);
  add_flag(object, "checkpoint", facts.checkpoint);
  add_flag(object, "configs_save", facts.configs_save);
  return object;
}

}  // namespace

std::string run_line(const RunOrder& order, const std::vector<std::string>& grid_fields,
                     const ExperimentFacts& experiment, bool first) {
  Value object = line_of("run");
  Value::Map& fields = object.map();
  if (first) fields.emplace_back("protocol", protocol_version);
  fields.emplace_back("config", order.config.to_map());
  fields.emplace_back("grid_fields", Value(grid_fields));
  fields.emplace_back("run_id", order.run_id);
  fields.emplace_back("attempt", order.attempt);
  fields.emplace_back("dir", order.dir);
  add_map(object, "resume", order.resume);
  add_map(object, "info", order.info);
  fields.emplace_back("experiment", experiment_object(experiment));
  return finish(object);
}

std::string stop_line(std::string_view reason) {
  Value object = line_of("stop");
  object.map().emplace_back("reason", Value(reason));
  return finish(object);
}

HostMessage parse_host_message(std::string_view line) {
  const Value object = parse_object(line);
  const std::string& type = require(object, "type", Value::Type::text).text();
  HostMessage message;
  const auto* kind = std::find_if(host_kinds.begin(), host_kinds.end(),
                                  [&](const auto& entry) { return entry.first == type; });
  if (kind == host_kinds.end()) reject("'{}' is no type of a host's line", type);
  message.kind = kind->second;
  if (message.kind == HostMessage::Kind::ready) check_protocol(object);
  message.metrics = metrics_of(object, "metrics");
  message.set = metrics_of(object, "set");
  message.keep = flag_of(object, "keep");
  message.stopped = flag_of(object, "stopped");
  if (const Value* cpu = object.find("cpu"); cpu != nullptr && cpu->is_number()) {
    message.cpu_seconds = cpu->number();
  }
  message.traceback = text_of(object, "traceback");
  if (message.kind == HostMessage::Kind::failed) {
    message.error = require(object, "error", Value::Type::text).text();
  }
  return message;
}

std::string host_line(const HostMessage& message) {
  const auto* kind = std::find_if(host_kinds.begin(), host_kinds.end(),
                                  [&](const auto& entry) { return entry.second == message.kind; });
  Value object = line_of(kind->first);
  if (message.kind == HostMessage::Kind::ready) {
    object.map().emplace_back("protocol", protocol_version);
  }
  add_map(object, "metrics", message.metrics);
  add_map(object, "set", message.set);
  add_flag(object, "keep", message.keep);
  add_flag(object, "stopped", message.stopped);
  if (message.cpu_seconds) object.map().emplace_back("cpu", *message.cpu_seconds);
  if (message.kind == HostMessage::Kind::failed) object.map().emplace_back("error", message.error);
  if (!message.traceback.empty()) object.map().emplace_back("traceback", message.traceback);
  return finish(object);
}

RankMessage parse_rank_message(std::string_view line, bool first) {
  const Value object = parse_object(line);
  const std::string& type = require(object, "type", Value::Type::text).text();
  if (first || object.find("protocol") != nullptr) check_protocol(object);
  RankMessage message;
  if (type == "stop") return message;
  if (type != "run") reject("'{}' is no type of a rank's line", type);
  message.kind = RankMessage::Kind::run;
  message.order.config = Config(require(object, "config", Value::Type::map).map());
  message.order.run_id = text_of(object, "run_id");
  message.order.dir = text_of(object, "dir");
  message.order.resume = metrics_of(object, "resume");
  message.order.info = metrics_of(object, "info");
  if (const Value* attempt = find(object, "attempt", Value::Type::integer)) {
    message.order.attempt = static_cast<int>(attempt->integer());
  }
  return message;
}

}  // namespace malet::exec
