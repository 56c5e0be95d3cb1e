// Writes rows to a journal, one write per row, as a coordinator with slow runs does; or the same
// bytes without records: bench_journal FOLDER ours|raw never|timer|always ROWS
#include "record/journal/journal.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <string>

#include "base/files/descriptor.hpp"
#include "record/journal/journal_record.hpp"
#include "sweep/recording/journal_sync.hpp"

namespace {

using Clock = std::chrono::steady_clock;
using namespace malet;

std::string row_line(int row) {
  return fmt::format(
      "0.{}\t{}\tadam\t2026-01-02 03:04:05.000006\t0 days 00:01:00.000005\t"
      "177fd98cf46e63fab443feefb0e986024e1bfced\tC\t0.{}\t0.{}",
      row % 100, row, row * 7919, row * 104729);
}

sweep::JournalSync::Clock::time_point now() {
  return Clock::now();
}

/// A row ends up in the journal, is written, and synced as the mode says.
double ours(const std::filesystem::path& file, Sync mode, int rows) {
  std::string beginning;
  record::append_header(beginning, {{}, {"lr", "seed", "optimizer"}, {"status"}});
  record::Journal journal(file, beginning);
  sweep::JournalSync sync(mode);
  const auto begun = now();
  for (int row = 0; row < rows; ++row) {
    record::append_row(journal.pending(), static_cast<std::uint64_t>(row), {}, row_line(row));
    if (!journal.flush()) return -1;
    sync.add(journal, false);
    sync.turn(now());
  }
  return std::chrono::duration<double>(now() - begun).count();
}

/// The same bytes by plain writes; a timer is looked at between them.
double raw(const std::filesystem::path& file, Sync mode, int rows) {
  const base::Descriptor out(::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666));
  const auto begun = now();
  auto synced = begun;
  for (int row = 0; row < rows; ++row) {
    const std::string line = fmt::format("{:08x} row\t{}\t\t{}\n", 0, row, row_line(row));
    if (::write(out.get(), line.data(), line.size()) < 0) return -1;
    const bool due = mode == Sync::timer && now() - synced > std::chrono::seconds(1);
    if (mode != Sync::always && !due) continue;
    ::fdatasync(out.get());
    synced = now();
  }
  return std::chrono::duration<double>(now() - begun).count();
}

}  // namespace

int main(int, char** argv) {
  const std::filesystem::path folder = argv[1];
  const std::string who = argv[2];
  const std::string how = argv[3];
  const Sync mode = how == "never" ? Sync::never : how == "timer" ? Sync::timer : Sync::always;
  std::filesystem::create_directories(folder);
  const auto write = who == "ours" ? ours : raw;
  fmt::print("{{\"seconds\": {}}}\n", write(folder / who, mode, std::stoi(argv[4])));
}
