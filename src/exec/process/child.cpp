#include "exec/process/child.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <cerrno>
#include <csignal>
#include <system_error>

namespace malet::exec {

namespace {

void check(int error, const char* what) {
  if (error != 0) throw std::system_error(error, std::generic_category(), what);
}

/// posix_spawn's file actions and attributes.
class SpawnSettings {
 public:
  SpawnSettings() {
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawnattr_init(&attributes);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;
  ~SpawnSettings() {
    ::posix_spawn_file_actions_destroy(&actions);
    ::posix_spawnattr_destroy(&attributes);
  }

  void set_signals(bool own_session) {
    sigset_t blocked;
    sigemptyset(&blocked);
    for (const int signal : {SIGUSR1, SIGUSR2, SIGXCPU}) sigaddset(&blocked, signal);
    sigset_t all;
    sigfillset(&all);
    ::posix_spawnattr_setsigmask(&attributes, &blocked);
    ::posix_spawnattr_setsigdefault(&attributes, &all);
    ::posix_spawnattr_setpgroup(&attributes, 0);
    const int group = own_session ? POSIX_SPAWN_SETSID : POSIX_SPAWN_SETPGROUP;
    ::posix_spawnattr_setflags(
        &attributes, static_cast<short>(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | group));
  }

  void open_null(int descriptor, int mode) {
    check(::posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", mode, 0), "spawn");
  }
  void duplicate(int from, int to) {
    check(::posix_spawn_file_actions_adddup2(&actions, from, to), "spawn");
  }
  void close_from(int first) {
#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 34)
    check(::posix_spawn_file_actions_addclosefrom_np(&actions, first), "spawn");
#else
    (void)first;  // what we open ourselves is closed by exec
#endif
  }

  posix_spawn_file_actions_t actions{};
  posix_spawnattr_t attributes{};
};

/// Duplicates of a child's descriptors with high numbers, so that moving one to its place
/// overwrites no other.
class RaisedDescriptors {
 public:
  explicit RaisedDescriptors(const ChildSpec& spec) {
    const int first = 10 + static_cast<int>(spec.inherited.size());
    raise(spec.out, first);
    raise(spec.err, first);
    for (const int descriptor : spec.inherited) raise(descriptor, first);
  }
  [[nodiscard]] int get(std::size_t i) const { return raised_[i].get(); }

 private:
  void raise(int descriptor, int first) {
    if (descriptor < 0) {
      raised_.emplace_back();
      return;
    }
    raised_.emplace_back(::fcntl(descriptor, F_DUPFD_CLOEXEC, first));
    check(raised_.back().is_open() ? 0 : errno, "spawn");
  }

  std::vector<base::Descriptor> raised_;
};

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> result;
  // posix_spawn takes char* for C's sake and changes nothing.
  for (const std::string& text : texts) result.push_back(const_cast<char*>(text.c_str()));
  result.push_back(nullptr);
  return result;
}

long own_peak() {
  struct rusage usage {};
  return ::getrusage(RUSAGE_SELF, &usage) == 0 ? usage.ru_maxrss : 0;
}

int open_pidfd(pid_t pid) {
#ifdef SYS_pidfd_open
  return static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
#else
  return -1;
#endif
}

}  // namespace

Child::Child(const ChildSpec& spec) {
  SpawnSettings settings;
  settings.set_signals(spec.own_session);
  const RaisedDescriptors raised(spec);
  settings.open_null(0, O_RDONLY);
  for (const int stream : {1, 2}) {
    const int descriptor = raised.get(static_cast<std::size_t>(stream) - 1);
    if (descriptor < 0) {
      settings.open_null(stream, O_WRONLY);
    } else {
      settings.duplicate(descriptor, stream);
    }
  }
  int next = 3;
  for (std::size_t i = 0; i < spec.inherited.size(); ++i)
    settings.duplicate(raised.get(i + 2), next++);
  settings.close_from(next);
  const auto arguments = pointers(spec.arguments);
  const auto environment = pointers(spec.environment);
  check(::posix_spawnp(&pid_, arguments[0], &settings.actions, &settings.attributes,
                       arguments.data(), environment.data()),
        "spawn");
  inherited_peak_ = own_peak();
  pidfd_ = base::Descriptor(open_pidfd(pid_));
}

Child::Child(Child&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      inherited_peak_(other.inherited_peak_),
      pidfd_(std::move(other.pidfd_)),
      end_(std::exchange(other.end_, std::nullopt)) {}

Child& Child::operator=(Child&& other) noexcept {
  if (this == &other) return *this;
  destroy();
  pid_ = std::exchange(other.pid_, -1);
  inherited_peak_ = other.inherited_peak_;
  pidfd_ = std::move(other.pidfd_);
  end_ = std::exchange(other.end_, std::nullopt);
  return *this;
}

Child::~Child() {
  destroy();
}

void Child::destroy() {
  if (pid_ < 0) return;
  signal_group(SIGKILL);
  if (!end_) collect(0);
  pid_ = -1;
}

const std::optional<ChildEnd>& Child::poll() {
  if (!end_) collect(WNOHANG);
  return end_;
}

const ChildEnd& Child::wait() {
  if (!end_) collect(0);
  return end_.value();
}

void Child::collect(int options) {
  // Kills the group before collecting its leader: afterwards a new process may get the number.
  siginfo_t ended{};
  while (::waitid(P_PID, static_cast<id_t>(pid_), &ended, WEXITED | WNOWAIT | options) != 0 &&
         errno == EINTR) {
  }
  if (ended.si_pid != pid_) return;
  ::kill(-pid_, SIGKILL);
  int status = 0;
  struct rusage usage {};
  const pid_t got = ::wait4(pid_, &status, 0, &usage);
  ChildEnd end;
  end.by_signal = got > 0 && WIFSIGNALED(status);
  end.code = end.by_signal ? WTERMSIG(status) : WEXITSTATUS(status);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  end.cpu_seconds = seconds(usage.ru_utime) + seconds(usage.ru_stime);
  if (usage.ru_maxrss > inherited_peak_) {
    end.peak_memory = static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
  }
  end_ = end;
}

void Child::signal_group(int signal) const {
  if (pid_ > 0 && !end_) ::kill(-pid_, signal);
}

}  // namespace malet::exec
