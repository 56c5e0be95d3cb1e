#include "catch.hpp"
#include "exec/process/child.hpp"
#include "exec/process/memory.hpp"
#include "process_help.hpp"

using namespace malet;
using namespace malet::exec;
using malet::test::eventually;

TEST_CASE("the memory of a process follows what it holds") {
  const auto before = process_memory(::getpid());
  CHECK(before > 0);
  const std::size_t size = std::size_t{64} << 20U;
  {
    const std::vector<char> block(size, 1);
    CHECK(block[size / 2] == 1);
    CHECK(process_memory(::getpid()) >= before + size / 2);
  }
  CHECK(peak_memory(::getpid()) >= before + size / 2);
}

TEST_CASE("a peak starts anew when it is asked to") {
  const std::size_t size = std::size_t{64} << 20U;
  { const std::vector<char> block(size, 1); }
  const auto peak = peak_memory(::getpid());
  reset_peak(::getpid());
  CHECK(peak_memory(::getpid()) <= peak - size / 2);
}

TEST_CASE("the memory of a group is that of all its processes") {
  ChildSpec spec;
  spec.arguments = test::shell("sleep 1000 & sleep 1000 & wait");
  spec.environment = test::plain_environment();
  Child child(spec);
  CHECK(eventually([&] { return group_memory(child.pid()) > process_memory(child.pid()); }));
}

TEST_CASE("of who is gone nothing is known") {
  constexpr pid_t nobody = 1 << 30;
  CHECK(process_memory(nobody) == 0);
  CHECK(peak_memory(nobody) == 0);
  CHECK(group_memory(nobody) == 0);
  reset_peak(nobody);
}
