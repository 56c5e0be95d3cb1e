#include "exec/slurm.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <ctime>
#include <string>
#include <system_error>

#include "base/descriptor.hpp"
#include "exec/child.hpp"
#include "exec/environment.hpp"
#include "exec/signals.hpp"

namespace malet::exec {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Clock = std::chrono::steady_clock;

// A controller that is busy answers late; a job that waits for it does nothing meanwhile.
constexpr seconds patience(5);
constexpr milliseconds look(20);
constexpr std::size_t longest_answer = 4096;

std::string variable(const char* name) {
  const char* text = std::getenv(name);
  return text == nullptr ? std::string() : text;
}

template <typename T>
std::optional<T> read_number(std::string_view text) {
  T number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole && number >= 0 ? std::optional(number) : std::nullopt;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(blanks) + 1 - begin);
}

/// The job as squeue takes it. The number of an array's last task is that of the whole array, for
/// which squeue would list all of its tasks.
std::string job_name() {
  const std::string job = variable("SLURM_JOB_ID");
  const std::string array = variable("SLURM_ARRAY_JOB_ID");
  const std::string task = variable("SLURM_ARRAY_TASK_ID");
  if (!read_number<std::uint64_t>(job)) return {};
  const bool in_array = read_number<std::uint64_t>(array) && read_number<std::uint64_t>(task);
  return in_array ? array + "_" + task : job;
}

/// Whether there may be more of it.
bool read_some(int descriptor, std::string& answer) {
  std::array<char, 512> buffer;
  const ssize_t size = ::read(descriptor, buffer.data(), buffer.size());
  if (size < 0) return errno == EAGAIN || errno == EINTR;
  answer.append(buffer.data(), static_cast<std::size_t>(size));
  return size > 0 && answer.size() < longest_answer;
}

/// What the child says on the pipe until it closes it; empty when its time is over.
std::string listen(int descriptor) {
  const auto until = Clock::now() + patience;
  std::string answer;
  while (Clock::now() < until && SignalWatch::count() == 0) {
    pollfd polled{descriptor, POLLIN, 0};
    if (::poll(&polled, 1, static_cast<int>(look.count())) <= 0) continue;
    if (!read_some(descriptor, answer)) return answer;
  }
  return {};
}

std::string ask_squeue(const std::string& job) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) return {};
  const base::Descriptor out(ends[0]);
  base::Descriptor in(ends[1]);
  ChildSpec spec;
  spec.arguments = {"squeue", "-h", "-j", job, "-O", "EndTime"};
  // Users may have squeue write times in another form.
  spec.environment = child_environment(own_environment(), {{"SLURM_TIME_FORMAT", "standard"}});
  spec.out = in.get();
  try {
    const Child child(spec);
    in.close();
    return listen(out.get());
  } catch (const std::system_error&) {
    return {};  // no squeue on this node
  }
}

/// An end that is over was put off meanwhile, since this process still runs.
std::optional<seconds> until(seconds end) {
  const seconds left = end - seconds(std::time(nullptr));
  return left > seconds(0) ? std::optional(left) : std::nullopt;
}

}  // namespace

std::optional<seconds> parse_squeue_end(std::string_view text) {
  const std::string line(trimmed(text));
  std::tm time{};
  const char* end = ::strptime(line.c_str(), "%Y-%m-%dT%H:%M:%S", &time);
  if (end == nullptr || *end != '\0' || line.size() != 19) return std::nullopt;
  time.tm_isdst = -1;
  const std::time_t since_epoch = std::mktime(&time);
  return since_epoch < 0 ? std::nullopt : std::optional<seconds>(since_epoch);
}

std::optional<seconds> slurm_time_left() {
  const auto told = read_number<std::int64_t>(variable("SLURM_JOB_END_TIME"));
  const auto left = told ? until(seconds(*told)) : std::nullopt;
  if (left) return left;
  const std::string job = job_name();
  if (job.empty()) return std::nullopt;
  const auto end = parse_squeue_end(ask_squeue(job));
  return end ? until(*end) : std::nullopt;
}

}  // namespace malet::exec
