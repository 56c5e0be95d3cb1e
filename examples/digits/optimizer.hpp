#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace digits {

/// How a gradient moves the parameters: plain descent, with momentum 0.9, or Adam (0.9, 0.999).
/// Weight decay is decoupled from the gradient, as in AdamW.
class Optimizer {
 public:
  enum class Kind { sgd, momentum, adam };

  /// Throws malet::Error for a name other than sgd, momentum and adam.
  [[nodiscard]] static Kind kind(std::string_view name);

  Optimizer(Kind kind, double lr, double weight_decay, std::size_t parameters);

  void step(std::span<double> parameters, std::span<const double> gradient);

  /// What it remembers between steps, for checkpoints.
  struct Memory {
    std::int64_t steps = 0;
    std::vector<double> velocity;  ///< mean of the gradients; empty for sgd
    std::vector<double> scale;     ///< mean of their squares; empty but for adam
  };
  [[nodiscard]] const Memory& memory() const { return memory_; }
  [[nodiscard]] Memory& memory() { return memory_; }

 private:
  void step_momentum(std::span<double> parameters, std::span<const double> gradient);
  void step_adam(std::span<double> parameters, std::span<const double> gradient);

  Kind kind_;
  double lr_;
  double weight_decay_;
  Memory memory_;
};

}  // namespace digits
