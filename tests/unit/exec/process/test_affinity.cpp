#include <sched.h>

#include <cstdlib>

#include "catch.hpp"
#include "exec/process/affinity.hpp"

using namespace malet::exec;

namespace {

/// The CPUs of this thread, as they were, at the end of a test.
class KeptCpus {
 public:
  KeptCpus() { REQUIRE(::sched_getaffinity(0, sizeof cpus_, &cpus_) == 0); }
  ~KeptCpus() { (void)::sched_setaffinity(0, sizeof cpus_, &cpus_); }

  /// Binds to the first of them.
  int bind_to_one() const {
    std::size_t first = 0;
    while (!CPU_ISSET(first, &cpus_)) ++first;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(first, &one);
    REQUIRE(::sched_setaffinity(0, sizeof one, &one) == 0);
    return static_cast<int>(first);
  }

 private:
  cpu_set_t cpus_{};
};

}  // namespace

TEST_CASE("a bound process has one core and knows which") {
  const KeptCpus kept;
  CHECK(usable_cores() >= 1);
  CHECK_FALSE(usable_cpus().empty());
  const int cpu = kept.bind_to_one();
  CHECK(usable_cores() == 1);
  CHECK(usable_cpus() == std::to_string(cpu));
}

TEST_CASE("a binding is undone only when it was the launcher's own idea") {
  const KeptCpus kept;
  const int all = usable_cores();
  kept.bind_to_one();
  ::unsetenv("OMPI_MCA_orte_bound_at_launch");
  unbind_from_core();
  CHECK(usable_cores() == 1);
  ::setenv("OMPI_MCA_orte_bound_at_launch", "1", 1);
  ::setenv("OMPI_MCA_rmaps_base_mapping_policy", "slot:PE=2", 1);
  unbind_from_core();
  CHECK(usable_cores() == 1);
  ::setenv("OMPI_MCA_rmaps_base_mapping_policy", "slot", 1);
  unbind_from_core();
  CHECK(usable_cores() == all);
  ::unsetenv("OMPI_MCA_rmaps_base_mapping_policy");
  ::unsetenv("OMPI_MCA_orte_bound_at_launch");
}
