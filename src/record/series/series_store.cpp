#include "record/series/series_store.hpp"

#include <algorithm>
#include <system_error>

#include "base/files/files.hpp"
#include "base/files/paths.hpp"
#include "base/text/reject.hpp"
#include "malet/error.hpp"
#include "record/series/series_segments.hpp"
#include "record/table/file_mark.hpp"

namespace malet::record {

namespace {

// A writer may merge segments while we look; it does so less than every two seconds.
constexpr int most_looks = 5;

/// A segment whose name says what it is.
std::shared_ptr<const SeriesFile> open_segment(const std::filesystem::path& log,
                                               const SegmentRange& range) {
  auto file =
      std::make_shared<const SeriesFile>(base::paths::series_segment(log, range.first, range.last));
  if (file->range() == range) return file;
  reject("{}: holds segments {} to {}: give it the name that says so", file->path().string(),
         file->range().first, file->range().last);
}

}  // namespace

void SeriesStore::refuse_dangling(const std::filesystem::path& log) {
  for (const auto& path : {base::paths::series(log), base::paths::series_segments(log)}) {
    std::error_code ignored;
    if (!std::filesystem::is_symlink(path, ignored) || base::exists(path)) continue;
    reject(
        "{}: is a link that leads nowhere: put back what it led to, or remove "
        "it to do without its series",
        path.string());
  }
}

bool SeriesStore::exists(const std::filesystem::path& log) {
  return base::exists(base::paths::series(log)) || !list_segments(log).empty();
}

SeriesStore SeriesStore::open(const std::filesystem::path& log) {
  refuse_dangling(log);
  SegmentRange gap;
  for (int look = 1; look < most_looks; ++look) {
    try {
      if (auto store = open_once(log, gap)) return std::move(*store);
    } catch (const Error&) {
      // A file that its writer removed meanwhile; what is really damaged is so the next time.
      if (look + 1 == most_looks) throw;
    }
  }
  reject(
      "{}: segments {} to {} of the series are missing: put back {} or the files "
      "that were removed",
      base::paths::series_segments(log).string(), gap.first, gap.last,
      base::paths::series(log).filename().string());
}

std::optional<SeriesStore> SeriesStore::open_once(const std::filesystem::path& log,
                                                  SegmentRange& gap) {
  SeriesStore store;
  store.log_ = log;
  const auto file = base::paths::series(log);
  const FileStamp stamp = stamp_of(file);
  std::uint64_t done = 0;
  if (base::exists(file)) {
    store.files_.push_back(std::make_shared<const SeriesFile>(file));
    done = store.files_.back()->range().last;
  }
  const auto segments = counting_segments(list_segments(log), done, &gap);
  if (!segments) return std::nullopt;
  for (const SegmentRange& range : *segments) {
    store.files_.push_back(open_segment(log, range));
  }
  if (stamp != stamp_of(file)) return std::nullopt;
  store.join(true);
  return store;
}

SeriesStore SeriesStore::open_parts(const std::filesystem::path& log,
                                    std::span<const SegmentRange> segments) {
  SeriesStore store;
  store.log_ = log;
  for (const SegmentRange& range : segments) {
    store.files_.push_back(open_segment(log, range));
  }
  store.join(false);
  return store;
}

void SeriesStore::join(bool whole) {
  std::vector<SeriesIndex> indices;
  for (const auto& file : files_) {
    indices.push_back({&file->runs(), &file->metrics(), &file->entries()});
  }
  std::size_t at = 0;
  try {
    index_ = join_indices(indices, whole, at);
  } catch (const Error& error) {
    reject("{}: {}", files_[at]->path().string(), error.what());
  }
  const auto& extents = index_.extents;
  for (std::size_t i = 0; i < extents.size(); ++i) {
    const bool goes_on =
        i > 0 && extents[i - 1].run == extents[i].run && extents[i - 1].metric == extents[i].metric;
    if (!goes_on) groups_.push_back({i});
  }
}

std::span<const SeriesExtent> SeriesStore::extents(std::size_t place) const {
  const std::size_t first = groups_[place].first;
  const std::size_t end =
      place + 1 < groups_.size() ? groups_[place + 1].first : index_.extents.size();
  return std::span(index_.extents).subspan(first, end - first);
}

const SeriesEntry& SeriesStore::entry(const SeriesExtent& extent) const {
  return files_[extent.file]->entries()[extent.entry];
}

StoredSeries SeriesStore::series(std::size_t place) const {
  const SeriesExtent& last = extents(place).back();
  StoredSeries found{last.run, index_.metrics[last.metric], last.position + last.length, {}};
  if (last.length == 0) return found;
  const SeriesEntry& entry = this->entry(last);
  if (last.length == entry.length) {
    found.last = number_of(entry.kind, entry.last);
  } else {
    NumberSeries cut(last.position);
    files_[last.file]->read(entry, last.length, cut);
    found.last = cut.back();
  }
  return found;
}

std::pair<std::size_t, std::size_t> SeriesStore::places_of(std::uint64_t run) const {
  const auto before = [this](const Group& group, std::uint64_t wanted) {
    return index_.extents[group.first].run < wanted;
  };
  const auto first = std::lower_bound(groups_.begin(), groups_.end(), run, before);
  auto end = first;
  while (end != groups_.end() && index_.extents[end->first].run == run) ++end;
  return {static_cast<std::size_t>(first - groups_.begin()),
          static_cast<std::size_t>(end - groups_.begin())};
}

std::vector<std::uint64_t> SeriesStore::runs() const {
  std::vector<std::uint64_t> runs;
  for (std::size_t place = 0; place < size(); ++place) {
    const std::uint64_t run = index_.extents[groups_[place].first].run;
    if (runs.empty() || runs.back() != run) runs.push_back(run);
  }
  return runs;
}

std::optional<std::size_t> SeriesStore::find(std::uint64_t run, std::string_view metric) const {
  for (auto [place, end] = places_of(run); place < end; ++place) {
    if (index_.metrics[index_.extents[groups_[place].first].metric] == metric) return place;
  }
  return std::nullopt;
}

NumberSeries SeriesStore::read(std::size_t place, std::size_t most) const {
  const auto found = extents(place);
  NumberSeries series(found.front().position);
  for (const SeriesExtent& extent : found) {
    if (extent.position >= most || extent.length == 0) break;
    const std::size_t length = std::min<std::size_t>(extent.length, most - extent.position);
    files_[extent.file]->read(entry(extent), length, series);
  }
  return series;
}

std::uint64_t SeriesStore::last_segment() const {
  return files_.empty() ? 0 : files_.back()->range().last;
}

bool SeriesStore::has_segments() const {
  return !files_.empty() && files_.back()->path() != base::paths::series(log_);
}

void SeriesStore::add_size(std::size_t place, SeriesSize& size) const {
  for (const SeriesExtent& extent : extents(place)) size.add(entry(extent).kind, extent.length);
}

void SeriesStore::fail(std::string_view what) const {
  reject("{}: {}", base::paths::series(log_).string(), what);
}

}  // namespace malet::record
