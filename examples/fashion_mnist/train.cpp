// The experiment: one config in, the share of clothes named rightly out.

#include <cstdlib>
#include <limits>
#include <string>

#include "images.hpp"
#include "malet/registry.hpp"
#include "softmax.hpp"

namespace {

std::string data_folder(const malet::Config& config) {
  const char* given = std::getenv("MALET_FASHION_MNIST");
  return config.get<std::string>("data", given ? given : "/usr/share/datasets/fashion-mnist");
}

malet::Metrics train(const malet::Config& config, malet::Run& run) {
  const auto images = config.get<std::size_t>("images", std::numeric_limits<std::size_t>::max());
  const fashion::Images training = fashion::read_images(data_folder(config), "train", images);
  const fashion::Images test = fashion::read_images(data_folder(config), "t10k", images);
  const auto batch = config.get<std::size_t>("batch_size");
  const auto rate = config.get<float>("lr");
  std::mt19937 random(config.get<unsigned>("seed", 0));
  fashion::Softmax model;
  for (int epoch = 0; epoch < config.get<int>("epochs") && !run.should_stop(); ++epoch) {
    const double loss = model.run_epoch(training, batch, rate, random);
    run.report({{"loss", loss}, {"accuracy", model.accuracy(test)}});
  }
  return {};
}

MALET_EXPERIMENT("fashion_mnist", train);

}  // namespace
