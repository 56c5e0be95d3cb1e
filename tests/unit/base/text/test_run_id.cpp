#include <fmt/format.h>

#include <string>

#include "base/text/run_id.hpp"
#include "catch.hpp"
#include "malet/config.hpp"

using namespace malet;

namespace {

std::string hex(std::string_view text) {
  std::string digits;
  for (const auto byte : malet::base::sha256(text)) digits += fmt::format("{:02x}", byte);
  return digits;
}

}  // namespace

TEST_CASE("a run_id is the number of its fields, in hex") {
  const Config config{{"seed", 3}, {"lr", 0.5}, {"none", Value()}};
  const auto number = base::run_number("lr\t0.5\nseed\t3\n");
  CHECK(base::run_id_text(number) == config.run_id());
  CHECK(base::parse_run_id(config.run_id()) == number);
}

TEST_CASE("what is no run_id has no number") {
  CHECK(base::parse_run_id("00000000000000ff") == 255U);
  for (const char* text : {"", "ff", "00000000000000fg", "00000000000000ff0", "+0000000000000ff"}) {
    CHECK_FALSE(base::parse_run_id(text).has_value());
  }
}

// The examples of FIPS 180-4, and lengths around the padding's edges.
TEST_CASE("SHA-256 gives the published digests") {
  CHECK(hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(hex(std::string(1'000'000, 'a')) ==
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  CHECK(hex(std::string(55, 'x')) ==
        "d5e285683cd4efc02d021a5c62014694958901005d6f71e89e0989fac77e4072");
  CHECK(hex(std::string(56, 'x')) ==
        "04c26261370ee7541549d16dee320c723e3fd14671e66a099afe0a377c16888e");
  CHECK(hex(std::string(63, 'x')) ==
        "75220b47218278e656f2013bb8f0c455a25eaf01e86c64924e9d48d89776d6f2");
  CHECK(hex(std::string(64, 'x')) ==
        "7ce100971f64e7001e8fe5a51973ecdfe1ced42befe7ee8d5fd6219506b5393c");
  CHECK(hex(std::string(65, 'x')) ==
        "9537c5fdf120482f7d58d25e9ed583f52c02b4e304ea814db1633ad565aed7e9");
}
