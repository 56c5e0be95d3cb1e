#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "malet/value.hpp"

namespace malet::sweep {

/// How long runs lasted beside what a DurationModel says of their like, as factors.
struct DurationSpread {
  double mean = 1;  ///< all together
  double low = 1;   ///< a tenth of the runs lasted less; no more than the mean
  double high = 1;  ///< a tenth of the runs lasted longer; no less than the mean
};

/// How long runs last, learnt from those that have: a duration is taken for a product with one
/// factor per grid field, which depends on the field's value alone.
///
/// Pure. Values are known by their key texts; a value that no run had has the factor 1, so that a
/// config of new values is expected to last as long as runs do on the whole.
class DurationModel {
 public:
  /// For so many grid fields.
  explicit DurationModel(std::size_t fields) : fields_(fields) {}

  /// Takes a run in: a key text per field, and its seconds (what is under a microsecond counts as
  /// one).
  void add(const std::vector<std::string_view>& keys, double seconds);
  /// Fits the factors to the runs taken in. To be called once, after the last of them.
  void fit();

  /// Whether no run was taken in: then everything is expected to last 0 s.
  [[nodiscard]] bool is_empty() const { return logarithms_.empty(); }
  /// The seconds that a config is expected to run.
  [[nodiscard]] double seconds(const std::vector<std::string_view>& keys) const;
  /// How far each run taken in was from that, had the others alone been learnt from.
  [[nodiscard]] const DurationSpread& spread() const { return spread_; }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };
  struct Field {
    std::unordered_map<std::string, std::size_t, Hash, std::equal_to<>> numbers;  // of its values
    std::vector<double> effects;            // per value: the logarithm of its factor
    std::vector<std::size_t> value_of_run;  // per run
  };

  void fit_field(Field& field, std::vector<double>& rests) const;
  void measure_spread(std::vector<double> rests);

  std::vector<Field> fields_;
  std::vector<double> logarithms_;  // per run: of its seconds
  double mean_ = 0;                 // of the logarithms
  DurationSpread spread_;
};

}  // namespace malet::sweep
