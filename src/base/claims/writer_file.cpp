#include "base/claims/writer_file.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <limits>
#include <random>
#include <utility>

#include "base/files/process_facts.hpp"
#include "base/json/json_read.hpp"
#include "base/text/text_parts.hpp"
#include "base/text/time_text.hpp"
#include "malet/error.hpp"
#include "malet/value.hpp"

namespace malet::base {

namespace {

constexpr std::array<std::string_view, 3> mode_names{"whole", "split", "queue"};  // by WriterMode

std::optional<WriterMode> mode_named(std::string_view name) {
  const auto found = std::find(mode_names.begin(), mode_names.end(), name);
  if (found == mode_names.end()) return std::nullopt;
  return static_cast<WriterMode>(found - mode_names.begin());
}

std::string variable(const char* name) {
  const char* text = std::getenv(name);
  return text == nullptr ? std::string() : text;
}

/// The current time, without fractions of a second.
std::string time_text() {
  std::string text = datetime_text(now());
  std::replace(text.begin(), text.end(), ' ', 'T');
  return text.substr(0, text.find('.'));
}

std::int64_t integer_in(const Value& fields, std::string_view name) {
  const Value* found = fields.find(name);
  return found != nullptr && found->is_integer() ? found->integer() : 0;
}

std::optional<Writer> writer_in(const Value& fields) {
  const auto mode = mode_named(text_field(fields, "mode"));
  const std::int64_t pid = integer_in(fields, "pid");
  Writer writer;
  writer.token = text_field(fields, "token");
  const bool has_pid = pid > 0 && pid <= std::numeric_limits<pid_t>::max();
  if (writer.token.empty() || !has_pid || !mode) return std::nullopt;
  writer.host = text_field(fields, "host");
  writer.process_space = text_field(fields, "process_space");
  writer.pid = static_cast<pid_t>(pid);
  writer.pid_start_time = static_cast<std::uint64_t>(integer_in(fields, "pid_start_time"));
  writer.slurm_job = text_field(fields, "slurm_job");
  writer.slurm_restarts = integer_in(fields, "slurm_restarts");
  writer.role = {*mode, text_field(fields, "splits")};
  writer.started = text_field(fields, "started");
  return writer;
}

}  // namespace

std::string new_token() {
  std::random_device random;
  return fmt::format("{:08x}{:08x}{:08x}{:08x}", random(), random(), random(), random());
}

Writer this_writer(WriterRole role) {
  Writer writer;
  writer.token = new_token();
  writer.host = host_name();
  writer.process_space = process_space();
  writer.pid = ::getpid();
  writer.pid_start_time = process_start_time(writer.pid);
  writer.slurm_job = variable("SLURM_JOB_ID");
  writer.slurm_restarts =
      static_cast<std::int64_t>(whole_number(variable("SLURM_RESTART_COUNT")).value_or(0));
  writer.role = std::move(role);
  writer.started = time_text();
  return writer;
}

std::string writer_text(const Writer& writer) {
  Value::Map fields{{"token", writer.token},
                    {"host", writer.host},
                    {"process_space", writer.process_space},
                    {"pid", writer.pid},
                    {"pid_start_time", writer.pid_start_time},
                    {"slurm_job", writer.slurm_job},
                    {"slurm_restarts", writer.slurm_restarts},
                    {"mode", mode_names.at(static_cast<std::size_t>(writer.role.mode))},
                    {"splits", writer.role.splits},
                    {"started", writer.started}};
  return to_json(Value(std::move(fields))) + "\n";
}

std::optional<Writer> parse_writer(std::string_view text) {
  try {
    return writer_in(read_json(text));
  } catch (const Error&) {
    return std::nullopt;
  }
}

std::string description(const Writer& writer) {
  std::string text = fmt::format("process {} on {}", writer.pid, writer.host);
  if (!writer.slurm_job.empty()) text += fmt::format(" (Slurm job {})", writer.slurm_job);
  return text;
}

std::string description(const WriterRole& role) {
  if (role.mode == WriterMode::whole) return "the whole log";
  if (role.mode == WriterMode::queue) return "the log of a queue job";
  return fmt::format("a split {} {}", whole_number(role.splits) ? "of" : "by", role.splits);
}

}  // namespace malet::base
