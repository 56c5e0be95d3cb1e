#include "network.hpp"

#include <array>
#include <cmath>
#include <vector>

#include "catch.hpp"
#include "random.hpp"

namespace {

digits::Digits random_digits(std::size_t count) {
  digits::Random random(7);
  digits::Digits digits;
  for (std::size_t i = 0; i < count; ++i) {
    std::array<double, digits::pixels_per_image> image{};
    for (double& pixel : image) pixel = random.uniform() < 0.4 ? 0 : random.uniform();
    digits.add(image, static_cast<std::uint8_t>(i % digits::classes));
  }
  return digits;
}

}  // namespace

TEST_CASE("the gradient is the slope of the loss in every parameter") {
  const digits::Digits digits = random_digits(6);
  const std::vector<std::size_t> batch{0, 2, 3, 5};
  digits::Network network(5, 11);
  const auto parameters = network.parameters();
  std::vector<double> gradient(parameters.size(), 99);
  std::vector<double> unused(parameters.size());
  network.loss_gradient(digits, batch, gradient);

  constexpr double nudge = 1e-6;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const double kept = parameters[i];
    parameters[i] = kept + nudge;
    const double above = network.loss_gradient(digits, batch, unused);
    parameters[i] = kept - nudge;
    const double below = network.loss_gradient(digits, batch, unused);
    parameters[i] = kept;
    INFO("parameter " << i);
    REQUIRE(gradient[i] == Approx((above - below) / (2 * nudge)).margin(1e-7).epsilon(1e-4));
  }
}

TEST_CASE("the loss of a batch is the score's loss of its images") {
  const digits::Digits digits = random_digits(4);
  const digits::Network network(8, 1);
  std::vector<double> gradient(network.parameters().size());
  const std::vector<std::size_t> all{0, 1, 2, 3};
  CHECK(network.loss_gradient(digits, all, gradient) == Approx(network.score(digits).loss));
}

TEST_CASE("a seed gives one network and another seed another") {
  const digits::Network a(8, 1);
  const digits::Network b(8, 1);
  const digits::Network c(8, 2);
  const auto equal = [](const digits::Network& x, const digits::Network& y) {
    return std::equal(x.parameters().begin(), x.parameters().end(), y.parameters().begin());
  };
  CHECK(equal(a, b));
  CHECK_FALSE(equal(a, c));
}

TEST_CASE("a network without weights is as good as guessing") {
  digits::Network network(3, 1);
  for (double& parameter : network.parameters()) parameter = 0;
  const digits::Score score = network.score(random_digits(20));
  CHECK(score.loss == Approx(std::log(10.0)));
  CHECK(score.accuracy == Approx(0.1));
}

TEST_CASE("a network that has diverged is right about nothing") {
  digits::Network network(3, 1);
  for (double& parameter : network.parameters()) parameter = std::nan("");
  CHECK(network.score(random_digits(20)).accuracy == 0);
}
