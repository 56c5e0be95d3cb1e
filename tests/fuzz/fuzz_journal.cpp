// Reads any bytes as a journal, once as they are and once with right checksums, and replays it on a
// small log. What cannot be read is an Error, and nothing else.
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/files/files.hpp"
#include "malet/error.hpp"
#include "record/journal/journal_replay.hpp"

namespace {

/// The lines with the checksums that they should have.
std::string signed_lines(std::string_view text) {
  std::string all;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    all += fmt::format("{:08x} {}\n", malet::base::checksum(line), line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return all;
}

void replay(std::string_view journal) {
  malet::record::Table table({"lr"}, {"status", "loss"});
  table.append("1\tR\t[0.5]");
  try {
    (void)malet::record::replay_journal(table, journal, "journal", {1, 2});
  } catch (const malet::Error& error) {
    if (error.kind() != malet::ErrorKind::bad_input) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  replay(text);
  replay(signed_lines(text));
  return 0;
}
