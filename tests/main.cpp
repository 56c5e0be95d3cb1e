// The main of the unit tests, which can also be the guardian of a supervisor under test.
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_session.hpp>
#else
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>
#endif

#include <string>
#include <vector>

#include "exec/process/guardian.hpp"

#ifdef __SANITIZE_ADDRESS__
/// HDF5 1.10 leaks what it had read of a damaged object, of which tests read thousands.
extern "C" const char* __lsan_default_suppressions() {  // NOLINT(bugprone-reserved-identifier)
  return "leak:libhdf5\n";
}
#endif

int main(int argc, char** argv) {
  if (argc > 1 && argv[1] == malet::exec::guardian_argument) {
    return malet::exec::guardian_main(std::vector<std::string>(argv + 2, argv + argc));
  }
  return Catch::Session().run(argc, argv);
}
