#include "record/series/series_extents.hpp"

#include <algorithm>
#include <tuple>
#include <unordered_map>

#include "base/text/reject.hpp"
#include "base/text/run_id.hpp"

namespace malet::record {

namespace {

/// All entries, as extents of what they put, by run and metric and then in their order.
SeriesExtents all_entries(std::span<const SeriesIndex> files) {
  SeriesExtents all;
  std::unordered_map<std::string, std::uint32_t> places;
  for (std::size_t file = 0; file < files.size(); ++file) {
    std::vector<std::uint32_t> metrics;
    for (const std::string& name : *files[file].metrics) {
      const auto [known, is_new] =
          places.try_emplace(name, static_cast<std::uint32_t>(all.metrics.size()));
      if (is_new) all.metrics.push_back(name);
      metrics.push_back(known->second);
    }
    const auto& entries = *files[file].entries;
    for (std::size_t i = 0; i < entries.size(); ++i) {
      all.extents.push_back({(*files[file].runs)[entries[i].run], metrics[entries[i].metric],
                             static_cast<std::uint32_t>(file), static_cast<std::uint32_t>(i),
                             entries[i].position, entries[i].length});
    }
  }
  const auto by_series = [](const SeriesExtent& a, const SeriesExtent& b) {
    return std::tie(a.run, a.metric) < std::tie(b.run, b.metric);
  };
  if (!std::is_sorted(all.extents.begin(), all.extents.end(), by_series)) {
    std::stable_sort(all.extents.begin(), all.extents.end(), by_series);
  }
  return all;
}

/// The extents of one series, to which entries are applied.
class Joined {
 public:
  Joined(std::vector<SeriesExtent>& out, bool whole)
      : out_(out), begin_(out.size()), whole_(whole) {}

  /// False when there would be a gap.
  bool put(const SeriesExtent& extent) {
    const bool is_first = out_.size() == begin_;
    const std::uint64_t end = is_first ? 0 : out_.back().position + out_.back().length;
    if (extent.position > end && (whole_ || !is_first)) return false;
    cut(extent.position);
    out_.push_back(extent);
    return true;
  }

  /// Removes extents without elements, which end a series.
  void finish() {
    while (out_.size() > begin_ && out_.back().length == 0 &&
           (whole_ || out_.size() > begin_ + 1)) {
      out_.pop_back();
    }
  }

 private:
  void cut(std::uint64_t position) {
    while (out_.size() > begin_ && (out_.back().position >= position || out_.back().length == 0)) {
      out_.pop_back();
    }
    if (out_.size() == begin_) return;
    SeriesExtent& last = out_.back();
    last.length = std::min(last.length, position - last.position);
  }

  std::vector<SeriesExtent>& out_;
  std::size_t begin_;
  bool whole_;
};

}  // namespace

SeriesExtents join_indices(std::span<const SeriesIndex> files, bool whole, std::size_t& at) {
  SeriesExtents all = all_entries(files);
  std::vector<SeriesExtent> joined;
  joined.reserve(all.extents.size());
  for (std::size_t i = 0; i < all.extents.size();) {
    const SeriesExtent& first = all.extents[i];
    Joined series(joined, whole);
    for (; i < all.extents.size() && all.extents[i].run == first.run &&
           all.extents[i].metric == first.metric;
         ++i) {
      if (series.put(all.extents[i])) continue;
      at = all.extents[i].file;
      reject(
          "goes on with the series {} of run {} behind elements that are "
          "nowhere: put back what stood beside it",
          all.metrics[first.metric], base::run_id_text(first.run));
    }
    series.finish();
  }
  all.extents = std::move(joined);
  return all;
}

}  // namespace malet::record
