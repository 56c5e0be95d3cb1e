#include "training.hpp"

#include <algorithm>
#include <fstream>

#include "catch.hpp"
#include "malet/error.hpp"
#include "temp_folder.hpp"

namespace {

using malet::test::TempFolder;

const digits::Split& data() {
  static const digits::Split split = digits::split_digits(digits::read_digits(DIGITS_DATA));
  return split;
}

digits::Settings settings_for(const std::string& optimizer, double lr) {
  digits::Settings settings;
  settings.optimizer = optimizer;
  settings.lr = lr;
  return settings;
}

bool same_weights(const digits::Training& a, const digits::Training& b) {
  const auto x = a.network().parameters();
  const auto y = b.network().parameters();
  return std::equal(x.begin(), x.end(), y.begin(), y.end());
}

void run_epochs(digits::Training& training, int epochs) {
  for (int i = 0; i < epochs; ++i) training.run_epoch(data().train, data().validation);
}

}  // namespace

TEST_CASE("every optimizer learns the digits") {
  const auto [optimizer, lr] =
      GENERATE(table<std::string, double>({{"sgd", 0.1}, {"momentum", 0.01}, {"adam", 0.001}}));
  INFO(optimizer);
  digits::Training training(settings_for(optimizer, lr));
  run_epochs(training, 8);
  CHECK(training.scores().size() == 8);
  CHECK(training.scores().back().loss < training.scores().front().loss);
  CHECK(training.network().score(data().test).accuracy > 0.9);
}

TEST_CASE("a good config reads 96 % of the held-out digits") {
  digits::Settings settings = settings_for("momentum", 0.1);
  settings.hidden = 64;
  digits::Training training(settings);
  run_epochs(training, 30);
  CHECK(training.network().score(data().test).accuracy >= 0.96);
}

TEST_CASE("weight decay makes weights smaller") {
  digits::Settings settings = settings_for("sgd", 0.1);
  digits::Training free(settings);
  settings.weight_decay = 0.1;
  digits::Training decayed(settings);
  run_epochs(free, 2);
  run_epochs(decayed, 2);
  const auto norm = [](const digits::Training& training) {
    double sum = 0;
    for (const double weight : training.network().parameters()) sum += weight * weight;
    return sum;
  };
  CHECK(norm(decayed) < 0.95 * norm(free));
}

TEST_CASE("a training that is saved and loaded ends as one that was not interrupted") {
  const auto [optimizer, lr] =
      GENERATE(table<std::string, double>({{"sgd", 0.1}, {"momentum", 0.01}, {"adam", 0.001}}));
  INFO(optimizer);
  const TempFolder folder;
  const auto file = folder.path() / "weights";
  digits::Training whole(settings_for(optimizer, lr));
  run_epochs(whole, 2);
  whole.save(file);
  run_epochs(whole, 2);

  digits::Training resumed(settings_for(optimizer, lr));
  REQUIRE(resumed.load(file));
  CHECK(resumed.scores().size() == 2);
  run_epochs(resumed, 2);
  CHECK(same_weights(whole, resumed));
  CHECK(resumed.scores().back().loss == whole.scores().back().loss);
}

TEST_CASE("a checkpoint that does not fit changes nothing") {
  const TempFolder folder;
  const auto file = folder.path() / "weights";
  digits::Training training(settings_for("sgd", 0.1));
  const digits::Training untouched(settings_for("sgd", 0.1));
  CHECK_FALSE(training.load(file));

  digits::Training(settings_for("adam", 0.1)).save(file);
  CHECK_FALSE(training.load(file));

  untouched.save(file);
  std::filesystem::resize_file(file, std::filesystem::file_size(file) - 8);
  CHECK_FALSE(training.load(file));
  std::ofstream(file) << "junk";
  CHECK_FALSE(training.load(file));
  CHECK(same_weights(training, untouched));
  CHECK(training.scores().empty());
}

TEST_CASE("a checkpoint that cannot be written is an error that names the file") {
  const digits::Training training(settings_for("sgd", 0.1));
  CHECK_THROWS_WITH(training.save("/nowhere/weights"), ContainsSubstring("/nowhere/weights"));
}

TEST_CASE("a setting that makes no sense is named") {
  const auto message = [](auto change) -> std::string {
    digits::Settings settings;
    change(settings);
    try {
      const digits::Training training(settings);
    } catch (const malet::Error& error) {
      return error.what();
    }
    return "nothing thrown";
  };
  using digits::Settings;
  CHECK_THAT(message([](Settings& s) { s.hidden = 0; }), ContainsSubstring("'hidden'"));
  CHECK_THAT(message([](Settings& s) { s.lr = -1; }), ContainsSubstring("'lr'"));
  CHECK_THAT(message([](Settings& s) { s.weight_decay = -1; }),
             ContainsSubstring("'weight_decay'"));
  CHECK_THAT(message([](Settings& s) { s.batch_size = 0; }), ContainsSubstring("'batch_size'"));
  CHECK_THAT(message([](Settings& s) { s.optimizer = "lion"; }),
             ContainsSubstring("sgd, momentum or adam") && ContainsSubstring("'lion'"));
}
