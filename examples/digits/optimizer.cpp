#include "optimizer.hpp"

#include <cmath>
#include <string>

#include "malet/error.hpp"

namespace digits {
namespace {

constexpr double momentum = 0.9;
constexpr double beta1 = 0.9;
constexpr double beta2 = 0.999;
constexpr double epsilon = 1e-8;

}  // namespace

Optimizer::Kind Optimizer::kind(std::string_view name) {
  if (name == "sgd") return Kind::sgd;
  if (name == "momentum") return Kind::momentum;
  if (name == "adam") return Kind::adam;
  throw malet::Error(
      malet::ErrorKind::bad_input,
      "field 'optimizer': sgd, momentum or adam was expected, not '" + std::string(name) + "'");
}

Optimizer::Optimizer(Kind kind, double lr, double weight_decay, std::size_t parameters)
    : kind_(kind), lr_(lr), weight_decay_(weight_decay) {
  if (kind != Kind::sgd) memory_.velocity.resize(parameters);
  if (kind == Kind::adam) memory_.scale.resize(parameters);
}

void Optimizer::step(std::span<double> parameters, std::span<const double> gradient) {
  ++memory_.steps;
  const double kept = 1 - lr_ * weight_decay_;
  for (double& parameter : parameters) parameter *= kept;
  switch (kind_) {
    case Kind::sgd:
      for (std::size_t i = 0; i < parameters.size(); ++i) parameters[i] -= lr_ * gradient[i];
      break;
    case Kind::momentum:
      step_momentum(parameters, gradient);
      break;
    case Kind::adam:
      step_adam(parameters, gradient);
      break;
  }
}

void Optimizer::step_momentum(std::span<double> parameters, std::span<const double> gradient) {
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    double& velocity = memory_.velocity[i];
    velocity = momentum * velocity + gradient[i];
    parameters[i] -= lr_ * velocity;
  }
}

void Optimizer::step_adam(std::span<double> parameters, std::span<const double> gradient) {
  // Both means start at zero; dividing by what they have seen so far corrects for that.
  const auto steps = static_cast<double>(memory_.steps);
  const double rate = lr_ / (1 - std::pow(beta1, steps));
  const double seen = 1 / (1 - std::pow(beta2, steps));
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    double& velocity = memory_.velocity[i];
    double& scale = memory_.scale[i];
    velocity = beta1 * velocity + (1 - beta1) * gradient[i];
    scale = beta2 * scale + (1 - beta2) * gradient[i] * gradient[i];
    parameters[i] -= rate * velocity / (std::sqrt(scale * seen) + epsilon);
  }
}

}  // namespace digits
