#include "exec/launcher.hpp"

#include <charconv>
#include <cstdlib>
#include <cstring>
#include <initializer_list>

namespace malet::exec {

Launcher launcher() {
  Launcher found;
  found.mpirun = std::getenv("OMPI_COMM_WORLD_SIZE") != nullptr;
  for (const char* name : {"OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK"}) {
    const char* text = std::getenv(name);
    if (text == nullptr) continue;
    found.present = true;
    std::from_chars(text, text + std::strlen(text), found.rank);
    return found;
  }
  found.present = found.mpirun;
  return found;
}

}  // namespace malet::exec
