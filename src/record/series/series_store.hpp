#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "record/series/series_extents.hpp"
#include "record/series/series_file.hpp"
#include "record/table/number_series.hpp"

namespace malet::record {

/// A stored series without its elements.
struct StoredSeries {
  std::uint64_t run = 0;  ///< its run_id as a number
  std::string_view metric;
  std::size_t length = 0;
  Value last;
};

/// The series of a log that are kept in HDF5, log.h5 and its segments as one, as they stood when
/// the store was opened: files that are replaced or removed later stay readable. Values are read
/// when they are asked for.
class SeriesStore {
 public:
  /// A store without series.
  SeriesStore() = default;
  /// Opens what stands beside a log, while somebody may be writing there. Throws Error(bad_input)
  /// for a file that is damaged or missing.
  [[nodiscard]] static SeriesStore open(const std::filesystem::path& log);
  /// Some segments by themselves, whose series need not be there from their beginnings on.
  [[nodiscard]] static SeriesStore open_parts(const std::filesystem::path& log,
                                              std::span<const SegmentRange> segments);
  /// Throws Error(bad_input) where a link that stands beside the log leads nowhere.
  static void refuse_dangling(const std::filesystem::path& log);
  /// Whether anything stands beside the log.
  [[nodiscard]] static bool exists(const std::filesystem::path& log);

  /// The series in it, by run and metric.
  [[nodiscard]] std::size_t size() const { return groups_.size(); }
  [[nodiscard]] StoredSeries series(std::size_t place) const;
  /// The runs that have series, each once.
  [[nodiscard]] std::vector<std::uint64_t> runs() const;
  /// The places of a run's series: from the first on, before the second.
  [[nodiscard]] std::pair<std::size_t, std::size_t> places_of(std::uint64_t run) const;
  [[nodiscard]] std::optional<std::size_t> find(std::uint64_t run, std::string_view metric) const;
  /// The elements of a series; the first so many.
  [[nodiscard]] NumberSeries read(std::size_t place, std::size_t most = SIZE_MAX) const;
  /// What the files stand for: from 1 to the last number; 0 where there are none.
  [[nodiscard]] std::uint64_t last_segment() const;
  [[nodiscard]] bool has_segments() const;
  /// Adds how many elements of each kind a series has.
  void add_size(std::size_t place, SeriesSize& size) const;
  /// Throws Error(bad_input) about the store: what is wrong between it and its log.
  [[noreturn]] void fail(std::string_view what) const;

 private:
  /// Where the extents of one series begin; they end where the next one's do.
  struct Group {
    std::size_t first;
  };

  static std::optional<SeriesStore> open_once(const std::filesystem::path& log, SegmentRange& gap);
  void join(bool whole);
  [[nodiscard]] std::span<const SeriesExtent> extents(std::size_t place) const;
  [[nodiscard]] const SeriesEntry& entry(const SeriesExtent& extent) const;

  std::filesystem::path log_;
  std::vector<std::shared_ptr<const SeriesFile>> files_;  // log.h5 first, then segments
  SeriesExtents index_;
  std::vector<Group> groups_;
};

}  // namespace malet::record
