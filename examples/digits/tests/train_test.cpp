// The registered function, run as a worker runs it.

#include "catch.hpp"
#include "exec/function/run_link.hpp"
#include "malet/registry.hpp"
#include "temp_folder.hpp"

namespace {

using malet::test::TempFolder;

/// A worker that keeps what is reported and asks the run to stop after some steps.
class FakeLink : public malet::exec::RunLink {
 public:
  explicit FakeLink(std::filesystem::path dir) : dir_(std::move(dir)) {}

  void report(const malet::Metrics& step) override { steps.push_back(step); }
  std::int64_t next_step() override { return static_cast<std::int64_t>(steps.size()); }
  const malet::Metrics& resume() override { return none_; }
  bool should_stop() override { return steps.size() >= stop_after; }
  std::filesystem::path dir() override {
    asked_for_dir = true;
    return dir_;
  }
  [[nodiscard]] std::string run_id() const override { return "0123456789abcdef"; }

  std::vector<malet::Metrics> steps;
  std::size_t stop_after = 1000;
  bool asked_for_dir = false;

 private:
  std::filesystem::path dir_;
  malet::Metrics none_;
};

malet::Config config_with(bool checkpoint) {
  return {{"epochs", 6}, {"hidden", 16},        {"optimizer", "adam"},     {"lr", 0.01},
          {"seed", 1},   {"data", DIGITS_DATA}, {"checkpoint", checkpoint}};
}

malet::Metrics train(const malet::Config& config, FakeLink& link) {
  malet::Run run(link);
  return malet::find_experiment("digits")(config, run);
}

double number(const malet::Metrics& metrics, std::string_view name) {
  REQUIRE(metrics.find(name) != nullptr);
  return metrics.find(name)->number();
}

}  // namespace

TEST_CASE("every epoch is reported and the held-out accuracy returned") {
  const TempFolder folder;
  FakeLink link(folder.path());
  const malet::Metrics result = train(config_with(false), link);
  CHECK(number(result, "accuracy") > 0.85);
  REQUIRE(link.steps.size() == 6);
  CHECK(number(link.steps[5], "val_loss") < number(link.steps[0], "val_loss"));
  CHECK(number(link.steps[5], "val_accuracy") > 0.85);
  CHECK_FALSE(link.asked_for_dir);  // no checkpoint, no folder
}

TEST_CASE("a run that is told to stop returns at once") {
  const TempFolder folder;
  FakeLink link(folder.path());
  link.stop_after = 2;
  train(config_with(false), link);
  CHECK(link.steps.size() == 2);
}

TEST_CASE("an interrupted run with checkpoints goes on and ends as if it had not been") {
  const TempFolder whole_folder;
  FakeLink whole(whole_folder.path());
  const malet::Metrics expected = train(config_with(true), whole);

  const TempFolder folder;
  FakeLink link(folder.path());
  link.stop_after = 3;
  train(config_with(true), link);
  REQUIRE(link.steps.size() == 3);
  // Reports that were under way when the job was killed are made good.
  const std::size_t known = GENERATE(3U, 1U);
  link.steps.resize(known);
  link.stop_after = 1000;
  CHECK(train(config_with(true), link) == expected);
  REQUIRE(link.steps.size() == 6);
  for (std::size_t i = 0; i < 6; ++i) CHECK(link.steps[i] == whole.steps[i]);
}

TEST_CASE("a config without a learning rate fails with the field's name") {
  const TempFolder folder;
  FakeLink link(folder.path());
  const malet::Config config{{"epochs", 1}, {"hidden", 4}, {"optimizer", "sgd"}};
  CHECK_THROWS_WITH(train(config, link), ContainsSubstring("lr"));
}
