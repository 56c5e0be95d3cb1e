#include <unistd.h>

#include "base/claims/writer_holder.hpp"
#include "base/files/paths.hpp"
#include "catch.hpp"
#include "malet/error.hpp"
#include "temp_folder.hpp"
#include "writer_help.hpp"

using malet::Error;
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

const WriterRole whole{};
const WriterRole of_4{WriterMode::split, "4"};
const WriterRole of_8{WriterMode::split, "8"};
const WriterRole by_lr{WriterMode::split, "lr"};
const WriterRole queue{WriterMode::queue, ""};

class Experiment {
 public:
  Experiment() { std::filesystem::create_directory(paths::log_splits(folder.path())); }

  [[nodiscard]] std::filesystem::path split(const std::string& name) const {
    return paths::split_log(folder.path(), name);
  }
  void split_writer(const std::string& name, const Writer& writer) const {
    put_writer(paths::writer(split(name)), writer);
  }
  /// What a job that writes split 0 is told.
  [[nodiscard]] std::string refusal(const WriterRole& role) const {
    try {
      check_writers_agree(folder.path(), {split("0")}, role);
    } catch (const Error& error) {
      CHECK(error.kind() == malet::ErrorKind::refused);
      return error.what();
    }
    return {};
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

TEST_CASE("splits of one kind go together, and queue jobs") {
  CHECK(agree(of_4, of_4));
  CHECK(agree(by_lr, by_lr));
  CHECK(agree(queue, queue));
  CHECK_FALSE(agree(whole, whole));
  CHECK_FALSE(agree(of_4, of_8));
  CHECK_FALSE(agree(of_4, by_lr));
  CHECK_FALSE(agree(of_4, queue));
  CHECK_FALSE(agree(queue, whole));
}

TEST_CASE("a living writer of another log must agree, and is named") {
  const Experiment experiment;
  experiment.split_writer("1", living_writer(of_4));
  CHECK(experiment.refusal(of_4).empty());
  for (const auto& role : {whole, of_8, by_lr, queue}) {
    const std::string told = experiment.refusal(role);
    CHECK_THAT(told, ContainsSubstring("split_1.tsv.writer: process ") &&
                         ContainsSubstring(description(living_writer())) &&
                         ContainsSubstring("a split of 4") && ContainsSubstring(description(role)));
  }
}

TEST_CASE("the writer of log.tsv agrees with nobody") {
  const Experiment experiment;
  put_writer(paths::writer(paths::log(experiment.folder.path())), distant_writer(whole));
  CHECK_THAT(experiment.refusal(of_4), ContainsSubstring("log.tsv.writer: process"));
  CHECK_THAT(experiment.refusal(queue), ContainsSubstring("elsewhere"));
}

TEST_CASE("the dead need not agree, the unknown never do") {
  const Experiment experiment;
  experiment.split_writer("1", dead_writer(of_8));
  CHECK(experiment.refusal(of_4).empty());
  const auto torn = paths::writer(experiment.split("2"));
  put_file(torn, "{");
  CHECK_THAT(experiment.refusal(of_4), ContainsSubstring("split_2.tsv.writer: somebody"));
  make_old(torn, 180);
  CHECK(experiment.refusal(of_4).empty());
}

TEST_CASE("our own logs are not others', however their folder is written") {
  const Experiment experiment;
  experiment.split_writer("0", living_writer(of_8));
  CHECK(experiment.refusal(of_4).empty());
  const auto other_way = experiment.folder.path() / "log_splits" / ".." / "";
  CHECK_NOTHROW(check_writers_agree(other_way, {experiment.split("0")}, of_4));
  CHECK_THROWS_AS(check_writers_agree(other_way, {experiment.split("1")}, of_4), Error);
}

TEST_CASE("Python Malet at work on a log is told, and left alone") {
  const TempFolder folder;
  const auto log = paths::log(folder.path());
  CHECK_NOTHROW(check_malet_lock(log));
  folder.write("log.tsv.lock", "");
  CHECK_NOTHROW(check_malet_lock(log));
  folder.write("log.tsv.lock", "123\n");
  CHECK_THROWS_WITH(check_malet_lock(log), ContainsSubstring("log.tsv.lock: a Python Malet") &&
                                               ContainsSubstring("remove this file"));
  CHECK(folder.read("log.tsv.lock") == "123\n");
  CHECK(folder.files() == std::vector<std::string>{"log.tsv.lock"});
}
