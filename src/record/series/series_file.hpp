#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/files/files.hpp"
#include "record/h5/h5.hpp"
#include "record/table/number_series.hpp"

/// Files of metric series: log.h5 and its segments have one form (docs/log_format.md).
namespace malet::record {

/// What a series of one metric of one run got: elements from a position on. Read in the order of a
/// file, an entry drops what its series has behind that position and appends its own elements, of
/// which there may be none.
struct SeriesEntry {
  std::uint32_t run = 0;     ///< place in SeriesFile::runs
  std::uint32_t metric = 0;  ///< place in SeriesFile::metrics
  NumberKind kind = NumberKind::real;
  std::uint64_t position = 0;
  std::uint64_t length = 0;
  std::uint64_t offset = 0;    ///< in the dataset of its kind
  std::uint64_t last = 0;      ///< bit pattern of its last element
  std::uint32_t checksum = 0;  ///< of its elements' bytes
};

/// Which writings of segments a file stands for: those numbered first to last, from 1.
struct SegmentRange {
  std::uint64_t first = 0;
  std::uint64_t last = 0;

  friend bool operator==(const SegmentRange&, const SegmentRange&) = default;
};

/// A file of series that is there. Stays readable while it is removed. Throws Error(bad_input) that
/// names the file when it is damaged.
class SeriesFile {
 public:
  explicit SeriesFile(const std::filesystem::path& path);

  [[nodiscard]] const std::filesystem::path& path() const { return file_.path(); }
  [[nodiscard]] SegmentRange range() const { return range_; }
  /// run_ids, as numbers.
  [[nodiscard]] const std::vector<std::uint64_t>& runs() const { return runs_; }
  [[nodiscard]] const std::vector<std::string>& metrics() const { return metrics_; }
  [[nodiscard]] const std::vector<SeriesEntry>& entries() const { return entries_; }
  /// Appends the first `length` of an entry's elements; all of them are read and checked.
  void read(const SeriesEntry& entry, std::size_t length, NumberSeries& series) const;

 private:
  void check_entries() const;

  h5::Reader file_;
  SegmentRange range_;
  std::vector<std::uint64_t> runs_;
  std::vector<std::string> metrics_;
  std::vector<SeriesEntry> entries_;
  std::array<h5::Handle, 2> pools_;  // by NumberKind
};

/// How many elements of each kind a file is to hold.
struct SeriesSize {
  std::array<std::size_t, 2> elements{};  // by NumberKind

  void add(const NumberSeries& values);
  void add(NumberKind kind, std::size_t count) {
    elements[static_cast<std::size_t>(kind)] += count;
  }
};

/// Writes a file of series, entry by entry.
class SeriesFileWriter {
 public:
  /// A segment, in memory until finish().
  SeriesFileWriter(std::filesystem::path path, SegmentRange range, const SeriesSize& size);
  /// A packed file, written beside its path until finish(). Throws Error(internal) where the disk
  /// has no room for it.
  static SeriesFileWriter packed(std::filesystem::path path, SegmentRange range,
                                 const SeriesSize& size);

  /// Puts these values, from their begin() on.
  void add(std::uint64_t run, std::string_view metric, const NumberSeries& values);
  /// Columns of texts about the runs, in the order in which they were first added: the cells of
  /// their configs.
  void add_configs(const std::string& field, const std::vector<std::string>& cells);
  /// The runs that were added, in that order.
  [[nodiscard]] const std::vector<std::uint64_t>& runs() const { return runs_; }
  /// Puts the file in its place. Throws Error(internal).
  /// \param last_check called right before; when it throws nothing has happened.
  void finish(const std::function<void()>& last_check = {});

 private:
  /// Elements that are gathered for one write.
  struct Pool {
    h5::Handle dataset;
    std::vector<std::uint64_t> waiting;
    std::size_t written = 0;
    bool is_packed = false;  // in chunks of the usual length
  };

  SeriesFileWriter(std::filesystem::path path, SegmentRange range, const SeriesSize& size,
                   std::unique_ptr<base::AtomicPath> beside);
  void put(NumberKind kind, std::span<const std::uint64_t> words);
  void flush(NumberKind kind, std::size_t count);
  void write_index();
  [[nodiscard]] std::uint32_t place_of_run(std::uint64_t run);
  [[nodiscard]] std::uint32_t place_of_metric(std::string_view metric);

  std::filesystem::path path_;
  SegmentRange range_;
  std::unique_ptr<base::AtomicPath> beside_;  // of a packed file
  h5::Storage storage_;
  h5::Writer file_;
  std::array<Pool, 2> pools_;
  std::vector<std::uint64_t> runs_;
  std::vector<std::string> metrics_;
  std::vector<SeriesEntry> entries_;
  std::unordered_map<std::uint64_t, std::uint32_t> run_places_;
};

/// What the file of that path stands for; throws Error(bad_input) as SeriesFile does.
[[nodiscard]] SegmentRange range_of(const std::filesystem::path& path);

}  // namespace malet::record
