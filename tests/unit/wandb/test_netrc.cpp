#include "catch.hpp"
#include "wandb/netrc.hpp"

using malet::wandb::netrc_password;

TEST_CASE("a host's password is found in whatever form it stands") {
  CHECK(netrc_password("machine h login user password k", "h") == "k");
  CHECK(netrc_password("machine a login u password x\nmachine h\n\tlogin user\n\tpassword k\n",
                       "h") == "k");
  CHECK(netrc_password("machine h password k account a", "h") == "k");
  CHECK(netrc_password("machine h login machine password k", "h") == "k");
  CHECK(netrc_password("# machine h password no\nmachine h password \"k \\\"1\"", "h") == "k \"1");
  CHECK(netrc_password("macdef init\nmachine h password no\n\nmachine h password k", "h") == "k");
}

TEST_CASE("a password of another host, or of any, is nobody's") {
  for (const char* text :
       {"", "machine", "machine h", "machine h login u password", "machine hh password k",
        "machine H password k", "default login u password k", "machine h default password k"}) {
    CHECK(netrc_password(text, "h").value_or("").empty());
  }
}
