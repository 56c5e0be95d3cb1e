#include <algorithm>
#include <random>

#include "base/files/files.hpp"
#include "catch.hpp"
#include "malet/error.hpp"
#include "malet/experiment_log.hpp"
#include "record/log/log_access.hpp"
#include "record/table/tsv.hpp"
#include "temp_folder.hpp"

using malet::Config;
using malet::ExperimentLog;
using malet::FieldConflicts;
using malet::FieldFix;
using malet::MergeOptions;
using malet::MergeSide;
using malet::Prefer;
using malet::Value;

namespace {

namespace fs = std::filesystem;
using Names = std::vector<std::string>;
using Kind = FieldFix::Kind;

std::string text_of(const ExperimentLog& log) {
  return malet::record::log_text(log.header(), malet::record::table_of(log));
}

/// A log with one complete row per config; configs name the grid fields.
ExperimentLog log_of(Value::Map statics, const std::vector<Config>& configs,
                     const char* file = "") {
  Names grid;
  if (!configs.empty()) {
    for (const auto& [name, value] : configs.front()) grid.emplace_back(name);
  }
  ExperimentLog log = ExperimentLog::from_fields(grid, {"status", "loss"}, statics, file);
  double loss = 0;
  for (const Config& config : configs) log.add_result(config, {{"status", "C"}, {"loss", ++loss}});
  return log;
}

FieldFix set(MergeSide side, const char* field, Value value) {
  return {Kind::set, side, field, std::move(value), {}};
}
FieldFix rename(MergeSide side, const char* field, const char* name) {
  return {Kind::rename, side, field, {}, name};
}
FieldFix drop(const char* field) {
  return {Kind::drop, MergeSide::self, field, {}, {}};
}

MergeOptions with_fixes(std::vector<FieldFix> fixes) {
  MergeOptions options;
  options.fixes = std::move(fixes);
  return options;
}

/// What a log says, whatever the order of its columns: a config and its metrics per row.
std::vector<std::string> facts(const ExperimentLog& log) {
  std::vector<std::string> rows;
  for (std::size_t row = 0; row < log.size(); ++row) {
    Value::Map all = log.df().configs(row);
    for (const auto& field : log.df().metrics(row)) all.push_back(field);
    for (const auto& field : log.static_configs()) all.push_back(field);
    std::erase_if(all, [](const auto& field) { return field.second.is_null(); });
    std::sort(all.begin(), all.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    rows.push_back(malet::to_json(all));
  }
  return rows;
}

}  // namespace

TEST_CASE("logs are merged as Python Malet does, value for value", "[conformance]") {
  std::size_t cases = 0;
  const auto root = fs::path(MALET_TEST_DATA) / "conformance_merge";
  for (const auto& entry : fs::directory_iterator(root)) {
    CAPTURE(entry.path());
    ++cases;
    const auto a = ExperimentLog::from_tsv(entry.path() / "a.tsv");
    const auto b = ExperimentLog::from_tsv(entry.path() / "b.tsv");
    const auto wanted = ExperimentLog::from_tsv(entry.path() / "merged.tsv");
    ExperimentLog merged = a;
    merged.merge(b);
    CHECK(merged.static_configs() == wanted.static_configs());
    CHECK(merged.grid_fields() == wanted.grid_fields());
    CHECK(merged.metric_fields() == wanted.metric_fields());
    REQUIRE(merged.size() == wanted.size());
    for (std::size_t row = 0; row < merged.size(); ++row) {
      CHECK(merged.df().configs(row) == wanted.df().configs(row));
      CHECK(merged.df().metrics(row) == wanted.df().metrics(row));
    }
    CHECK(text_of(merged) == malet::base::read_file(entry.path() / "merged.tsv"));
  }
  CHECK(cases == 5);
}

TEST_CASE("a field that is static here and in the grid there gets its value in every row") {
  ExperimentLog log = log_of({{"model", "cnn"}, {"seed", 7}}, {{{"lr", 0.1}}});
  log.merge(log_of({{"model", "cnn"}}, {{{"lr", 0.1}, {"seed", 1}}}));
  CHECK(log.grid_fields() == Names{"lr", "seed"});
  CHECK(log.static_configs() == Value::Map{{"model", "cnn"}});
  CHECK(log.isin({{"lr", 0.1}, {"seed", 7}}));
  CHECK(log.isin({{"lr", 0.1}, {"seed", 1}}));
}

TEST_CASE("static values that are equal by key text stay static") {
  ExperimentLog log = log_of({{"wd", 0}, {"ks", Value::List{1}}}, {{{"lr", 0.1}}});
  log.merge(log_of({{"ks", Value::List{1.0}}, {"wd", 0.0}}, {{{"lr", 0.2}}}));
  CHECK(log.static_configs() == Value::Map{{"wd", 0}, {"ks", Value::List{1}}});
}

TEST_CASE("cells keep their text, also where columns move") {
  const std::string rule = std::string(45, '-') + "\n";
  const auto a = ExperimentLog::from_text(
      "[Static Configs]\n{}\n" + rule + "  \t \tloss\nid\tx\t    \n0\t1.00\t\"a\tb\"\n", "a");
  const auto b = ExperimentLog::from_text(
      "[Static Configs]\n{}\n" + rule + "  \t \tacc\tloss\nid\tx\t   \t    \n0\t2e0\t007\t+1\n",
      "b");
  ExperimentLog log = a;
  log.merge(b);
  CHECK(malet::record::table_of(log).line(0) == "1.00\t\"a\tb\"");
  CHECK(malet::record::table_of(log).line(1) == "2e0\t+1\t007");
}

TEST_CASE("fields that a log lacks are refused by name, and nothing changes") {
  ExperimentLog log = log_of({{"model", "cnn"}, {"wd", 0}}, {{{"lr", 0.1}}}, "a.tsv");
  const std::string before = text_of(log);
  CHECK_THROWS_WITH(log.merge(log_of({{"model", "cnn"}}, {{{"lr", 0.1}, {"seed", 1}}}, "b.tsv")),
                    ContainsSubstring("a.tsv has no field 'seed'; b.tsv has no field 'wd'") &&
                        ContainsSubstring("--different"));
  CHECK(text_of(log) == before);
}

TEST_CASE("without same, fields that a log lacks are null there") {
  ExperimentLog log = log_of({{"model", "cnn"}, {"wd", 0}}, {{{"lr", 0.1}}});
  MergeOptions options;
  options.same = false;
  log.merge(log_of({{"model", "cnn"}}, {{{"lr", 0.1}, {"seed", 1}}}), options);
  CHECK(log.grid_fields() == Names{"lr", "seed", "wd"});
  CHECK(log.df().configs(0) == Value::Map{{"lr", 0.1}, {"seed", Value()}, {"wd", 0}});
  CHECK(log.df().configs(1) == Value::Map{{"lr", 0.1}, {"seed", 1}, {"wd", Value()}});
}

TEST_CASE("lacking fields are set, renamed or dropped") {
  const auto self = log_of({{"model", "cnn"}, {"wd", 0}}, {{{"rate", 0.1}}});
  const auto other = log_of({{"model", "cnn"}, {"note", "x"}}, {{{"lr", 0.2}, {"seed", 1}}});
  ExperimentLog log = self;
  log.merge(other, with_fixes({set(MergeSide::self, "seed", 1), set(MergeSide::other, "wd", 0),
                               rename(MergeSide::self, "rate", "lr"), drop("note")}));
  CHECK(log.grid_fields() == Names{"lr", "seed"});
  CHECK(log.static_configs() == Value::Map{{"model", "cnn"}, {"wd", 0}});
  CHECK(log.size() == 2);
}

TEST_CASE("fixes that fix nothing are refused") {
  const auto self = log_of({{"wd", 0}}, {{{"lr", 0.1}}});
  const auto try_fix = [&](const FieldFix& fix) {
    ExperimentLog log = self;
    log.merge(self, with_fixes({fix}));
  };
  CHECK_THROWS_WITH(try_fix(set(MergeSide::self, "wd", 1)),
                    ContainsSubstring("no log of self lacks the field 'wd'"));
  CHECK_THROWS_WITH(try_fix(rename(MergeSide::other, "seed", "x")),
                    ContainsSubstring("no log of other has the field 'seed'"));
  CHECK_THROWS_WITH(try_fix(drop("seed")), ContainsSubstring("no log has the field 'seed'"));
  CHECK_THROWS_WITH(try_fix(rename(MergeSide::other, "lr", "wd")), ContainsSubstring("cannot"));
  CHECK_THROWS_WITH(try_fix(set(MergeSide::self, "loss", 1)), ContainsSubstring("is a metric"));
}

TEST_CASE("a field that is a metric here and a config field there is refused") {
  ExperimentLog log = log_of({}, {{{"lr", 0.1}, {"loss_kind", 1}}});
  ExperimentLog other = log_of({}, {{{"lr", 0.1}, {"loss_kind", 1}}});
  other.rename_fields({{"lr", "loss"}, {"loss", "lr"}});
  MergeOptions options;
  options.same = false;
  CHECK_THROWS_WITH(log.merge(other, options), ContainsSubstring("is a metric in one log"));
}

TEST_CASE("rows of one config are folded by the rule that the options give") {
  ExperimentLog self = log_of({}, {{{"lr", 0.1}}});
  ExperimentLog other = log_of({}, {{{"lr", 0.2}}, {{"lr", 0.1}}});
  CHECK_THROWS_WITH(ExperimentLog(self).merge(other), ContainsSubstring("lr=0.1"));
  MergeOptions options;
  options.rows.prefer = Prefer::other;
  self.merge(other, options);
  CHECK(self.size() == 2);
  CHECK(*self.get_metric({{"lr", 0.1}}).find("loss") == Value(2.0));
}

TEST_CASE("whoever is asked sees every field of both sides and fixes one at a time") {
  const auto self = log_of({{"model", "cnn"}}, {{{"rate", 0.1}}, {{"rate", 0.2}}}, "a.tsv");
  const auto other = log_of({{"model", "mlp"}, {"wd", 0}}, {{{"lr", 0.1}}}, "b.tsv");
  std::vector<FieldConflicts> seen;
  const auto ask = [&](const FieldConflicts& conflicts) -> std::optional<FieldFix> {
    seen.push_back(conflicts);
    if (seen.size() == 1) return rename(MergeSide::self, "rate", "lr");
    return set(MergeSide::self, "wd", 5);
  };
  const auto [resolved, resolved_other] = self.resolve_merge_conflicts(other, ask);
  CHECK(resolved.is_same_exp(resolved_other));
  REQUIRE(seen.size() == 2);
  CHECK(seen[0].self_name == "a.tsv");
  CHECK(seen[0].other_name == "b.tsv");
  REQUIRE(seen[0].fields.size() == 4);
  CHECK(seen[0].fields[0].field == "lr");
  CHECK_FALSE(seen[0].fields[0].self);
  CHECK(seen[0].fields[0].other == Value::List{0.1});
  CHECK_FALSE(seen[0].fields[1].is_conflict());
  CHECK(seen[0].fields[2].self == Value::List{0.1, 0.2});
  ExperimentLog log = self;
  MergeOptions options;
  seen.clear();
  options.ask_field = ask;
  log.merge(other, options);
  CHECK(log.grid_fields() == Names{"lr", "model", "wd"});
  CHECK(log.size() == 3);
  CHECK_THROWS_WITH(self.resolve_merge_conflicts(
                        other, [](const FieldConflicts&) { return std::optional<FieldFix>(); }),
                    ContainsSubstring("given up"));
}

TEST_CASE("what is settled with one log holds for the next") {
  ExperimentLog log = log_of({}, {{{"lr", 0.1}}}, "a.tsv");
  const std::vector<ExperimentLog> others = {
      log_of({{"wd", 1}}, {{{"lr", 0.2}}}, "b.tsv"),
      log_of({{"wd", 1}, {"x", 1}}, {{{"lr", 0.3}}}, "c.tsv"),
      log_of({{"x", 1}}, {{{"lr", 0.4}}}, "d.tsv")};
  MergeOptions options;
  int asked = 0;
  options.ask_field = [&](const FieldConflicts& conflicts) -> std::optional<FieldFix> {
    ++asked;
    for (const auto& field : conflicts.fields) {
      if (!field.is_conflict()) continue;
      if (field.field == "x") return drop("x");
      return set(field.self ? MergeSide::other : MergeSide::self, "wd", 0);
    }
    return std::nullopt;
  };
  log.merge(others, options);
  CHECK(asked == 3);
  CHECK(log.grid_fields() == Names{"lr", "wd"});
  CHECK(log.isin({{"lr", 0.1}, {"wd", 0}}));
  CHECK(log.isin({{"lr", 0.3}, {"wd", 1}}));
  CHECK(log.isin({{"lr", 0.4}, {"wd", 0}}));
}

TEST_CASE("merging logs without common configs is associative") {
  std::mt19937 random(7);
  const auto below = [&random](unsigned limit) { return static_cast<int>(random() % limit); };
  int next = 0;  // tells all configs apart
  const auto random_log = [&] {
    Names grid = {"i"};
    Value::Map statics;
    for (const char* name : {"a", "b", "c"}) {
      if (below(2) == 0) {
        grid.emplace_back(name);
      } else {
        statics.emplace_back(name, below(2));
      }
    }
    const Names metrics = below(2) == 0 ? Names{"note", "loss"} : Names{"acc", "note"};
    auto log = ExperimentLog::from_fields(grid, metrics, statics, "");
    for (int rows = below(4); rows > 0; --rows) {
      log.add_result(Config{{"i", next++}, {"a", below(3)}, {"b", "x"}, {"c", Value()}},
                     {{metrics[0], "C"}, {metrics[1], below(9) * 0.5}});
    }
    return log;
  };
  for (int round = 0; round < 300; ++round) {
    const auto a = random_log();
    const auto b = random_log();
    const auto c = random_log();
    ExperimentLog left = a;
    left.merge(b);
    left.merge(c);
    ExperimentLog right = b;
    right.merge(c);
    ExperimentLog other = a;
    other.merge(right);
    ExperimentLog at_once = a;
    at_once.merge(std::vector<ExperimentLog>{b, c});
    REQUIRE(facts(left) == facts(other));
    REQUIRE(facts(left) == facts(at_once));
    REQUIRE(left.is_same_exp(other));
    REQUIRE(left.size() == a.size() + b.size() + c.size());
  }
}

TEST_CASE("files are merged with their journals and written where asked") {
  malet::test::TempFolder folder;
  const auto root = fs::path(MALET_TEST_DATA) / "conformance_merge" / "disjoint_rows";
  const auto out = folder.path() / "merged.tsv";
  const auto log = ExperimentLog::merge_tsv({root / "a.tsv", root / "b.tsv"}, out);
  CHECK(log.logs_file() == out);
  CHECK(folder.read("merged.tsv") == malet::base::read_file(root / "merged.tsv"));
  CHECK_THROWS_WITH(ExperimentLog::merge_tsv({}), ContainsSubstring("no logs"));
}

TEST_CASE("a folder's logs are merged: those of an experiment, or all it holds") {
  malet::test::TempFolder folder;
  const auto root = fs::path(MALET_TEST_DATA) / "conformance_merge" / "disjoint_rows";
  const std::string a = malet::base::read_file(root / "a.tsv");
  const std::string b = malet::base::read_file(root / "b.tsv");
  folder.write("exp/log_splits/split_0.tsv", a);
  folder.write("exp/log_splits/split_1.tsv", b);
  folder.write("exp/logs_backup.tsv", "not to be read");
  folder.write("plain/x.tsv", a);
  folder.write("plain/y.tsv", b);
  const std::string wanted = malet::base::read_file(root / "merged.tsv");
  CHECK(text_of(ExperimentLog::merge_folder(folder.path() / "exp")) == wanted);
  CHECK(text_of(ExperimentLog::merge_folder(folder.path() / "exp/log_splits")) == wanted);
  CHECK(text_of(ExperimentLog::merge_folder(folder.path() / "plain")) == wanted);
  fs::create_directory(folder.path() / "empty");
  CHECK_THROWS_WITH(ExperimentLog::merge_folder(folder.path() / "empty"),
                    ContainsSubstring("no log in this folder"));
}
