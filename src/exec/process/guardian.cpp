#include "exec/process/guardian.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <system_error>

#include "base/text/text_parts.hpp"
#include "exec/process/environment.hpp"
#include "exec/process/marked.hpp"

namespace malet::exec {

namespace {

constexpr char farewell_byte = 'q';

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

int* map_table(int descriptor, std::size_t slots, int protection) {
  void* table = ::mmap(nullptr, slots * sizeof(int), protection, MAP_SHARED, descriptor, 0);
  return table == MAP_FAILED ? nullptr : static_cast<int*>(table);
}

/// Waits until the rank is gone. True if it took its leave, false if it died.
bool took_leave(int socket) {
  char byte = 0;
  for (;;) {
    const ssize_t got = ::read(socket, &byte, 1);
    if (got < 0 && errno == EINTR) continue;
    return got == 1 && byte == farewell_byte;
  }
}

}  // namespace

Guardian::Guardian(const std::string& executable, const std::string& mark, std::size_t slots,
                   const std::filesystem::path& scratch)
    : table_file_(::memfd_create("malet-groups", MFD_CLOEXEC)), slots_(slots) {
  if (!table_file_.is_open() ||
      ::ftruncate(table_file_.get(), static_cast<off_t>(slots * sizeof(int))) != 0) {
    fail("memfd_create");
  }
  table_ = map_table(table_file_.get(), slots, PROT_READ | PROT_WRITE);
  if (table_ == nullptr) fail("mmap");
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) fail("socketpair");
  const base::Descriptor theirs(ends[0]);
  socket_ = base::Descriptor(ends[1]);
  ChildSpec spec;
  spec.arguments = {executable, std::string(guardian_argument), mark, std::to_string(slots),
                    scratch.string()};
  spec.environment = child_environment(own_environment(), {});
  spec.inherited = {theirs.get(), table_file_.get()};
  spec.own_session = true;
  child_.emplace(spec);
}

Guardian::~Guardian() {
  (void)::send(socket_.get(), &farewell_byte, 1, MSG_NOSIGNAL);
  socket_.close();
  child_->wait();
  ::munmap(table_, slots_ * sizeof(int));
}

void Guardian::set_group(std::size_t slot, int group) {
  __atomic_store_n(&table_[slot], group, __ATOMIC_RELAXED);
}

int guardian_main(const std::vector<std::string>& arguments) {
  if (arguments.size() != 3) return 2;
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2, SIGXCPU, SIGPIPE}) {
    std::signal(signal, SIG_IGN);
  }
  const std::size_t slots = base::whole_number(arguments[1]).value_or(0);
  const int* table = map_table(4, slots, PROT_READ);
  if (took_leave(3)) return 0;
  for (std::size_t slot = 0; table != nullptr && slot < slots; ++slot) {
    if (const int group = table[slot]; group > 1) ::kill(-group, SIGKILL);
  }
  kill_marked(arguments[0]);
  std::error_code ignored;
  if (!arguments[2].empty()) std::filesystem::remove_all(arguments[2], ignored);
  return 0;
}

}  // namespace malet::exec
