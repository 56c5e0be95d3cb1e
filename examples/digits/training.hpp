#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "digits.hpp"
#include "network.hpp"
#include "optimizer.hpp"

namespace digits {

/// What a config says about a training.
struct Settings {
  std::size_t hidden = 32;
  std::string optimizer = "adam";
  double lr = 0.001;
  double weight_decay = 0;
  std::size_t batch_size = 32;
  std::uint64_t seed = 0;
};

/// A network being trained, epoch by epoch. The same settings and images give the same network,
/// also when it is saved and loaded in between.
class Training {
 public:
  /// Throws malet::Error that names the field of a setting that makes no sense.
  explicit Training(const Settings& settings);

  /// Shows every image of `train` once, in a new order, and scores the result on `validation`.
  Score run_epoch(const Digits& train, const Digits& validation);

  /// The validation scores so far, one per epoch.
  [[nodiscard]] const std::vector<Score>& scores() const { return scores_; }
  [[nodiscard]] const Network& network() const { return network_; }

  /// Writes a checkpoint; the file is the old one or the new one, whatever happens.
  void save(const std::filesystem::path& file) const;
  /// Goes on from a checkpoint of the same settings. False, and nothing changes, when there is no
  /// such file or it does not fit.
  bool load(const std::filesystem::path& file);

 private:
  Settings settings_;
  Network network_;
  Optimizer optimizer_;
  std::vector<Score> scores_;
};

}  // namespace digits
