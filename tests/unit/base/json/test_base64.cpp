#include "base/json/base64.hpp"
#include "catch.hpp"

using namespace malet::base;

namespace {

std::string encoded(std::string_view bytes) {
  std::string text;
  append_base64(text, bytes);
  return text;
}

}  // namespace

TEST_CASE("base64 is that of RFC 4648") {
  CHECK(encoded("").empty());
  CHECK(encoded("f") == "Zg==");
  CHECK(encoded("fo") == "Zm8=");
  CHECK(encoded("foo") == "Zm9v");
  CHECK(encoded("foobar") == "Zm9vYmFy");
  CHECK(encoded("\xFF\xFE\xFB") == "//77");
}

TEST_CASE("base64 of any bytes is read back") {
  std::string bytes;
  for (int i = 0; i < 300; ++i) {
    bytes += static_cast<char>(i * 7);
    CHECK(decode_base64(encoded(bytes)) == bytes);
  }
}

TEST_CASE("what is no base64 is nothing") {
  for (const char* text : {"Z", "Zg=", "Zg", "Z===", "Zm9*", "=Zm9", "Zm=v", "Zm9v\n"}) {
    CHECK_FALSE(decode_base64(text).has_value());
  }
}
