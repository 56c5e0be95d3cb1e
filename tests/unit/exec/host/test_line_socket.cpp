#include <sys/socket.h>

#include <thread>

#include "catch.hpp"
#include "exec/host/line_socket.hpp"

using namespace malet::exec;
using SocketState = LineSocket::State;

namespace {

void write_all(const malet::base::Descriptor& to, std::string_view text) {
  while (!text.empty()) {
    const ssize_t got = ::write(to.get(), text.data(), text.size());
    REQUIRE(got > 0);
    text.remove_prefix(static_cast<std::size_t>(got));
  }
}

}  // namespace

TEST_CASE("lines arrive whole, however they are cut") {
  auto [mine, theirs] = LineSocket::make_pair();
  CHECK_FALSE(mine.receive());
  write_all(theirs, "one\ntw");
  CHECK(mine.receive() == "one");
  CHECK_FALSE(mine.receive());
  write_all(theirs, "o\n\nthree\n");
  CHECK(mine.receive() == "two");
  CHECK(mine.receive() == "");
  CHECK(mine.receive() == "three");
  CHECK_FALSE(mine.receive());
  CHECK(mine.state() == SocketState::open);
}

TEST_CASE("what was said before the other end closed is heard, a line cut off is not") {
  auto [mine, theirs] = LineSocket::make_pair();
  write_all(theirs, "last words\ncut");
  theirs.close();
  CHECK(mine.receive() == "last words");
  CHECK_FALSE(mine.receive());
  CHECK(mine.state() == SocketState::closed);
  mine.send("to nobody");
  CHECK_FALSE(mine.has_unsent());
}

TEST_CASE("what the other end does not read is kept and sent later") {
  auto [mine, theirs] = LineSocket::make_pair();
  const std::string line(std::size_t{4} << 20U, 'x');
  mine.send(line);
  mine.send("second");
  CHECK(mine.has_unsent());
  std::string got;
  std::thread reader([&, end = theirs.get()] {
    std::string block(1 << 16, '\0');
    while (got.size() < line.size() + 8) {
      const ssize_t count = ::read(end, block.data(), block.size());
      if (count <= 0) return;
      got.append(block, 0, static_cast<std::size_t>(count));
    }
  });
  while (mine.has_unsent()) mine.flush();
  reader.join();
  CHECK(got == line + "\nsecond\n");
}

TEST_CASE("a line of 16 MiB is taken, a longer one is refused") {
  const std::size_t extra = GENERATE(0U, 1U);
  auto [mine, theirs] = LineSocket::make_pair();
  const std::string line = std::string(longest_line + extra, 'x') + "\nnext\n";
  std::thread writer([&line, end = theirs.get()] {
    std::string_view rest = line;
    while (!rest.empty()) {
      const ssize_t got = ::send(end, rest.data(), rest.size(), MSG_NOSIGNAL);
      if (got <= 0) return;
      rest.remove_prefix(static_cast<std::size_t>(got));
    }
  });
  std::optional<std::size_t> size;
  while (!size && mine.state() == SocketState::open) {
    if (const auto received = mine.receive()) size = received->size();
  }
  if (extra == 0) {
    CHECK(size == longest_line);
    std::optional<std::string_view> next;
    while (!next && mine.state() == SocketState::open) next = mine.receive();
    CHECK(next == "next");
  } else {
    CHECK_FALSE(size);
    CHECK(mine.state() == SocketState::garbled);
    CHECK_FALSE(mine.receive());
    ::shutdown(theirs.get(), SHUT_RDWR);
  }
  writer.join();
}

TEST_CASE("a stream without line breaks is refused before it fills the memory") {
  auto [mine, theirs] = LineSocket::make_pair();
  std::thread writer([end = theirs.get()] {
    const std::string block(1 << 20, 'x');
    while (::send(end, block.data(), block.size(), MSG_NOSIGNAL) > 0) {
    }
  });
  while (mine.state() == SocketState::open) CHECK_FALSE(mine.receive());
  CHECK(mine.state() == SocketState::garbled);
  ::shutdown(theirs.get(), SHUT_RDWR);
  writer.join();
}

TEST_CASE("who is told that nothing comes any more can still answer") {
  auto [mine, theirs] = LineSocket::make_pair();
  LineSocket host(std::move(theirs));
  mine.send("x");
  mine.finish();
  CHECK(host.receive() == "x");
  CHECK_FALSE(host.receive());
  CHECK(host.state() == SocketState::closed);
}
