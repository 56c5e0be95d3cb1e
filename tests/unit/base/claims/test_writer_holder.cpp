#include <unistd.h>

#include "base/claims/writer_holder.hpp"
#include "catch.hpp"
#include "temp_folder.hpp"
#include "writer_help.hpp"

using namespace malet::base;
using namespace malet::test;

namespace {

constexpr time_t young = 60;
constexpr time_t old = 180;

class WriterFile {
 public:
  explicit WriterFile(const std::string& text) { put_file(path(), text); }
  explicit WriterFile(const Writer& writer) : WriterFile(writer_text(writer)) {}

  [[nodiscard]] std::filesystem::path path() const { return folder.path() / "log.tsv.writer"; }
  [[nodiscard]] bool alive_at(time_t seconds) const {
    make_old(path(), seconds);
    return is_alive(path());
  }

  TempFolder folder;
};

}  // namespace

TEST_CASE("a writer on this machine is alive when that very process is, however old its file") {
  CHECK(WriterFile(this_writer({})).alive_at(old));
  CHECK(WriterFile(living_writer()).alive_at(old));
  CHECK_FALSE(WriterFile(dead_writer()).alive_at(0));
  Writer gone = this_writer({});
  gone.pid = start_child([] { return 0; });
  gone.pid_start_time = process_start_time(gone.pid);
  REQUIRE(exit_status(gone.pid) == 0);
  CHECK_FALSE(WriterFile(gone).alive_at(0));
}

TEST_CASE("a writer on another machine is alive while its file is young") {
  Writer namesake = dead_writer();
  namesake.process_space = "another start, or another container";
  for (const Writer& writer : {distant_writer(), namesake}) {
    const WriterFile file(writer);
    CHECK(file.alive_at(young));
    CHECK_FALSE(file.alive_at(old));
    CHECK(file.folder.files() == std::vector<std::string>{"log.tsv.writer"});
  }
}

TEST_CASE("a time to come is young") {
  CHECK(WriterFile(distant_writer()).alive_at(-100'000));
  CHECK(WriterFile("").alive_at(-100'000));
}

TEST_CASE("a writer file that does not say who is alive while it is young") {
  const std::string text = writer_text(dead_writer());
  for (const std::string& torn : {std::string(), text.substr(0, text.size() / 2),
                                  std::string(100'000, '['), std::string(3, '\0')}) {
    const WriterFile file(torn);
    CHECK(file.alive_at(young));
    CHECK_FALSE(file.alive_at(old));
    CHECK_FALSE(holder_of(file.path())->writer.has_value());
  }
}

TEST_CASE("a process whose start is not known is judged by the age of its file") {
  Writer writer = living_writer();
  writer.pid_start_time = 0;
  const WriterFile file(writer);
  CHECK(file.alive_at(young));
  CHECK_FALSE(file.alive_at(old));
}

TEST_CASE("no file, no holder") {
  const TempFolder folder;
  CHECK_FALSE(is_alive(folder.path() / "log.tsv.writer"));
  CHECK_FALSE(is_alive(folder.path() / "none" / "log.tsv.writer"));
  CHECK_FALSE(holder_of(folder.path() / "log.tsv.writer").has_value());
}

TEST_CASE("where nothing can be made beside, our clock is asked") {
  const WriterFile file(distant_writer());
  std::filesystem::permissions(file.folder.path(), std::filesystem::perms(0555));
  const auto user = ::geteuid();
  make_old(file.path(), young);
  if (user == 0) REQUIRE(::seteuid(65534) == 0);  // root may write anywhere
  const bool when_young = is_alive(file.path());
  REQUIRE(::seteuid(user) == 0);
  make_old(file.path(), old);
  if (user == 0) REQUIRE(::seteuid(65534) == 0);
  const bool when_old = is_alive(file.path());
  REQUIRE(::seteuid(user) == 0);
  std::filesystem::permissions(file.folder.path(), std::filesystem::perms(0755));
  CHECK(when_young);
  CHECK_FALSE(when_old);
}

TEST_CASE("a refusal names the file, who writes, since when, and what to do") {
  Writer writer = distant_writer();
  writer.pid = 12;
  writer.slurm_job = "55";
  writer.started = "2026-01-02T03:04:05";
  CHECK(refusal("E/log.tsv.writer", {writer, true}) ==
        "E/log.tsv.writer: process 12 on elsewhere (Slurm job 55) has been writing this log since "
        "2026-01-02T03:04:05: wait for its end, or stop it; if it is gone already, start again in "
        "two minutes, or remove this file");
  CHECK_THAT(refusal("E/log.tsv.writer", {living_writer(), true}),
             !ContainsSubstring("gone already"));
  CHECK_THAT(refusal("E/log.tsv.writer", {std::nullopt, true}),
             ContainsSubstring("E/log.tsv.writer: somebody is writing this log") &&
                 ContainsSubstring("remove this file"));
}
