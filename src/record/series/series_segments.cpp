#include "record/series/series_segments.hpp"

#include <algorithm>
#include <system_error>

#include "base/files/files.hpp"
#include "base/files/paths.hpp"
#include "base/text/reject.hpp"
#include "record/series/series_store.hpp"

// The order in which files appear and go: a segment is written before the ones that it was made of
// are removed, and names the numbers of all of them; log.h5 likewise. Whoever reads in between sees
// the new file, and passes over those whose numbers it names.
namespace malet::record {

namespace {

constexpr std::size_t merge_count = 16;

/// How often segments were merged that led to one.
int level_of(const SegmentRange& range) {
  int level = 0;
  for (std::uint64_t count = range.last - range.first + 1; count >= merge_count;
       count /= merge_count) {
    ++level;
  }
  return level;
}

bool lies_in(const SegmentRange& part, const SegmentRange& whole) {
  return part.first >= whole.first && part.last <= whole.last;
}

}  // namespace

std::optional<std::vector<SegmentRange>> counting_segments(std::vector<SegmentRange> there,
                                                           std::uint64_t done, SegmentRange* gap) {
  // By their beginning, the longest first.
  std::sort(there.begin(), there.end(), [](const SegmentRange& a, const SegmentRange& b) {
    return a.first != b.first ? a.first < b.first : a.last > b.last;
  });
  std::vector<SegmentRange> counting;
  for (const SegmentRange& range : there) {
    if (range.last <= done) continue;
    if (range.first != done + 1) {
      if (gap != nullptr) *gap = {done + 1, range.first - 1};
      return std::nullopt;
    }
    counting.push_back(range);
    done = range.last;
  }
  return counting;
}

std::size_t segments_to_merge(const std::vector<SegmentRange>& segments) {
  if (segments.size() < merge_count) return 0;
  const auto first = segments.end() - merge_count;
  const int level = level_of(segments.back());
  const bool alike = std::all_of(first, segments.end(), [level](const SegmentRange& range) {
    return level_of(range) == level;
  });
  return alike ? merge_count : 0;
}

std::vector<SegmentRange> list_segments(const std::filesystem::path& log) {
  const auto folder = base::paths::series_segments(log);
  std::vector<SegmentRange> found;
  std::error_code error;
  for (const auto& file : base::entries(folder, error)) {
    if (const auto numbers = base::paths::segment_numbers(file)) {
      found.push_back({numbers->first, numbers->second});
    }
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    reject("{}: cannot be read: {}", folder.string(), error.message());
  }
  return found;
}

void remove_segments(const std::filesystem::path& log, SegmentRange range, SegmentRange but) {
  std::error_code ignored;
  for (const SegmentRange& part : list_segments(log)) {
    if (!lies_in(part, range) || part == but) continue;
    std::filesystem::remove(base::paths::series_segment(log, part.first, part.last), ignored);
  }
  std::filesystem::remove(base::paths::series_segments(log), ignored);
}

void remove_series(const std::filesystem::path& log) {
  remove_segments(log, {1, UINT64_MAX});
  std::error_code ignored;
  std::filesystem::remove(base::paths::series(log), ignored);
}

void write_segment(const std::filesystem::path& log,
                   std::span<const std::shared_ptr<const SeriesPiece>> pieces,
                   const std::function<void()>& last_check) {
  if (pieces.empty()) return;
  SeriesSize size;
  for (const auto& piece : pieces) size.add(piece->values);
  std::uint64_t number = 1;
  for (const SegmentRange& range : list_segments(log)) number = std::max(number, range.last + 1);
  if (std::filesystem::exists(base::paths::series(log))) {
    number = std::max(number, range_of(base::paths::series(log)).last + 1);
  }
  SeriesFileWriter writer(base::paths::series_segment(log, number, number), {number, number}, size);
  for (const auto& piece : pieces) writer.add(piece->run, piece->metric, piece->values);
  writer.finish(last_check);
}

void merge_segments(const std::filesystem::path& log, const std::function<void()>& last_check) {
  std::uint64_t done = 0;
  if (std::filesystem::exists(base::paths::series(log))) {
    done = range_of(base::paths::series(log)).last;
  }
  for (;;) {
    const auto segments = counting_segments(list_segments(log), done);
    if (!segments) return;
    const std::size_t count = segments_to_merge(*segments);
    if (count == 0) return;
    const auto parts = std::span(*segments).last(count);
    const SegmentRange range{parts.front().first, parts.back().last};
    const SeriesStore store = SeriesStore::open_parts(log, parts);
    const auto file = base::paths::series_segment(log, range.first, range.last);
    SeriesSize size;
    for (std::size_t place = 0; place < store.size(); ++place) store.add_size(place, size);
    auto writer = SeriesFileWriter::packed(file, range, size);
    for (std::size_t place = 0; place < store.size(); ++place) {
      const StoredSeries series = store.series(place);
      writer.add(series.run, series.metric, store.read(place));
    }
    writer.finish(last_check);
    remove_segments(log, range, range);
  }
}

}  // namespace malet::record
