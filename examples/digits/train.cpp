// The experiment: one config in, one trained network out.

#include <cstdlib>
#include <filesystem>
#include <string>

#include "digits.hpp"
#include "malet/registry.hpp"
#include "training.hpp"

namespace {

digits::Settings read_settings(const malet::Config& config) {
  digits::Settings settings;
  settings.hidden = config.get<std::size_t>("hidden");
  settings.optimizer = config.get<std::string>("optimizer");
  settings.lr = config.get<double>("lr");
  settings.weight_decay = config.get("weight_decay", settings.weight_decay);
  settings.batch_size = config.get("batch_size", settings.batch_size);
  settings.seed = config.get("seed", settings.seed);
  return settings;
}

std::filesystem::path data_file(const malet::Config& config) {
  const char* from_environment = std::getenv("MALET_DIGITS_DATA");
  return config.get<std::string>("data", from_environment ? from_environment : DIGITS_DEFAULT_DATA);
}

malet::Metrics train(const malet::Config& config, malet::Run& run) {
  const auto epochs = config.get<std::size_t>("epochs");
  digits::Training training(read_settings(config));
  const digits::Split data = digits::split_digits(digits::read_digits(data_file(config)));

  // With checkpoints an interrupted training goes on: next_step() says which epochs are reported.
  const bool keeps = config.get("checkpoint", false);
  const auto file = keeps ? run.dir() / "weights" : std::filesystem::path();
  const auto reported =
      keeps && training.load(file) ? static_cast<std::size_t>(run.next_step()) : std::size_t{0};
  const auto report = [&](std::size_t epoch) {
    const digits::Score& score = training.scores()[epoch];
    run.report({{"val_loss", score.loss}, {"val_accuracy", score.accuracy}});
  };

  for (std::size_t epoch = reported; epoch < training.scores().size(); ++epoch) report(epoch);
  while (training.scores().size() < epochs && !run.should_stop()) {
    training.run_epoch(data.train, data.validation);
    if (keeps) training.save(file);
    if (training.scores().size() > reported) report(training.scores().size() - 1);
  }
  return {{"accuracy", training.network().score(data.test).accuracy}};
}

MALET_EXPERIMENT("digits", train);

}  // namespace
