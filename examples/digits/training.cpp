#include "training.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <numeric>

#include "malet/error.hpp"
#include "random.hpp"

namespace digits {
namespace {

using malet::Error;
using malet::ErrorKind;

void require(bool holds, const std::string& field, const std::string& what) {
  if (!holds) {
    throw Error(ErrorKind::bad_input, "field '" + field + "': " + what + " was expected");
  }
}

const Settings& checked(const Settings& settings) {
  require(settings.hidden >= 1 && settings.hidden <= 65536, "hidden",
          "a number of units from 1 to 65536");
  require(std::isfinite(settings.lr) && settings.lr > 0, "lr", "a learning rate above 0");
  require(std::isfinite(settings.weight_decay) && settings.weight_decay >= 0, "weight_decay",
          "a number of at least 0");
  require(settings.batch_size >= 1, "batch_size", "at least one image");
  return settings;
}

// A checkpoint is the numbers of a training, one per double, in this order; counts are exact in
// doubles. It is read by the program that wrote it, so it needs no more form than that.
std::vector<double> pack(const Network& network, const Optimizer::Memory& memory,
                         const std::vector<Score>& scores) {
  std::vector<double> numbers{static_cast<double>(scores.size()),
                              static_cast<double>(memory.steps)};
  for (const Score& score : scores) {
    numbers.insert(numbers.end(), {score.loss, score.accuracy});
  }
  const auto append = [&](const auto& block) {
    numbers.insert(numbers.end(), block.begin(), block.end());
  };
  append(network.parameters());
  append(memory.velocity);
  append(memory.scale);
  return numbers;
}

std::vector<double> read_numbers(const std::filesystem::path& file) {
  std::error_code error;
  const auto bytes = std::filesystem::file_size(file, error);
  if (error || bytes % sizeof(double) != 0) return {};
  std::vector<double> numbers(bytes / sizeof(double));
  std::ifstream in(file, std::ios::binary);
  in.read(reinterpret_cast<char*>(numbers.data()), static_cast<std::streamsize>(bytes));
  return in ? numbers : std::vector<double>();
}

}  // namespace

Training::Training(const Settings& settings)
    : settings_(checked(settings)),
      network_(settings.hidden, settings.seed),
      optimizer_(Optimizer::kind(settings.optimizer), settings.lr, settings.weight_decay,
                 network_.parameters().size()) {}

Score Training::run_epoch(const Digits& train, const Digits& validation) {
  // The order depends on seed and epoch alone, so that a resumed training sees the same batches.
  std::vector<std::size_t> order(train.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  Random((settings_.seed << 20U) + scores_.size() + 1).shuffle(order);

  std::vector<double> gradient(network_.parameters().size());
  for (std::size_t first = 0; first < order.size(); first += settings_.batch_size) {
    const std::size_t count = std::min(settings_.batch_size, order.size() - first);
    network_.loss_gradient(train, std::span(order).subspan(first, count), gradient);
    optimizer_.step(network_.parameters(), gradient);
  }
  scores_.push_back(network_.score(validation));
  return scores_.back();
}

void Training::save(const std::filesystem::path& file) const {
  const std::vector<double> numbers = pack(network_, optimizer_.memory(), scores_);
  std::filesystem::path fresh = file;
  fresh += ".new";
  std::ofstream out(fresh, std::ios::binary);
  out.write(reinterpret_cast<const char*>(numbers.data()),
            static_cast<std::streamsize>(numbers.size() * sizeof(double)));
  out.close();
  std::error_code error;
  if (out) std::filesystem::rename(fresh, file, error);
  if (!out || error) {
    throw Error(ErrorKind::internal,
                file.string() + ": the checkpoint cannot be written; is the disk full?");
  }
}

bool Training::load(const std::filesystem::path& file) {
  const std::vector<double> numbers = read_numbers(file);
  Optimizer::Memory& memory = optimizer_.memory();
  const std::size_t fixed =
      2 + network_.parameters().size() + memory.velocity.size() + memory.scale.size();
  if (numbers.size() < fixed || numbers[0] * 2 != static_cast<double>(numbers.size() - fixed)) {
    return false;
  }
  memory.steps = static_cast<std::int64_t>(numbers[1]);
  auto next = numbers.begin() + 2;
  scores_.resize(static_cast<std::size_t>(numbers[0]));
  for (Score& score : scores_) {
    score.loss = *next++;
    score.accuracy = *next++;
  }
  const auto take = [&](std::span<double> block) {
    for (double& number : block) number = *next++;
  };
  take(network_.parameters());
  take(memory.velocity);
  take(memory.scale);
  return true;
}

}  // namespace digits
