#include <map>
#include <string>

#include "canned.hpp"
#include "catch.hpp"
#include "temp_folder.hpp"
#include "wandb/server.hpp"

using malet::test::complaint;
using malet::wandb::find_server;
using malet::wandb::http_patience;
using malet::wandb::netrc_password;

namespace {

malet::wandb::Variable environment(std::map<std::string, std::string> values) {
  return [values = std::move(values)](const char* name) {
    const auto found = values.find(name);
    return found == values.end() ? nullptr : found->second.c_str();
  };
}

}  // namespace

TEST_CASE("the server is W&B's own unless the environment names another") {
  const auto usual = find_server(environment({{"WANDB_API_KEY", "k"}}));
  CHECK(usual.url == "https://api.wandb.ai");
  CHECK(usual.host == "api.wandb.ai");
  CHECK(usual.key == "k");
  const auto own = find_server(
      environment({{"WANDB_API_KEY", "k"}, {"WANDB_BASE_URL", "http://w.example:8080/x/"}}));
  CHECK(own.url == "http://w.example:8080/x");
  CHECK(own.host == "w.example");
  const auto six =
      find_server(environment({{"WANDB_API_KEY", "k"}, {"WANDB_BASE_URL", "http://[::1]:80"}}));
  CHECK(six.host == "::1");
}

TEST_CASE("addresses that are none are refused") {
  for (const char* url : {"wandb.example", "ftp://w.example", "https://", "https:///x",
                          "https://user:pass@w.example", "https://w.example?x", "https://w x"}) {
    CHECK_THAT(complaint([&] {
                 static_cast<void>(
                     find_server(environment({{"WANDB_API_KEY", "k"}, {"WANDB_BASE_URL", url}})));
               }),
               ContainsSubstring("WANDB_BASE_URL"));
  }
}

TEST_CASE("the key is the environment's, else the one that .netrc has for the host") {
  const malet::test::TempFolder folder;
  folder.write(".netrc", "machine api.wandb.ai login user password from-home");
  const auto other = folder.write("other", "machine api.wandb.ai login user password from-netrc");
  const std::string home = folder.path().string();
  CHECK(find_server(environment({{"HOME", home}})).key == "from-home");
  CHECK(find_server(environment({{"HOME", home}, {"NETRC", other.string()}})).key == "from-netrc");
  CHECK(find_server(environment({{"HOME", home}, {"WANDB_API_KEY", "mine"}})).key == "mine");
}

TEST_CASE("without a key it is said where to put one") {
  const malet::test::TempFolder folder;
  const std::string home = folder.path().string();
  const auto of = [](auto values) {
    return complaint([&] { static_cast<void>(find_server(environment(values))); });
  };
  using Values = std::map<std::string, std::string>;
  CHECK_THAT(of(Values{{"HOME", home}}), ContainsSubstring("WANDB_API_KEY") &&
                                             ContainsSubstring("machine api.wandb.ai") &&
                                             ContainsSubstring(home + "/.netrc"));
  CHECK_THAT(of(Values{}), ContainsSubstring("~/.netrc"));
  const std::string blanks = of(Values{{"WANDB_API_KEY", "two words"}});
  CHECK_THAT(blanks, ContainsSubstring("blanks"));
  CHECK_THAT(blanks, !ContainsSubstring("two words"));
}

TEST_CASE("texts are shown without the key in them") {
  const auto server = malet::test::example_server();
  CHECK(server.redacted("a secret-key and secret-keysecret-key") == "a *** and ******");
  CHECK(server.redacted("nothing") == "nothing");
}

TEST_CASE("patience is a minute unless the environment gives seconds") {
  CHECK(http_patience(environment({})).count() == 60);
  CHECK(http_patience(environment({{"WANDB_HTTP_TIMEOUT", "2.5"}})).count() == 2.5);
  for (const char* text : {"0", "-1", "nan", "inf", "1m", "1e9"}) {
    CHECK_THAT(complaint([&] {
                 static_cast<void>(http_patience(environment({{"WANDB_HTTP_TIMEOUT", text}})));
               }),
               ContainsSubstring("WANDB_HTTP_TIMEOUT"));
  }
}

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
