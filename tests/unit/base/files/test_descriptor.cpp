#include <fcntl.h>

#include "base/files/descriptor.hpp"
#include "catch.hpp"

using malet::base::Descriptor;

namespace {

bool is_open(int descriptor) {
  return ::fcntl(descriptor, F_GETFD) >= 0;
}

}  // namespace

TEST_CASE("a descriptor is closed once, by its last owner") {
  int number = -1;
  {
    Descriptor first(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    number = first.get();
    REQUIRE(first.is_open());
    const Descriptor second(std::move(first));
    CHECK(second.get() == number);
    CHECK(is_open(number));
  }
  CHECK_FALSE(is_open(number));
}

TEST_CASE("a descriptor that takes another one does not leak its own") {
  Descriptor one(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  const int old = one.get();
  one = Descriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  CHECK_FALSE(is_open(old));
  CHECK(one.is_open());
  one.close();
  CHECK_FALSE(one.is_open());
  one.close();
}
