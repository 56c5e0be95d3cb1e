#include "wandb/server.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>

#include "base/files/files.hpp"
#include "base/text/reject.hpp"
#include "base/text/text_parts.hpp"
#include "malet/error.hpp"
#include "wandb/netrc.hpp"

namespace malet::wandb {

namespace {

constexpr std::string_view usual_url = "https://api.wandb.ai";
constexpr Seconds usual_patience{60};

bool is_printable(char c) {
  return c > ' ' && c < '\x7f';
}

std::string text_of(const Variable& variable, const char* name) {
  const char* text = variable(name);
  return text == nullptr ? std::string() : std::string(text);
}

/// The host of an address `http[s]://HOST[:PORT][/PATH]`; empty for anything else.
std::string host_of(std::string_view url) {
  if (!std::all_of(url.begin(), url.end(), is_printable)) return {};
  if (url.find_first_of("@?#\\") != std::string_view::npos) return {};
  const bool known = url.starts_with("https://") || url.starts_with("http://");
  if (!known) return {};
  url.remove_prefix(url.find("://") + 3);
  url = url.substr(0, url.find('/'));
  if (url.starts_with('[')) return std::string(url.substr(1, url.find(']') - 1));
  return std::string(url.substr(0, url.find(':')));
}

std::filesystem::path netrc_path(const Variable& variable) {
  const std::string named = text_of(variable, "NETRC");
  if (!named.empty()) return named;
  const std::string home = text_of(variable, "HOME");
  return home.empty() ? std::filesystem::path() : std::filesystem::path(home) / ".netrc";
}

std::string key_for(const std::string& host, const Variable& variable) {
  std::string key = text_of(variable, "WANDB_API_KEY");
  if (!key.empty()) return key;
  const std::filesystem::path path = netrc_path(variable);
  std::error_code ignored;
  if (!path.empty() && std::filesystem::exists(path, ignored)) {
    key = netrc_password(base::read_file(path), host).value_or("");
  }
  if (!key.empty()) return key;
  reject(
      "there is no W&B key for {}: set WANDB_API_KEY, or write `machine {} login user "
      "password KEY` to {}",
      host, host, path.empty() ? "~/.netrc" : path.string());
}

}  // namespace

std::string Server::redacted(std::string text) const {
  // Shorter ones are no keys of W&B's, and would be found in words.
  if (key.size() < 8) return text;
  for (std::size_t at = text.find(key); at != std::string::npos; at = text.find(key, at)) {
    text.replace(at, key.size(), "***");
  }
  return text;
}

Server find_server(const Variable& variable) {
  Server server;
  server.url = text_of(variable, "WANDB_BASE_URL");
  if (server.url.empty()) server.url = usual_url;
  while (server.url.ends_with('/')) server.url.pop_back();
  server.host = host_of(server.url);
  if (server.host.empty()) {
    reject("WANDB_BASE_URL is '{}': give an address as {}", base::excerpt(server.url), usual_url);
  }
  server.key = key_for(server.host, variable);
  if (!std::all_of(server.key.begin(), server.key.end(), is_printable)) {
    reject(
        "the W&B key for {} holds blanks or other characters that no key has: look at "
        "WANDB_API_KEY or .netrc",
        server.host);
  }
  return server;
}

Seconds http_patience(const Variable& variable) {
  const std::string text = text_of(variable, "WANDB_HTTP_TIMEOUT");
  if (text.empty()) return usual_patience;
  double seconds = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), seconds);
  const bool whole = read.ec == std::errc() && read.ptr == text.data() + text.size();
  if (whole && seconds > 0 && seconds <= 86400) return Seconds(seconds);
  reject("WANDB_HTTP_TIMEOUT is '{}': give seconds, as 60", base::excerpt(text));
}

}  // namespace malet::wandb
