#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <new>
#include <optional>
#include <thread>
#include <utility>

#include "base/claims/writer_lock.hpp"
#include "catch.hpp"
#include "file_size_limit.hpp"
#include "malet/error.hpp"
#include "temp_folder.hpp"
#include "writer_help.hpp"

using namespace malet::base;
using namespace malet::test;
using malet::Error;
using std::chrono::milliseconds;

namespace {

using Path = std::filesystem::path;

const std::vector<std::string> only_writer{"log.tsv.writer"};

class Place {
 public:
  [[nodiscard]] Path path() const { return folder.path() / "log.tsv.writer"; }
  [[nodiscard]] std::string token() const {
    const auto holder = holder_of(path());
    return holder && holder->writer ? holder->writer->token : std::string();
  }
  [[nodiscard]] std::string refusal(const ClaimMeans& means = {}) const {
    try {
      const WriterClaim claim(path(), this_writer({}), means);
    } catch (const Error& error) {
      CHECK(error.kind() == malet::ErrorKind::refused);
      return error.what();
    }
    return {};
  }

  TempFolder folder;
};

/// Memory that children share with this process.
class Flags {
 public:
  std::atomic<int>& operator[](std::size_t index) { return flags_[index]; }
  Flags() {
    void* memory = ::mmap(nullptr, sizeof(std::atomic<int>) * 2, PROT_READ | PROT_WRITE,
                          MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    REQUIRE(memory != MAP_FAILED);
    flags_ = new (memory) std::atomic<int>[2] {};
  }
  Flags(const Flags&) = delete;
  Flags& operator=(const Flags&) = delete;
  ~Flags() { ::munmap(static_cast<void*>(flags_), sizeof(std::atomic<int>) * 2); }

 private:
  std::atomic<int>* flags_ = nullptr;
};

template <typename Condition>
void wait_until(Condition condition) {
  while (!condition()) std::this_thread::yield();
}

/// Gives others time to look before we go on with the lock, or without.
int slow_lock(int descriptor) {
  const int result = lock_file(descriptor);
  const int error = errno;
  ::usleep(500);
  errno = error;
  return result;
}

/// Claims when both takers are there, and holds the file until both have tried. Its exit status
/// says whether it won; 70 if it thought so and had not.
int race(const Path& path, Flags& flags) {
  const Writer writer = this_writer({});
  ++flags[0];
  wait_until([&] { return flags[0] == 2; });
  std::optional<WriterClaim> claim;
  try {
    claim.emplace(path, writer, ClaimMeans{milliseconds(0), ::link, slow_lock});
  } catch (const Error& error) {
    if (error.kind() != malet::ErrorKind::refused) return 70;
  }
  ++flags[1];
  wait_until([&] { return flags[1] == 2; });
  if (!claim) return 0;
  return claim->still_ours() ? 1 : 70;
}

/// How many of two takers won.
int winners(const Path& path) {
  Flags flags;
  const pid_t one = start_child([&] { return race(path, flags); });
  const pid_t other = start_child([&] { return race(path, flags); });
  const int first = exit_status(one);
  return first + exit_status(other);
}

// What the stand-ins for system calls do, which are plain functions.
Path place_of_other;
int (*real_lock)(int) = lock_file;

template <int error>
int no_link(const char*, const char*) {
  errno = error;
  return -1;
}

template <int error>
int no_lock(int) {
  errno = error;
  return -1;
}

/// Another job replaces the file between the look at it and the lock.
int late_lock(int descriptor) {
  if (!place_of_other.empty()) put_writer(std::exchange(place_of_other, {}), living_writer());
  return real_lock(descriptor);
}

/// Another taker lets go of its lock when we ask for the third time.
Descriptor other_taker;
int asked = 0;
int patient_lock(int descriptor) {
  if (++asked == 3) other_taker.close();
  return real_lock(descriptor);
}

/// The holder, who was only slow, touches its file in that moment.
int touched_lock(int descriptor) {
  ::futimens(descriptor, nullptr);
  return real_lock(descriptor);
}

}  // namespace

TEST_CASE("a claim makes the file, and takes it away in the end") {
  const Place place;
  const Writer writer = this_writer({});
  {
    const WriterClaim claim(place.path(), writer, {});
    CHECK(place.token() == writer.token);
    CHECK(claim.still_ours());
    CHECK(claim.warning().empty());
    CHECK(place.folder.files() == only_writer);
  }
  CHECK(place.folder.files().empty());
}

TEST_CASE("a living holder is not disturbed") {
  const Place place;
  for (const Writer& writer : {living_writer(), distant_writer(), this_writer({})}) {
    put_writer(place.path(), writer);
    CHECK_THAT(place.refusal(), ContainsSubstring(place.path().string() + ": process ") &&
                                    ContainsSubstring(description(writer)) &&
                                    ContainsSubstring(writer.started));
    CHECK(place.token() == writer.token);
    CHECK(place.folder.files() == only_writer);
  }
}

TEST_CASE("a second claim in another process is refused, and may follow the first") {
  const Place place;
  const auto second = [&] { return place.refusal().empty() ? 1 : 0; };
  {
    const WriterClaim claim(place.path(), this_writer({}), {});
    CHECK(exit_status(start_child(second)) == 0);
    CHECK(claim.still_ours());
  }
  CHECK(exit_status(start_child(second)) == 1);
}

TEST_CASE("a dead holder's file is taken over") {
  const Place place;
  Writer old_distant = distant_writer();
  for (const Writer& writer : {dead_writer(), old_distant}) {
    put_writer(place.path(), writer);
    make_old(place.path(), 180);
    const Writer ours = this_writer({});
    const WriterClaim claim(place.path(), ours, ClaimMeans{milliseconds(0)});
    CHECK(place.token() == ours.token);
    CHECK(claim.warning().empty());
    CHECK(place.folder.files() == only_writer);
  }
}

TEST_CASE("a torn file is respected while it is young, then taken over") {
  const Place place;
  put_file(place.path(), "{\"token\":");
  CHECK_THAT(place.refusal(), ContainsSubstring("somebody is writing this log"));
  make_old(place.path(), 180);
  CHECK(place.refusal().empty());
}

TEST_CASE("of two takers of one dead holder's file exactly one wins") {
  for (int round = 0; round < 50; ++round) {
    const Place place;
    put_writer(place.path(), dead_writer());
    REQUIRE(winners(place.path()) == 1);
    REQUIRE(place.folder.files().empty());
  }
}

TEST_CASE("of two that start at once exactly one wins") {
  for (int round = 0; round < 50; ++round) {
    const Place place;
    REQUIRE(winners(place.path()) == 1);
    REQUIRE(place.folder.files().empty());
  }
}

TEST_CASE("nothing is taken over while somebody else is about to") {
  const Place place;
  put_writer(place.path(), dead_writer());
  other_taker = Descriptor(::open(place.path().c_str(), O_RDWR | O_CLOEXEC));
  REQUIRE(lock_file(other_taker.get()) == 0);
  asked = 0;
  const WriterClaim claim(place.path(), this_writer({}), {milliseconds(0), ::link, patient_lock});
  CHECK(asked == 3);
  CHECK(claim.still_ours());
}

TEST_CASE("who has been overtaken between look and lock gives way") {
  const Place place;
  put_writer(place.path(), dead_writer());
  place_of_other = place.path();
  CHECK_THAT(place.refusal({milliseconds(0), ::link, late_lock}),
             ContainsSubstring("has been writing this log"));
  CHECK(place_of_other.empty());
  CHECK(holder_of(place.path())->alive);
}

TEST_CASE("a holder that was only slow keeps its file") {
  const Place place;
  const Writer slow = distant_writer();
  put_writer(place.path(), slow);
  make_old(place.path(), 180);
  CHECK_THAT(place.refusal({milliseconds(0), ::link, touched_lock}),
             ContainsSubstring("elsewhere"));
  CHECK(place.token() == slow.token);
}

TEST_CASE("without links files are made exclusively") {
  const Place place;
  for (const auto link : {no_link<EPERM>, no_link<ENOTSUP>, no_link<ENOSYS>, no_link<EMLINK>}) {
    const ClaimMeans means{milliseconds(0), link, lock_file};
    {
      const Writer writer = this_writer({});
      const WriterClaim claim(place.path(), writer, means);
      CHECK(place.token() == writer.token);
      CHECK_THAT(place.refusal(means), ContainsSubstring("has been writing this log"));
      CHECK(place.folder.files() == only_writer);
    }
    put_writer(place.path(), dead_writer());
    CHECK(place.refusal(means).empty());
    CHECK(place.folder.files().empty());
  }
}

TEST_CASE("without locks a dead holder's file is taken over with a warning") {
  const Place place;
  for (const auto lock : {no_lock<ENOLCK>, no_lock<ENOSYS>, no_lock<EINVAL>, no_lock<ENOTSUP>}) {
    put_writer(place.path(), dead_writer());
    const ClaimMeans means{milliseconds(0), ::link, lock};
    {
      const WriterClaim claim(place.path(), this_writer({}), means);
      CHECK(claim.still_ours());
      CHECK_THAT(claim.warning(), ContainsSubstring("log.tsv.writer: files cannot be locked here"));
    }
    CHECK(place.folder.files().empty());
  }
}

TEST_CASE("without locks the last taker wins and the first is told") {
  const Place place;
  const Writer dead = dead_writer();
  const Writer last = living_writer();
  put_writer(place.path(), dead);
  std::thread other([&] {
    wait_until([&] { return place.token() != dead.token; });
    put_writer(place.path(), last);
  });
  const std::string told = place.refusal({milliseconds(2000), ::link, no_lock<ENOLCK>});
  other.join();
  CHECK_THAT(told, ContainsSubstring("has been writing this log"));
  CHECK(place.token() == last.token);
}

TEST_CASE("somebody else's file is left where it is") {
  const Place place;
  const Writer other = living_writer();
  {
    const WriterClaim claim(place.path(), this_writer({}), {});
    put_writer(place.path(), other);
    CHECK_FALSE(claim.still_ours());
  }
  CHECK(place.token() == other.token);
}

TEST_CASE("a file that was removed or emptied is no longer ours") {
  const Place place;
  const WriterClaim claim(place.path(), this_writer({}), {});
  CHECK(claim.still_ours());
  std::filesystem::resize_file(place.path(), 0);
  CHECK_FALSE(claim.still_ours());
  std::filesystem::remove(place.path());
  CHECK_FALSE(claim.still_ours());
}

TEST_CASE("who is being taken over leaves the file to the taker") {
  const Place place;
  {
    const WriterClaim claim(place.path(), this_writer({}),
                            {milliseconds(0), ::link, no_lock<EAGAIN>});
  }
  CHECK(place.folder.files() == only_writer);
}

TEST_CASE("where the file cannot be made the error has path and reason") {
  const TempFolder folder;
  folder.write("file", "x");
  const auto claim = [&](const Path& path) {
    WriterClaim(folder.path() / path, this_writer({}), {});
  };
  CHECK_THROWS_WITH(claim("file/log.tsv.writer"),
                    ContainsSubstring("file/log.tsv.writer: cannot be made: Not a directory"));
  std::filesystem::create_directory(folder.path() / "folder");
  CHECK_THROWS_WITH(claim("folder"), ContainsSubstring("folder: cannot be made: Is a directory"));
  try {
    claim("file/log.tsv.writer");
  } catch (const Error& error) {
    CHECK(error.kind() == malet::ErrorKind::bad_input);
  }
}

TEST_CASE("a full disk is an error that leaves nothing behind") {
  const Place place;
  for (const auto link : {static_cast<int (*)(const char*, const char*)>(::link), no_link<EPERM>}) {
    const FileSizeLimit limit(10);
    CHECK_THROWS_WITH(
        WriterClaim(place.path(), this_writer({}), {milliseconds(0), link, lock_file}),
        ContainsSubstring("log.tsv.writer: cannot be made: File too large"));
  }
  CHECK(place.folder.files().empty());
}

TEST_CASE("drafts of those who were killed are removed, young ones and other files are not") {
  const Place place;
  const auto old_draft = place.folder.write(".writer.0123", "{}");
  place.folder.write(".writer.4567", "{}");
  const auto other = place.folder.write(".writers", "{}");
  const auto long_ago = std::filesystem::file_time_type::clock::now() - std::chrono::minutes(5);
  std::filesystem::last_write_time(old_draft, long_ago);
  std::filesystem::last_write_time(other, long_ago);
  const WriterClaim claim(place.path(), this_writer({}), {});
  CHECK(place.folder.files() ==
        std::vector<std::string>{".writer.4567", ".writers", "log.tsv.writer"});
}

TEST_CASE("missing folders are made, and names may be as long as names can be") {
  const TempFolder folder;
  const auto path = folder.path() / "log_splits" / (std::string(240, 'a') + ".tsv.writer");
  const WriterClaim claim(path, this_writer({}), {});
  CHECK(claim.still_ours());
}
