#include "exec/host/host.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <system_error>
#include <utility>

#include "base/text/reject.hpp"
#include "malet/error.hpp"

namespace malet::exec {

namespace {

// Limits a turn, so that a host that reports without end does not block the rank.
constexpr int lines_per_turn = 256;
constexpr std::chrono::milliseconds closing_time(500);
// How long a host may take to exit when asked to.
constexpr std::chrono::seconds farewell(5);

}  // namespace

Host::Host(HostSettings settings, const SlotOutput& output)
    : settings_(std::move(settings)), output_(output) {}

void Host::start() {
  first_line_ = true;
  cpu_told_ = 0;
  garbage_.clear();
  closed_.reset();
  told_to_stop_ = false;
  try {
    auto [mine, theirs] = LineSocket::make_pair();
    ChildSpec spec;
    spec.arguments = settings_.arguments;
    spec.environment = settings_.environment;
    spec.environment.emplace_back("MALET_FD=3");
    spec.out = output_.out();
    spec.err = output_.err();
    spec.inherited = {theirs.get()};
    child_.emplace(spec);
    socket_.emplace(std::move(mine));
  } catch (const std::system_error& error) {
    start_error_ = fmt::format("{} cannot be started: {}", settings_.arguments.front(),
                               error.code().message());
  }
  state_ = State::starting;
}

void Host::begin(const RunOrder& order) {
  socket_->send(run_line(order, settings_.grid_fields, settings_.experiment,
                         std::exchange(first_line_, false)));
  state_ = State::busy;
}

void Host::ask_to_stop(std::string_view reason) {
  if (!child_) return;
  told_to_stop_ = true;
  socket_->send(stop_line(reason));
  child_->signal_group(SIGTERM);
}

void Host::kill() {
  if (child_) child_->signal_group(SIGKILL);
}

void Host::end() {
  if (!child_ || state_ == State::busy || state_ == State::ending) return;
  socket_->finish();
  state_ = State::ending;
  ending_since_ = Clock::now();
}

void Host::add_descriptors(std::vector<pollfd>& polled) const {
  if (!child_) return;
  const bool unsent = socket_->has_unsent();
  if (socket_->state() == LineSocket::State::open) {
    polled.push_back(
        {socket_->descriptor(), static_cast<short>(unsent ? POLLIN | POLLOUT : POLLIN), 0});
  }
  if (child_->end_descriptor() >= 0) polled.push_back({child_->end_descriptor(), POLLIN, 0});
}

std::optional<RunEnding> Host::turn(const OnReport& on_report) {
  if (!start_error_.empty()) {
    state_ = State::down;
    RunEnding ending;
    ending.how = RunEnding::How::unable;
    ending.error = std::exchange(start_error_, {});
    return ending;
  }
  if (!child_) return std::nullopt;
  if (socket_->has_unsent()) socket_->flush();
  if (state_ == State::ending && Clock::now() - ending_since_ > farewell) kill();
  bool emptied = false;
  if (auto ending = take_lines(on_report, emptied)) return ending;
  if (!emptied || !child_->poll()) return std::nullopt;
  // The socket may hold lines from just before the end. It may never close: processes that the
  // function started may hold it open.
  if (auto ending = take_lines(on_report, emptied = false)) return ending;
  return emptied ? std::optional(take_end()) : std::nullopt;
}

std::optional<RunEnding> Host::take_lines(const OnReport& on_report, bool& emptied) {
  for (int i = 0; i < lines_per_turn && garbage_.empty() && !emptied; ++i) {
    const auto line = socket_->receive();
    emptied = !line;
    if (!line) break;
    try {
      if (auto ending = take_message(parse_host_message(*line), on_report)) return ending;
    } catch (const Error& error) {
      garbage_ = fmt::format("the host's line cannot be read: {}", error.what());
    }
  }
  if (garbage_.empty() && socket_->state() == LineSocket::State::garbled) {
    garbage_ = "the host sent a line of over 16 MiB";
  }
  if (!garbage_.empty()) return give_up(std::exchange(garbage_, {}));
  // A host that exits closes its socket before it cleans up.
  if (socket_->state() != LineSocket::State::closed || state_ == State::ending) {
    return std::nullopt;
  }
  // Most hosts that close their socket are about to end, and that end tells more.
  if (!closed_) closed_ = Clock::now();
  if (Clock::now() - *closed_ > closing_time) return give_up("the host closed its socket");
  return std::nullopt;
}

std::optional<RunEnding> Host::take_message(HostMessage&& message, const OnReport& on_report) {
  const bool busy = state_ == State::busy;
  switch (message.kind) {
    case HostMessage::Kind::ready:
      if (state_ == State::starting) {
        state_ = State::idle;
        return std::nullopt;
      }
      // It was asked to exit before it was ready.
      if (state_ == State::ending && !told_to_stop_) return std::nullopt;
      break;
    case HostMessage::Kind::report:
      if (!busy) break;
      on_report({std::move(message.metrics), std::move(message.set), message.keep});
      return std::nullopt;
    case HostMessage::Kind::done:
    case HostMessage::Kind::failed:
      if (!busy) break;
      return finish(std::move(message));
  }
  reject("it comes at a time when it means nothing");
}

RunEnding Host::finish(HostMessage&& message) {
  state_ = State::idle;
  RunEnding ending;
  const bool done = message.kind == HostMessage::Kind::done;
  ending.how = done ? RunEnding::How::done : RunEnding::How::failed;
  ending.metrics = std::move(message.metrics);
  ending.keep = message.keep;
  ending.stopped = message.stopped;
  ending.error = std::move(message.error);
  ending.traceback = std::move(message.traceback);
  ending.pid = child_->pid();
  ending.cpu_seconds = message.cpu_seconds.value_or(0);
  cpu_told_ += ending.cpu_seconds;
  // SIGTERM may not have reached it yet, and would then end the next run.
  if (told_to_stop_) end();
  return ending;
}

/// Kills a host that broke the protocol.
RunEnding Host::give_up(std::string what) {
  child_->signal_group(SIGKILL);
  RunEnding ending = take_end();
  ending.how = RunEnding::How::garbled;
  ending.code = 0;
  ending.error = std::move(what);
  return ending;
}

/// Waits for the end of the process.
RunEnding Host::take_end() {
  const ChildEnd end = child_->wait();
  RunEnding ending;
  ending.how = end.by_signal ? RunEnding::How::killed : RunEnding::How::exited;
  ending.code = end.code;
  ending.pid = child_->pid();
  ending.cpu_seconds = std::max(0.0, end.cpu_seconds - cpu_told_);
  ending.peak_memory = end.peak_memory;
  child_.reset();
  socket_.reset();
  state_ = State::down;
  return ending;
}

}  // namespace malet::exec
