#include "base/files/paths.hpp"
#include "catch.hpp"
#include "sweep/reshape/upkeep.hpp"
#include "temp_folder.hpp"
#include "writer_help.hpp"

using namespace malet;
using malet::test::TempFolder;

namespace {

const base::WriterRole role{base::WriterMode::queue, {}};
constexpr const char* log_text =
    "[Static Configs]\n{}\n---------------------------------------------\n"
    "  \t    \tdatetime\tduration\tcommit_hash\tstatus\n"
    "id\tseed\t        \t        \t           \t      \n"
    "0\t1\t2026-01-02 03:04:05\t0 days 00:01:00\t\tC\n"
    "1\t2\t2026-01-02 03:04:06\t0 days 00:00:00\t\tR\n";

struct Place {
  TempFolder folder;
  std::filesystem::path log = base::paths::job_log(folder.path(), "7");

  explicit Place(const base::Writer& writer) {
    folder.write("exp_config.yaml", "grid: {seed: [1, 2]}\n");
    folder.write("log_splits/split_job7.tsv", log_text);
    test::put_writer(base::paths::writer(log), writer);
  }
  void close() const { sweep::close_dead_log(sweep::open_folder(folder.path()), log); }
  [[nodiscard]] std::string text() const { return folder.read("log_splits/split_job7.tsv"); }
  [[nodiscard]] std::string attempts() const {
    return folder.read("log_splits/split_job7.tsv.attempts.jsonl");
  }
};

}  // namespace

TEST_CASE("what ran when a job died is noted as lost in its own files, and nobody claims its log") {
  const Place place(test::dead_writer(role));
  place.folder.write("log_splits/split_job5.tsv.attempts.jsonl", "");
  place.close();
  CHECK_THAT(place.text(), ContainsSubstring("\tF\n"));
  CHECK_THAT(place.attempts(),
             ContainsSubstring("\"attempt\": 1") && ContainsSubstring("host_lost"));
  CHECK_FALSE(std::filesystem::exists(base::paths::writer(place.log)));
  place.close();
  CHECK(place.attempts().find("host_lost") == place.attempts().rfind("host_lost"));
}

TEST_CASE("the log of a job that lives, or that nobody claims, is left alone") {
  const Place place(test::living_writer(role));
  place.close();
  CHECK(place.text() == log_text);
  std::filesystem::remove(base::paths::writer(place.log));
  place.close();
  CHECK(place.text() == log_text);
  CHECK(place.attempts().empty());
}
