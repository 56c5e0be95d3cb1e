#include "wandb/server.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>

#include "base/files/files.hpp"
#include "base/text/reject.hpp"
#include "base/text/text_parts.hpp"
#include "malet/error.hpp"

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
  if (!path.empty() && base::exists(path)) {
    key = netrc_password(base::read_file(path), host).value_or("");
  }
  if (!key.empty()) return key;
  reject(
      "there is no W&B key for {}: set WANDB_API_KEY, or write `machine {} login user "
      "password KEY` to {}",
      host, host, path.empty() ? "~/.netrc" : path.string());
}

constexpr std::string_view blanks = " \t\r\n";

/// The words of a .netrc: between blanks, or in double quotes with backslashes.
class Words {
 public:
  explicit Words(std::string_view text) : text_(text) {}

  /// The next word; empty after the last one.
  std::string next() {
    skip_blanks();
    while (!text_.empty() && text_.front() == '#') {
      drop(text_.find('\n'));
      skip_blanks();
    }
    return !text_.empty() && text_.front() == '"' ? quoted() : plain();
  }

  /// Skips a macro, which ends at an empty line.
  void skip_macro() { drop(text_.find("\n\n")); }

 private:
  void drop(std::size_t count) { text_.remove_prefix(std::min(count, text_.size())); }
  void skip_blanks() { drop(text_.find_first_not_of(blanks)); }

  std::string plain() {
    const std::string word(text_.substr(0, text_.find_first_of(blanks)));
    drop(word.size());
    return word;
  }

  std::string quoted() {
    std::string word;
    for (drop(1); !text_.empty() && text_.front() != '"'; drop(1)) {
      if (text_.front() == '\\' && text_.size() > 1) drop(1);
      word += text_.front();
    }
    drop(1);
    return word;
  }

  std::string_view text_;
};

}  // namespace

std::string Server::redacted(std::string text) const {
  // A shorter text is no key of W&B and might be part of a word.
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

std::optional<std::string> netrc_password(std::string_view text, std::string_view host) {
  Words words(text);
  bool ours = false;
  for (std::string word = words.next(); !word.empty(); word = words.next()) {
    if (word == "machine") {
      ours = words.next() == host;
    } else if (word == "default") {
      ours = false;
    } else if (word == "macdef") {
      words.skip_macro();
    } else if (word == "login" || word == "account") {
      static_cast<void>(words.next());
    } else if (word == "password") {
      std::string password = words.next();
      if (ours) return password;
    }
  }
  return std::nullopt;
}

}  // namespace malet::wandb
