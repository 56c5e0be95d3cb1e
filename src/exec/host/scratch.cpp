#include "exec/host/scratch.hpp"

#include <fmt/format.h>
#include <stdlib.h>

#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>

#include "malet/error.hpp"

namespace malet::exec {

Scratch::Scratch() {
  const char* place = std::getenv("TMPDIR");
  const std::filesystem::path parent = place != nullptr && *place != '\0' ? place : "/tmp";
  std::string name = (std::filesystem::absolute(parent) / "malet-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) {
    throw Error(ErrorKind::internal,
                fmt::format("{}: cannot make a folder for the output of runs: {}; set TMPDIR to a "
                            "folder on the node's own disk",
                            parent.string(), std::generic_category().message(errno)));
  }
  path_ = name;
}

Scratch::~Scratch() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace malet::exec
