#include "exec/command/command_runner.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <system_error>
#include <utility>

#include "exec/process/memory.hpp"
#include "malet/error.hpp"

namespace malet::exec {

namespace {

// How often metrics of a run in progress are read.
constexpr std::chrono::milliseconds look_interval(200);
constexpr std::size_t most_at_once = std::size_t{4} << 20U;

/// Overwrites a file, then truncates it: truncating it first costs more on common file systems than
/// starting a process.
void write_file(const std::filesystem::path& path, const std::string& text) {
  const base::Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  const ssize_t got = file.is_open() ? ::write(file.get(), text.data(), text.size()) : -1;
  struct stat about {};
  const bool written = got == static_cast<ssize_t>(text.size()) &&
                       ::fstat(file.get(), &about) == 0 &&
                       (about.st_size == got || ::ftruncate(file.get(), got) == 0);
  if (written) return;
  const int error = got >= 0 && got < static_cast<ssize_t>(text.size()) ? ENOSPC : errno;
  throw Error(ErrorKind::internal, fmt::format("{}: cannot be written: {}", path.string(),
                                               std::generic_category().message(error)));
}

std::string json(const Value::Map& fields) {
  return to_json(Value(fields), 0, NonFinite::python) + "\n";
}

}  // namespace

CommandRunner::CommandRunner(CommandSettings settings, const SlotOutput& output)
    : settings_(std::move(settings)), output_(output) {
  const auto add = [this](const char* name, const char* file) {
    settings_.environment.push_back(fmt::format("{}={}", name, (settings_.folder / file).string()));
  };
  const auto& fields = settings_.command.fields();
  uses_run_dir_ = std::find(fields.begin(), fields.end(), "run_dir") != fields.end();
  add("MALET_CONFIG", "config.json");
  add("MALET_METRICS", "metrics.jsonl");
}

void CommandRunner::begin(const RunOrder& order) {
  state_ = State::busy;
  told_to_stop_ = false;
  metrics_read_ = 0;
  peak_memory_ = 0;
  looked_ = Clock::now();
  lines_.emplace(settings_.source);
  ChildSpec spec;
  try {
    write_files(order);
    spec.arguments = arguments_of(order);
    spec.environment = environment_of(order);
    spec.out = output_.out();
    spec.err = output_.err();
    child_.emplace(spec);
  } catch (const std::system_error& error) {
    const std::string program = spec.arguments.empty() ? "its files" : spec.arguments.front();
    start_error_ = fmt::format("cannot be started: {}: {}", program, error.code().message());
  } catch (const Error& error) {
    start_error_ = error.what();
  }
}

std::vector<std::string> CommandRunner::arguments_of(const RunOrder& order) const {
  const Value supplied[] = {Value(order.run_id), Value(order.dir), Value(order.attempt)};
  return settings_.command.arguments([&](std::string_view name) -> const Value* {
    // The experiment's fields come before ours of the same name.
    if (const Value* value = order.config.find(name)) return value;
    const auto found = std::find(supplied_fields.begin(), supplied_fields.end(), name);
    return found == supplied_fields.end() ? nullptr : &supplied[found - supplied_fields.begin()];
  });
}

void CommandRunner::write_files(const RunOrder& order) {
  const auto& folder = settings_.folder;
  write_file(folder / "config.json", json(order.config.to_map()));
  ::unlink((folder / "metrics.jsonl").c_str());
  if (!order.resume.empty()) write_file(folder / "resume.json", json(order.resume));
  if (uses_run_dir_) std::filesystem::create_directories(order.dir);
}

std::vector<std::string> CommandRunner::environment_of(const RunOrder& order) const {
  std::vector<std::string> environment = settings_.environment;
  environment.push_back("MALET_RUN_ID=" + order.run_id);
  environment.push_back("MALET_RUN_DIR=" + order.dir);
  environment.push_back(fmt::format("MALET_ATTEMPT={}", order.attempt));
  if (!order.resume.empty()) {
    environment.push_back("MALET_RESUME=" + (settings_.folder / "resume.json").string());
  }
  return environment;
}

void CommandRunner::ask_to_stop(std::string_view) {
  told_to_stop_ = true;
  if (child_) child_->signal_group(SIGTERM);
}

void CommandRunner::kill() {
  if (child_) child_->signal_group(SIGKILL);
}

void CommandRunner::end() {
  if (!child_) state_ = State::down;
}

void CommandRunner::add_descriptors(std::vector<pollfd>& polled) const {
  if (child_ && child_->end_descriptor() >= 0) {
    polled.push_back({child_->end_descriptor(), POLLIN, 0});
  }
}

std::optional<RunEnding> CommandRunner::turn(const OnReport& on_report) {
  if (!start_error_.empty()) {
    state_ = State::idle;
    RunEnding ending;
    ending.how = RunEnding::How::unable;
    ending.error = std::exchange(start_error_, {});
    return ending;
  }
  if (!child_) return std::nullopt;
  const auto& end = child_->poll();
  if (end) {
    read_last_metrics(on_report);
    return finish(*end, on_report);
  }
  if (const auto now = Clock::now(); now - looked_ > look_interval) {
    looked_ = now;
    peak_memory_ = std::max(peak_memory_, exec::peak_memory(child_->pid()));
    read_metrics(on_report);
  }
  return std::nullopt;
}

std::string CommandRunner::new_metrics() {
  std::string text;
  if (settings_.source == MetricSource::output) {
    text = output_.out_from(metrics_read_);
  } else {
    const std::size_t size = metrics_size();
    if (size <= metrics_read_) return text;
    const base::Descriptor file(
        ::open((settings_.folder / "metrics.jsonl").c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!file.is_open()) return text;
    text.resize(std::min(size - metrics_read_, most_at_once));
    const ssize_t got =
        ::pread(file.get(), text.data(), text.size(), static_cast<off_t>(metrics_read_));
    text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  }
  metrics_read_ += text.size();
  return text;
}

std::size_t CommandRunner::metrics_size() const {
  if (settings_.source == MetricSource::output) return output_.out_size();
  struct stat about {};
  const bool there = ::stat((settings_.folder / "metrics.jsonl").c_str(), &about) == 0;
  return there && S_ISREG(about.st_mode) ? static_cast<std::size_t>(about.st_size) : 0;
}

/// Reads new metrics once, since a command may write faster than we read.
void CommandRunner::read_metrics(const OnReport& on_report) {
  lines_->take(new_metrics());
  give_steps(on_report);
}

/// Reads metrics up to the file's present size: processes that the command left may go on writing.
void CommandRunner::read_last_metrics(const OnReport& on_report) {
  const std::size_t size = metrics_size();
  while (metrics_read_ < size) {
    const std::size_t before = metrics_read_;
    read_metrics(on_report);
    if (metrics_read_ == before) return;
  }
}

void CommandRunner::give_steps(const OnReport& on_report) {
  for (Metrics& step : lines_->steps()) on_report({std::move(step), {}, false});
}

RunEnding CommandRunner::finish(const ChildEnd& end, const OnReport& on_report) {
  RunEnding ending;
  ending.metrics = lines_->finish(!end.by_signal && end.code == 0 && !told_to_stop_);
  give_steps(on_report);
  ending.code = end.code;
  ending.pid = child_->pid();
  ending.cpu_seconds = end.cpu_seconds;
  ending.peak_memory = std::max(end.peak_memory, peak_memory_);
  ending.stopped = told_to_stop_;
  if (end.by_signal) {
    ending.how = RunEnding::How::killed;
  } else if (end.code != 0) {
    ending.how = RunEnding::How::exited;
  } else if (const auto error = lines_->error()) {
    ending.how = RunEnding::How::failed;
    ending.error = *error;
  }
  child_.reset();
  state_ = State::idle;
  return ending;
}

}  // namespace malet::exec
