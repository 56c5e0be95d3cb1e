#include "exec/process/own_files.hpp"

#include <dlfcn.h>
#include <fmt/format.h>
#include <stdlib.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>

#include "base/files/files.hpp"
#include "malet/error.hpp"

namespace malet::exec {

namespace {

using Path = std::filesystem::path;

constexpr int levels = 4;  // PREFIX/lib/ARCHITECTURE/libmalet_core.so is three below PREFIX

/// The path of this shared library.
Path own_library() {
  Dl_info about{};
  static const char here = 0;
  if (::dladdr(&here, &about) == 0 || about.dli_fname == nullptr) return {};
  std::error_code ignored;
  return std::filesystem::canonical(about.dli_fname, ignored);
}

}  // namespace

std::string own_executable() {
  std::error_code ignored;
  return std::filesystem::read_symlink("/proc/self/exe", ignored).string();
}

std::filesystem::path data_file(const std::string& name) {
  for (Path folder : {own_library().parent_path(), Path(own_executable()).parent_path()}) {
    for (int i = 0; i < levels && !folder.empty(); ++i, folder = folder.parent_path()) {
      const Path file = folder / "share" / "malet" / name;
      if (base::exists(file)) return file;
    }
  }
  throw Error(ErrorKind::internal,
              fmt::format("share/malet/{} is not beside {}: the installation is not complete", name,
                          own_executable()));
}

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
