#include <cmath>
#include <initializer_list>
#include <limits>

#include "catch.hpp"
#include "cli/rows/best_configs.hpp"
#include "malet/error.hpp"
#include "record/log/log_access.hpp"
#include "record/table/table.hpp"

using malet::ExperimentLog;
using malet::Value;
using malet::cli::best_configs;
using malet::cli::BestConfigs;
using malet::cli::BestQuery;
using malet::cli::left_out_text;
using malet::cli::RowSet;

namespace {

using Names = std::vector<std::string>;

/// Two optimizers, two rates, three seeds; the loss is told by all of them.
ExperimentLog log() {
  auto made = ExperimentLog::from_fields({"opt", "lr", "seed"}, {"status", "loss", "note"},
                                         {{"model", "net"}}, "log.tsv");
  const auto add = [&made](const char* opt, double lr, int seed, Value loss,
                           const char* status = "C") {
    made.add_result({{"opt", opt}, {"lr", lr}, {"seed", seed}},
                    {{"status", status}, {"loss", std::move(loss)}, {"note", "text"}});
  };
  add("sgd", 0.1, 1, 3.0);
  add("sgd", 0.1, 2, 5.0);
  add("sgd", 0.01, 1, Value::List{9, 1.0});
  add("sgd", 0.01, 2, 2.0);
  add("sgd", 0.01, 3, 6.0);
  add("adam", 0.1, 1, 7.0);
  add("adam", 0.01, 1, Value(std::nan("")));
  add("adam", 0.01, 2, Value());
  add("adam", 0.1, 2, 0.0, "F");
  return made;
}

BestQuery query_of(const char* metric, Names per, Names mean_over) {
  BestQuery query;
  parse_best(metric, query);
  query.per = std::move(per);
  query.mean_over = std::move(mean_over);
  return query;
}

BestConfigs found(const char* metric, Names per = {}, Names mean_over = {}) {
  return best_configs(RowSet(log()), query_of(metric, std::move(per), std::move(mean_over)));
}

}  // namespace

TEST_CASE("the best config per group is the one with the best mean over the seeds") {
  const BestConfigs best = found("loss", {"opt"}, {"seed"});
  CHECK(best.fields == Names{"opt", "lr"});
  REQUIRE(best.configs.size() == 2);
  CHECK(best.configs[0].position == 2);
  CHECK(best.configs[0].n == 3);
  CHECK(best.configs[0].mean == Approx(3.0));
  // 1, 2 and 6: variance 7, divided by 3.
  CHECK(best.configs[0].standard_error.value() == Approx(std::sqrt(7.0 / 3.0)));
  CHECK(best.configs[1].n == 1);
  CHECK(best.configs[1].mean == 7.0);
  CHECK_FALSE(best.configs[1].standard_error);
}

TEST_CASE("rows that are not complete or have no value are left out and counted") {
  const BestConfigs best = found("loss");
  CHECK(best.not_complete == 1);
  CHECK(best.without_value == 2);
  CHECK(left_out_text(query_of("loss", {}, {}), best) ==
        "(rows left out: 1 not complete, 2 without loss)\n");
  CHECK(left_out_text({}, {}).empty());
}

TEST_CASE("without groups there is one best config, the smallest or the largest") {
  CHECK(found("loss").configs.at(0).position == 2);
  CHECK(found("loss:min").configs.at(0).position == 2);
  CHECK(found("loss:max").configs.at(0).position == 5);
  CHECK(found("loss:max", {}, {"seed"}).configs.at(0).mean == 7.0);
  CHECK(found("loss:max", {}, {"opt", "lr", "seed"}).configs.at(0).n == 6);
}

TEST_CASE("groups may be of static fields, and of grid fields that are written differently") {
  CHECK(found("loss", {"model"}).configs.size() == 1);
  auto changed = log();
  malet::record::change_table(changed).replace(1, "sgd\t1e-1\t2\tC\t5.0\t");
  CHECK(best_configs(RowSet(changed), query_of("loss", {"opt", "lr"}, {"seed"})).configs[0].n == 2);
}

TEST_CASE("infinite values count, and are never taken for the best by mistake") {
  auto changed = log();
  const double infinity = std::numeric_limits<double>::infinity();
  changed.add_result({{"opt", "sgd"}, {"lr", 0.01}, {"seed", 4}},
                     {{"status", "C"}, {"loss", infinity}});
  const RowSet rows(changed);
  CHECK(best_configs(rows, query_of("loss", {"opt"}, {"seed"})).configs[0].mean == 4.0);
  CHECK(best_configs(rows, query_of("loss:max", {}, {"seed"})).configs[0].mean == infinity);
}

TEST_CASE("a mean with infinite values is infinite, or NaN without a sign") {
  const double infinity = std::numeric_limits<double>::infinity();
  const auto mean_of = [](std::initializer_list<double> losses) {
    auto made = ExperimentLog::from_fields({"seed"}, {"status", "loss"}, {}, "log.tsv");
    int seed = 0;
    for (const double loss : losses) {
      made.add_result({{"seed", ++seed}}, {{"status", "C"}, {"loss", loss}});
    }
    return best_configs(RowSet(made), query_of("loss", {}, {"seed"})).configs.at(0);
  };
  CHECK(mean_of({infinity, 1.0, 2.0}).mean == infinity);
  CHECK(mean_of({1.0, infinity, infinity}).mean == infinity);
  CHECK(mean_of({-infinity, 1.0}).mean == -infinity);
  CHECK_FALSE(mean_of({1.0, infinity}).standard_error);
  const auto both = mean_of({infinity, -infinity, 1.0});
  CHECK(std::isnan(both.mean));
  CHECK_FALSE(std::signbit(both.mean));
  CHECK(both.n == 3);
}

TEST_CASE("a field with the name of a result's column is refused") {
  for (const char* name : {"n", "loss_mean", "loss_stderr"}) {
    auto made = ExperimentLog::from_fields({name, "seed"}, {"status", "loss"}, {}, "log.tsv");
    made.add_result({{name, 1}, {"seed", 2}}, {{"status", "C"}, {"loss", 1.5}});
    const RowSet rows(made);
    CHECK_THROWS_WITH(best_configs(rows, query_of("loss", {}, {"seed"})), ContainsSubstring(name));
    CHECK_THROWS_WITH(best_configs(rows, query_of("loss", {name}, {})), ContainsSubstring(name));
    CHECK(best_configs(rows, query_of("loss", {}, {name})).configs.size() == 1);
  }
}

TEST_CASE("what cannot be compared is refused with a sentence") {
  CHECK_THROWS_WITH(found("acc"), ContainsSubstring("no field 'acc'"));
  CHECK_THROWS_WITH(found("lr"), ContainsSubstring("'lr' is a config field"));
  CHECK_THROWS_WITH(found("note"), ContainsSubstring("'note' is \"text\" in row 0"));
  CHECK_THROWS_WITH(found("loss", {"loss"}), ContainsSubstring("--per: 'loss' is a metric"));
  CHECK_THROWS_WITH(found("loss", {}, {"model"}), ContainsSubstring("no grid field"));
  CHECK_THROWS_WITH(found("loss", {"lr"}, {"lr"}), ContainsSubstring("--per and in --mean-over"));
  CHECK_THROWS_WITH(found(":max"), ContainsSubstring("write a metric"));
}

TEST_CASE("best configs are written as text, JSON and a table") {
  const BestQuery query = query_of("loss", {"opt"}, {"seed"});
  const RowSet rows(log());
  const BestConfigs best = best_configs(rows, query);
  std::string text;
  const malet::cli::Sink sink = [&text](std::string_view piece) {
    text += piece;
    return true;
  };
  write_best_delimited(rows, query, best, ',', sink);
  CHECK_THAT(text, Catch::Matchers::StartsWith(
                       "opt,lr,loss_mean,loss_stderr,n\nsgd,0.01,3.0,1.5275252316519") &&
                       Catch::Matchers::EndsWith(",3\nadam,0.1,7.0,,1\n"));
  text.clear();
  write_best_json(rows, query, best, sink);
  CHECK_THAT(text, ContainsSubstring(R"("left_out": {)") && ContainsSubstring(R"("goal": "min")") &&
                       ContainsSubstring(R"({"opt": "adam", "lr": 0.1, "loss_mean": 7.0, )"
                                         R"("loss_stderr": null, "n": 1})"));
  text.clear();
  write_best_table(rows, query, best, 100, sink);
  CHECK_THAT(text, ContainsSubstring("loss_stderr  n\n") && ContainsSubstring("1.5275  3\n"));
}
