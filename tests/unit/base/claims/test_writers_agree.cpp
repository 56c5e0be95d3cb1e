#include "base/claims/writers_agree.hpp"
#include "base/files/paths.hpp"
#include "catch.hpp"
#include "malet/error.hpp"
#include "temp_folder.hpp"
#include "writer_help.hpp"

using namespace malet::base;
using namespace malet::test;
using malet::Error;

namespace {

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
