#include <curl/curl.h>
#include <dlfcn.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <new>
#include <string>
#include <utility>

#include "base/text/reject.hpp"
#include "malet/error.hpp"
#include "wandb/http.hpp"

// The only file that uses libcurl. It loads the library on first use: otherwise its thirty
// dependencies would delay the start of every rank and host by some 5 ms.
namespace malet::wandb {

namespace {

void* load_library() {
  // First the library of the build (a module's or Spack's), then the system's.
  for (const char* name : {MALET_LIBCURL, "libcurl.so.4", "libcurl-gnutls.so.4"}) {
    if (void* const library = ::dlopen(name, RTLD_NOW | RTLD_LOCAL)) return library;
  }
  reject("libcurl.so.4 was not found, and without it there is no talking to W&B: install libcurl4");
}

/// libcurl's functions. The library is never unloaded: its TLS library has handlers that run at the
/// end of the process.
class Library {
 public:
  Library() : handle_(load_library()) {
    load(global_init, "curl_global_init");
    load(easy_init, "curl_easy_init");
    load(easy_cleanup, "curl_easy_cleanup");
    load(easy_setopt, "curl_easy_setopt");
    load(easy_perform, "curl_easy_perform");
    load(easy_getinfo, "curl_easy_getinfo");
    load(easy_strerror, "curl_easy_strerror");
    load(slist_append, "curl_slist_append");
    load(slist_free_all, "curl_slist_free_all");
    if (global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) reject("libcurl cannot be used: it says so");
  }

  decltype(&curl_global_init) global_init = nullptr;
  decltype(&curl_easy_init) easy_init = nullptr;
  decltype(&curl_easy_cleanup) easy_cleanup = nullptr;
  decltype(&curl_easy_setopt) easy_setopt = nullptr;
  decltype(&curl_easy_perform) easy_perform = nullptr;
  decltype(&curl_easy_getinfo) easy_getinfo = nullptr;
  decltype(&curl_easy_strerror) easy_strerror = nullptr;
  decltype(&curl_slist_append) slist_append = nullptr;
  decltype(&curl_slist_free_all) slist_free_all = nullptr;

 private:
  template <typename Function>
  void load(Function& function, const char* name) {
    function = reinterpret_cast<Function>(::dlsym(handle_, name));
    if (function == nullptr) reject("libcurl has no {}: install libcurl4", name);
  }

  void* handle_;
};

const Library& library() {
  static const Library loaded;
  return loaded;
}

HttpReply::Failure kind_of(CURLcode code) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
      return HttpReply::Failure::unreachable;
    case CURLE_OPERATION_TIMEDOUT:
    case CURLE_PARTIAL_FILE:
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
      return HttpReply::Failure::broken;
    default:
      return HttpReply::Failure::refused;
  }
}

struct Body {
  std::string text;
  bool too_long = false;
};

/// Adds a piece of the answer to the body. Returning less than its size ends the transfer.
std::size_t take(char* piece, std::size_t, std::size_t size, void* target) {
  auto& body = *static_cast<Body*>(target);
  body.too_long = body.text.size() + size > longest_answer;
  if (body.too_long) return 0;
  body.text.append(piece, size);
  return size;
}

class CurlClient : public HttpClient {
 public:
  explicit CurlClient(Seconds patience)
      : headers_(library().slist_append(nullptr, "Content-Type: application/json"),
                 library().slist_free_all),
        curl_(library().easy_init(), library().easy_cleanup) {
    if (!headers_ || !curl_) throw std::bad_alloc();
    set(CURLOPT_HTTPHEADER, headers_.get());
    set(CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_USERAGENT, "malet-mpi");
    set(CURLOPT_ACCEPT_ENCODING, "");
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(patience.count() * 1000));
    set(CURLOPT_LOW_SPEED_LIMIT, 1L);
    set(CURLOPT_LOW_SPEED_TIME, std::max(1L, static_cast<long>(patience.count())));
    set(CURLOPT_ERRORBUFFER, message_.data());
    set(CURLOPT_WRITEFUNCTION, take);
  }

  HttpReply post(const HttpRequest& request) override {
    Body body;
    message_.front() = '\0';
    set(CURLOPT_URL, request.url.c_str());
    set(CURLOPT_USERNAME, request.user.c_str());
    set(CURLOPT_PASSWORD, request.password.c_str());
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    set(CURLOPT_POSTFIELDS, request.body.c_str());
    set(CURLOPT_WRITEDATA, &body);
    const CURLcode code = library().easy_perform(curl_.get());
    return code == CURLE_OK ? answer(std::move(body.text)) : failure(code, body);
  }

 private:
  template <typename T>
  void set(CURLoption option, T value) {
    if (library().easy_setopt(curl_.get(), option, value) == CURLE_OK) return;
    throw Error(
        ErrorKind::internal,
        fmt::format("libcurl does not take its option {}: install libcurl4 of 7.50 or later",
                    static_cast<int>(option)));
  }

  HttpReply answer(std::string body) {
    HttpReply reply;
    long status = 0;
    char* location = nullptr;
    curl_off_t wait = 0;
    library().easy_getinfo(curl_.get(), CURLINFO_RESPONSE_CODE, &status);
    library().easy_getinfo(curl_.get(), CURLINFO_REDIRECT_URL, &location);
    library().easy_getinfo(curl_.get(), CURLINFO_RETRY_AFTER, &wait);
    reply.status = static_cast<int>(status);
    reply.body = std::move(body);
    if (location != nullptr) reply.location = location;
    if (wait > 0) reply.retry_after = Seconds(static_cast<double>(wait));
    return reply;
  }

  HttpReply failure(CURLcode code, const Body& body) const {
    HttpReply reply;
    reply.failure = kind_of(code);
    reply.reason = message_.front() != '\0' ? message_.data() : library().easy_strerror(code);
    if (body.too_long) {
      reply.reason = fmt::format("the answer is longer than {} MiB", longest_answer >> 20U);
    }
    return reply;
  }

  std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> headers_;
  std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl_;
  std::array<char, CURL_ERROR_SIZE> message_{};
};

}  // namespace

std::unique_ptr<HttpClient> make_http_client(Seconds patience) {
  return std::make_unique<CurlClient>(patience);
}

}  // namespace malet::wandb
