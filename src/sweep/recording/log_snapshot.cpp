#include "sweep/recording/log_snapshot.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <numeric>

#include "base/files/paths.hpp"
#include "malet/error.hpp"
#include "record/series/series_segments.hpp"
#include "record/table/tsv.hpp"

namespace malet::sweep {

namespace {

/// The rows sorted by config.
std::vector<std::uint32_t> grid_order(const std::vector<std::uint64_t>& row_indices) {
  std::vector<std::uint32_t> order(row_indices.size());
  std::iota(order.begin(), order.end(), std::uint32_t{0});
  std::erase_if(order, [&](std::uint32_t row) { return row_indices[row] == dropped_row; });
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return row_indices[a] < row_indices[b];
  });
  return order;
}

bool is_in_order(const std::vector<std::uint64_t>& row_indices) {
  return std::is_sorted(row_indices.begin(), row_indices.end()) &&
         !std::binary_search(row_indices.begin(), row_indices.end(), dropped_row);
}

/// What cannot be merged now, say for want of room, is merged after another snapshot.
void merge_segments(const std::filesystem::path& log, const std::function<void()>& last_check) {
  try {
    record::merge_segments(log, last_check);
  } catch (const Error&) {
    return;
  }
}

}  // namespace

record::FileMark LogSnapshot::write(const std::function<void()>& last_check) const {
  if (!flaw.empty()) throw Error(ErrorKind::internal, flaw);
  if (!series.empty()) {
    if (journal.get() >= 0 && ::fdatasync(journal.get()) != 0) {
      throw Error(ErrorKind::internal,
                  fmt::format("{}: cannot be synced: {}", base::paths::journal(file).string(),
                              std::strerror(errno)));
    }
    record::write_segment(file, series, last_check);
  }
  const auto mark =
      is_in_order(row_indices)
          ? record::write_tsv(file, header, table, {}, last_check)
          : record::write_tsv(file, header, table, grid_order(row_indices), last_check);
  if (!series.empty()) merge_segments(file, last_check);
  return mark;
}

}  // namespace malet::sweep
