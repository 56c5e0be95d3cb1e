#include "base/text/reject.hpp"
#include "malet/error.hpp"
#include "wandb/http.hpp"

// Stands in for curl_http.cpp where libcurl was not found when this was built.
namespace malet::wandb {

std::unique_ptr<HttpClient> make_http_client(Seconds /*patience*/) {
  reject(
      "this build of malet-mpi has no libcurl and cannot talk to W&B: install "
      "libcurl4-openssl-dev (Spack: curl) and build it again");
}

}  // namespace malet::wandb
