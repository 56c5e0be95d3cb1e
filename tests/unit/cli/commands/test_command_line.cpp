#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "catch.hpp"
#include "cli/commands/commands.hpp"
#include "unit/cli/screen/captured_output.hpp"

namespace fs = std::filesystem;
using malet::ExitCode;
using malet::cli::Console;
using malet::cli::run_command_line;

namespace {

struct Result {
  ExitCode code;
  std::string out;
  std::string err;
};

Result malet_mpi(std::vector<std::string> arguments) {
  const Captured out;
  const Captured err;
  Console console(out.descriptor(), err.descriptor());
  arguments.insert(arguments.begin(), "/usr/bin/malet-mpi");
  const ExitCode code = run_command_line(arguments, console);
  return {code, out.text(), err.text()};
}

/// An experiment folder that is removed at the end.
class Folder {
 public:
  explicit Folder(const std::string& yaml)
      : path_(fs::temp_directory_path() / "malet_test_command_line") {
    fs::remove_all(path_);
    fs::create_directories(path_ / "log_splits");
    write("exp_config.yaml", yaml);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { fs::remove_all(path_); }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name) << text;
  }
  [[nodiscard]] std::string path() const { return path_.string(); }

 private:
  fs::path path_;
};

constexpr const char* yaml = "model: net\ngrid:\n  lr: [0.1, 0.01]\n  seed: [1, 2]\n";

std::string log_text(const std::string& rows) {
  return "[Static Configs]\nmodel: net\n---------------------------------------------\n"
         "  \t  \t    \tdatetime\tstatus\tloss\nid\tlr\tseed\t        \t      \t    \n" +
         rows;
}

/// Config 0 complete in log.tsv; 1 running there and failed in a split; 3 complete in the split.
void write_logs(const Folder& folder) {
  folder.write("log.tsv", log_text("0\t0.1\t1\t2026-01-02 03:04:05.000006\tC\t[0.5, 0.25]\n"
                                   "1\t0.1\t2\t2026-01-02 03:04:06.000006\tR\t\n"));
  folder.write("log_splits/split_1.tsv",
               log_text("0\t0.1\t2\t2026-01-02 03:04:07.000006\tF\t\n"
                        "1\t0.01\t2\t2026-01-02 03:04:08.000006\tC\t[0.5, 0.125]\n"));
}

}  // namespace

TEST_CASE("no arguments give short help and exit code 2") {
  const Result result = malet_mpi({});
  CHECK(result.code == ExitCode::bad_input);
  CHECK(result.out.empty());
  CHECK_THAT(result.err, ContainsSubstring("malet-mpi plan EXP"));
}

TEST_CASE("help and version are results") {
  for (const std::string command : {"run", "plan", "status", "show"}) {
    const Result result = malet_mpi({command, "--help"});
    CHECK(result.code == ExitCode::complete);
    CHECK_THAT(result.out, ContainsSubstring("malet-mpi " + command));
    CHECK_THAT(result.out, ContainsSubstring("Examples:"));
  }
  CHECK(malet_mpi({"--help"}).code == ExitCode::complete);
  CHECK_THAT(malet_mpi({"-h"}).out, ContainsSubstring("Examples:"));
  CHECK(malet_mpi({"--version"}).out == "malet-mpi 0.1.0\n");
}

TEST_CASE("bad usage is one sentence with a hint, and exit code 2") {
  const Result result = malet_mpi({"plan", "EXP", "--no-such-flag"});
  CHECK(result.code == ExitCode::bad_input);
  CHECK(result.out.empty());
  CHECK_THAT(result.err, ContainsSubstring("--no-such-flag"));
  CHECK_THAT(result.err, ContainsSubstring("`malet-mpi plan --help`"));
  CHECK(result.err.find('\n') == result.err.size() - 1);
}

TEST_CASE("an argument that is no command is taken as the folder to run") {
  const Result result = malet_mpi({"/nonexistent/EXP", "--timeout", "soon"});
  CHECK(result.code == ExitCode::bad_input);
  CHECK_THAT(result.err, ContainsSubstring("`malet-mpi run --help`"));
  CHECK_THAT(malet_mpi({"--timeout", "soon", "EXP"}).err, ContainsSubstring("'soon'"));
}

TEST_CASE("a mistyped command is told to be none") {
  const Result result = malet_mpi({"statsu", "EXP", "--json"});
  CHECK(result.code == ExitCode::bad_input);
  CHECK_THAT(result.err,
             ContainsSubstring("'statsu' is neither a command (run, plan, status, show"));
}

TEST_CASE("arguments that are too many are named in order") {
  const Folder folder(yaml);
  CHECK_THAT(malet_mpi({folder.path(), "a", "b"}).err, ContainsSubstring("not expected: a b;"));
  CHECK_THAT(malet_mpi({"plan", "EXP", "a", "b"}).err, ContainsSubstring("not expected: a b;"));
}

TEST_CASE("a flag without a value is told in a sentence, and takes no other argument for it") {
  CHECK_THAT(malet_mpi({"/nonexistent/EXP", "--curr-split"}).err,
             ContainsSubstring("--curr-split: give it a value;"));
  CHECK_THAT(malet_mpi({"/nonexistent/EXP", "--timeout", "3", "--timeout", "5"}).err,
             ContainsSubstring("--timeout: is given more than once;"));
  CHECK_THAT(malet_mpi({"/nonexistent/EXP", "--schedule=", "--quiet"}).err,
             ContainsSubstring("--schedule: '' is none of"));
}

TEST_CASE("the help of run names the defaults") {
  const std::string help = malet_mpi({"run", "--help"}).out;
  for (const std::string text : {"(default dynamic)", "(default grid)", "(default 1)",
                                 "(default auto", "(default yes)", "(default 20 s)"}) {
    CHECK_THAT(help, ContainsSubstring(text));
  }
}

TEST_CASE("a folder that is named like a command can be run") {
  const Result result = malet_mpi({"run", "plan", "--timeout", "soon"});
  CHECK_THAT(result.err, ContainsSubstring("'soon'"));
  CHECK_THAT(result.err, ContainsSubstring("`malet-mpi run --help`"));
}

TEST_CASE("a missing folder is a sentence and exit code 2") {
  for (const std::string command : {"plan", "status", "show"}) {
    const Result result = malet_mpi({command, "/nonexistent/EXP"});
    CHECK(result.code == ExitCode::bad_input);
    CHECK(result.out.empty());
    CHECK_THAT(result.err, ContainsSubstring("malet-mpi: /nonexistent/EXP does not exist"));
    CHECK(result.err.find('\n') == result.err.size() - 1);
  }
}

TEST_CASE("plan reads the folder and its logs") {
  const Folder folder(yaml);
  write_logs(folder);
  const Result text = malet_mpi({"plan", folder.path()});
  CHECK(text.code == ExitCode::complete);
  CHECK_THAT(text.out, ContainsSubstring("malet_test_command_line: 4 configs\n"
                                         "2 complete, 2 to run, 1 of these have failed"));
  const Result json = malet_mpi({"plan", folder.path(), "--json"});
  CHECK_THAT(json.out, ContainsSubstring("\"experiment\": \"malet_test_command_line\""));
  CHECK_THAT(json.out, ContainsSubstring("\"pending\": 2,"));
}

TEST_CASE("plan names the experiment by its folder, however it is given") {
  const Folder folder(yaml);
  CHECK_THAT(malet_mpi({"plan", folder.path() + "/"}).out,
             ContainsSubstring("malet_test_command_line: 4"));
  CHECK_THAT(malet_mpi({"plan", folder.path() + "/log_splits/.."}).out,
             ContainsSubstring("malet_test_command_line: 4"));
}

TEST_CASE("status counts distinct configs over all logs, the best status winning") {
  const Folder folder(yaml);
  write_logs(folder);
  CHECK_THAT(malet_mpi({"status", folder.path(), "--json"}).out,
             Catch::Matchers::StartsWith(
                 "{\n  \"total\": 4,\n  \"completed\": 2,\n  \"failed\": 1,\n  \"running\": 0,\n"
                 "  \"pending\": 1,\n  \"remaining\": {\n    \"runs\": 2,\n"));
  const Result failed = malet_mpi({"status", folder.path(), "--failed"});
  CHECK(failed.code == ExitCode::complete);
  CHECK_THAT(
      failed.out,
      ContainsSubstring(
          "config   lr  seed  reason        attempts  error\n     1  0.1     2  not recorded\n"));
}

TEST_CASE("plan and status tell what is left in GPU-hours, by malet.yaml and flags") {
  const Folder folder(yaml);
  CHECK_THAT(malet_mpi({"plan", folder.path()}).out,
             ContainsSubstring("hours to go: unknown, since no run is complete\n"));
  folder.write("log.tsv",
               "[Static Configs]\nmodel: net\n---------------------------------------------\n"
               "  \t  \t    \tduration\tstatus\nid\tlr\tseed\t        \t      \n"
               "0\t0.1\t1\t1 days 00:00:00\tC\n");
  folder.write("malet.yaml", "gpus-per-run: 2\n");
  const std::string hours = "3 runs to go: about 144 GPU-hours (144 to 144) at 2 GPU a run\n";
  CHECK_THAT(malet_mpi({"status", folder.path()}).out, ContainsSubstring(hours));
  const auto plan = malet_mpi(
      {"plan", folder.path(), "--nodes", "1", "--gpus-per-node", "4", "--time", "1-01:00:00"});
  CHECK_THAT(plan.out, ContainsSubstring(hours + "about 2 jobs of 1 node with 4 GPUs each for "
                                                 "1-01:00:00 (2 to 2)\n"));
  CHECK_THAT(malet_mpi({"plan", folder.path(), "--gpus-per-run", "1"}).out,
             ContainsSubstring("about 72.0 GPU-hours"));
  CHECK_THAT(malet_mpi({"plan", folder.path(), "--json"}).out,
             ContainsSubstring("\"pending\": 3,\n  \"remaining\": {\n    \"runs\": 3"));
  folder.write("malet.yaml", "no-such-option: 2\n");
  CHECK(malet_mpi({"plan", folder.path()}).code == ExitCode::bad_input);
  const Result status = malet_mpi({"status", folder.path()});
  CHECK(status.code == ExitCode::complete);
  CHECK_THAT(status.err, ContainsSubstring("no-such-option"));
  CHECK_THAT(status.out, ContainsSubstring("72.0 GPU-hours"));
}

TEST_CASE("status leaves with the code of run when asked to") {
  const Folder folder(yaml);
  CHECK(malet_mpi({"status", folder.path(), "--exit-code"}).code == ExitCode::stopped);
  const std::string done = "0\t0.1\t1\t\tC\t\n1\t0.1\t2\t\tC\t\n2\t0.01\t1\t\tC\t\n";
  folder.write("log.tsv", log_text(done + "3\t0.01\t2\t\tF\t\n"));
  CHECK(malet_mpi({"status", folder.path(), "--exit-code"}).code == ExitCode::some_failed);
  CHECK(malet_mpi({"status", folder.path()}).code == ExitCode::complete);
  folder.write("log.tsv", log_text(done + "3\t0.01\t2\t\tC\t\n"));
  CHECK(malet_mpi({"status", folder.path(), "--exit-code"}).code == ExitCode::complete);
}

TEST_CASE("show gives one row per config of a folder, and every row of a log") {
  const Folder folder(yaml);
  write_logs(folder);
  CHECK(malet_mpi({"show", folder.path(), "--format", "tsv", "--fields", "lr,seed,status"}).out ==
        "lr\tseed\tstatus\n0.1\t1\tC\n0.1\t2\tF\n0.01\t2\tC\n");
  const std::string log = folder.path() + "/log.tsv";
  CHECK(malet_mpi({"show", log, "--format", "csv", "--fields", "seed,status,model"}).out ==
        "seed,status,model\n1,C,net\n2,F,net\n");
}

TEST_CASE("show of a folder gives grid values the types that they have in the grid") {
  const Folder folder("model: net\ndepth: '3'\ngrid:\n  lr: [1.0, '1e-3']\n  seed: ['10', '9']\n");
  const std::string head =
      "[Static Configs]\ndepth: '3'\nmodel: net\n"
      "---------------------------------------------\n"
      "  \t  \t    \tstatus\tloss\nid\tlr\tseed\t      \t    \n";
  folder.write("log.tsv", head + "0\t1.0\t10\tC\t1\n1\t1.0\t9\tC\t2\n2\t1e-3\t9\tC\t3\n");
  const std::string json = malet_mpi({"show", folder.path(), "--format", "json", "--fields",
                                      "lr,seed,depth,loss", "--sort", "seed"})
                               .out;
  CHECK_THAT(json, ContainsSubstring("{\"lr\": 1.0, \"seed\": \"10\", \"depth\": \"3\", "
                                     "\"loss\": 1},\n    {\"lr\": 1.0, \"seed\": \"9\""));
  CHECK_THAT(json, ContainsSubstring("{\"lr\": \"1e-3\", \"seed\": \"9\""));
  CHECK(malet_mpi({"show", folder.path(), "--format", "tsv", "--fields", "seed", "--filter",
                   "seed < 100"})
            .out == "seed\n");
}

TEST_CASE("show filters, sorts and cuts") {
  const Folder folder(yaml);
  write_logs(folder);
  const Result result = malet_mpi(
      {"show", folder.path(), "--filter", "status == C", "--sort", "-loss", "--top", "1"});
  CHECK(result.code == ExitCode::complete);
  CHECK(result.out == "#   lr  seed      loss\n0  0.1     1  0.25 (2)\n(1 of 2 rows)\n");
  CHECK_THAT(malet_mpi({"show", folder.path(), "--failed"}).out,
             ContainsSubstring("1  0.1     2  F"));
}

TEST_CASE("show refuses fields that are not there, and filters that do not parse") {
  const Folder folder(yaml);
  write_logs(folder);
  const Result field = malet_mpi({"show", folder.path(), "--fields", "los"});
  CHECK(field.code == ExitCode::bad_input);
  CHECK_THAT(field.err, ContainsSubstring("'los'"));
  CHECK(malet_mpi({"show", folder.path(), "--filter", "lr <"}).code == ExitCode::bad_input);
  CHECK(malet_mpi({"show", folder.path(), "--top", "0"}).code == ExitCode::bad_input);
}

TEST_CASE("a folder without a log has info columns to filter by, and no fields that nobody knows") {
  const Folder folder(yaml);
  CHECK(malet_mpi({"show", folder.path(), "--filter", "status == C"}).out == "no rows\n");
  CHECK(malet_mpi({"show", folder.path(), "--sort", "datetime"}).out == "no rows\n");
  CHECK_THAT(malet_mpi({"show", folder.path(), "--filter", "los < 1"}).err,
             ContainsSubstring("'los'"));
}

TEST_CASE("a damaged log is an error that names it, and stays as it is") {
  const Folder folder(yaml);
  folder.write("log.tsv", "no log at all\n");
  for (const std::string command : {"plan", "status", "show"}) {
    const Result result = malet_mpi({command, folder.path()});
    CHECK(result.code == ExitCode::bad_input);
    CHECK_THAT(result.err, ContainsSubstring("log.tsv"));
  }
}

TEST_CASE("an output that cannot be written is told and is no success") {
  const Folder folder(yaml);
  const Captured err;
  std::FILE* full = std::fopen("/dev/full", "w");
  if (full == nullptr) return;
  Console console(fileno(full), err.descriptor());
  const ExitCode code = run_command_line({"malet-mpi", "plan", folder.path()}, console);
  std::fclose(full);
  CHECK(code == ExitCode::internal);
  CHECK_THAT(err.text(), ContainsSubstring("cannot write the output"));
}

TEST_CASE("a malet.yaml with an unknown option stops the run before it starts") {
  const Folder folder(yaml);
  folder.write("malet.yaml", "timeout: 2h\nwalltime: 3h\n");
  const Result result = malet_mpi({"run", folder.path()});
  CHECK(result.code == ExitCode::bad_input);
  CHECK_THAT(result.err, ContainsSubstring("malet.yaml:2: walltime"));
}
