#include "catch.hpp"
#include "exec/runner/slot_output.hpp"
#include "temp_folder.hpp"

using malet::exec::SlotOutput;
using malet::test::TempFolder;

namespace {

void write(int descriptor, std::string_view text) {
  REQUIRE(::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
}

}  // namespace

TEST_CASE("every run finds its files empty, whoever holds them") {
  const TempFolder folder;
  folder.write("stdout", "of an earlier job");
  SlotOutput output(folder.path());
  CHECK(output.out_size() == 0);
  write(output.out(), "first");
  output.clear();
  write(output.out(), "second");  // by a host that kept its descriptor
  CHECK(folder.read("stdout") == "second");
  CHECK(output.out_size() == 6);
}

TEST_CASE("the end of stderr is at hand") {
  const TempFolder folder;
  SlotOutput output(folder.path());
  CHECK(output.error_tail(10).empty());
  write(output.err(), "0123456789");
  CHECK(output.error_tail(4) == "6789");
  CHECK(output.error_tail(100) == "0123456789");
}

TEST_CASE("stdout is read from where one has come to") {
  const TempFolder folder;
  SlotOutput output(folder.path());
  write(output.out(), "0123456789");
  CHECK(output.out_from(0) == "0123456789");
  CHECK(output.out_from(7) == "789");
  CHECK(output.out_from(10).empty());
  CHECK(output.out_from(11).empty());
}

TEST_CASE("what was written is kept, what stays empty is left out") {
  const TempFolder folder;
  SlotOutput output(folder.path());
  const auto kept = folder.path() / "runs" / "ab" / "abc";
  output.keep(kept);
  CHECK_FALSE(std::filesystem::exists(kept));
  const std::string large(300'000, 'x');
  write(output.err(), large);
  output.keep(kept);
  CHECK(folder.files("runs/ab/abc") == std::vector<std::string>{"stderr"});
  CHECK(folder.read("runs/ab/abc/stderr") == large);
  output.clear();
  write(output.err(), "short");
  output.keep(kept);
  CHECK(folder.read("runs/ab/abc/stderr") == "short");
}

TEST_CASE("a folder that cannot be made is an error") {
  const TempFolder folder;
  SlotOutput output(folder.path());
  write(output.out(), "x");
  folder.write("file", "");
  CHECK_THROWS_AS(output.keep(folder.path() / "file" / "below"), std::system_error);
  CHECK_THROWS_AS(SlotOutput(folder.path() / "missing"), std::system_error);
}
