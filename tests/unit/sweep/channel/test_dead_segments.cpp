#include <unistd.h>

#include <chrono>

#include "catch.hpp"
#include "sweep/channel/dead_segments.hpp"
#include "temp_folder.hpp"

using malet::sweep::mapped_segments;
using malet::sweep::remove_dead_segments;
using malet::test::TempFolder;

namespace {

std::string name_on(const std::string& host, const std::string& job) {
  return "vader_segment." + host + "." + std::to_string(::getuid()) + "." + job + ".0";
}

std::string here(const std::string& job) {
  char host[256] = {};
  ::gethostname(host, sizeof host - 1);
  return name_on(host, job);
}

void write_old(const TempFolder& folder, const std::string& name) {
  const auto file = folder.write("shm/" + name, "x");
  std::filesystem::last_write_time(
      file, std::filesystem::file_time_type::clock::now() - std::chrono::minutes(5));
}

}  // namespace

TEST_CASE("segments of dead jobs go, those of living ones and of others stay") {
  const TempFolder folder;
  write_old(folder, here("dead"));
  write_old(folder, here("alive"));
  write_old(folder, name_on("elsewhere", "dead"));
  write_old(folder, "vader_segment.x");
  write_old(folder, "sem.other");
  folder.write("shm/" + here("young"), "x");
  folder.write("proc/17/maps", "7f00-7f40 rw-s 0 00:1 7  /dev/shm/" + here("alive") + "\n");
  folder.write("proc/self-not-a-number/maps", here("dead"));
  remove_dead_segments(folder.path() / "shm", folder.path() / "proc");
  auto left = folder.files("shm");
  CHECK(left.size() == 5);
  CHECK(std::find(left.begin(), left.end(), here("dead")) == left.end());
}

TEST_CASE("nothing goes where a process of this user cannot be looked at") {
  const TempFolder folder;
  write_old(folder, here("dead"));
  std::filesystem::create_directories(folder.path() / "proc/17");
  remove_dead_segments(folder.path() / "shm", folder.path() / "proc");
  CHECK(folder.files("shm").size() == 1);
}

TEST_CASE("segments are found in the maps of a process") {
  CHECK(mapped_segments("55d0-55d1 r-xp 00000000 08:01 12 /usr/bin/cat\n"
                        "7f1c-7f20 rw-s 00000000 00:19 7  /dev/shm/vader_segment.n1.0.4cf50001.2\n"
                        "7f20-7f21 rw-s 00000000 00:19 8  /dev/shm/vader_segment.n1.0.4cf50001.3 "
                        "(deleted)\n") ==
        std::vector<std::string>{"vader_segment.n1.0.4cf50001.2", "vader_segment.n1.0.4cf50001.3"});
}
