#include "record/series/series_compact.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <system_error>
#include <utility>
#include <vector>

#include "base/files/paths.hpp"
#include "malet/error.hpp"
#include "record/series/log_series.hpp"
#include "record/series/run_ids.hpp"
#include "record/series/series_segments.hpp"
#include "record/table/line_builder.hpp"
#include "record/table/table.hpp"

// The order in which files appear and go: a segment is written before the ones that it was made of
// are removed, and names the numbers of all of them; log.h5 likewise. Whoever reads in between sees
// the new file, and passes over those whose numbers it names.
namespace malet::record {

namespace {

/// Room that a file takes besides its elements.
constexpr std::uintmax_t spare_room = 1 << 20;

/// What the library cannot finish for want of room stays open in it, so that is seen to before.
void require_room(const std::filesystem::path& file, const SeriesSize& size) {
  std::error_code error;
  const auto room = std::filesystem::space(file.parent_path(), error);
  const std::uintmax_t needed = (size.elements[0] + size.elements[1]) * 8 + spare_room;
  if (error || room.available >= needed) return;
  throw Error(ErrorKind::internal,
              fmt::format("{}: cannot be written: there may be {} bytes to write, and the disk has "
                          "room for {}; its segments stay",
                          file.string(), needed, room.available));
}

void add_series(SeriesFileWriter& writer, const SeriesStore& store, std::size_t place) {
  const StoredSeries series = store.series(place);
  writer.add(series.run, series.metric, store.read(place));
}

/// A series that is written, and the row that it is of.
struct Source {
  std::size_t row;
  const SeriesStore* store;
  std::size_t place;
};

/// The series of a log's rows, in their order.
/// \param store_of of a row; nullptr: it has no series.
/// \param visit gets each Source.
template <typename StoreOf, typename Visit>
void visit_series(const ExperimentLog& log, StoreOf store_of, Visit visit) {
  RunIds ids(log.static_configs(), log.grid_fields());
  for (std::size_t row = 0; row < log.size(); ++row) {
    const SeriesStore* store = store_of(row);
    if (store == nullptr || store->size() == 0) continue;
    const std::uint64_t run = ids.of_row(log.table(), row);
    for (auto [place, end] = store->places_of(run); place < end; ++place) {
      visit(Source{row, store, place});
    }
  }
}

/// Whether a row's cell has the last value of the series. One that has not was changed since, or is
/// another row of the same run, and speaks for itself.
bool is_said(const ExperimentLog& log, const Source& source) {
  const StoredSeries series = source.store->series(source.place);
  const auto column = log.table().column(series.metric);
  return column && agrees(log.table().cell(source.row, *column), series.last);
}

/// The series of each run, once.
class OncePerRun {
 public:
  bool operator()(const Source& source) {
    const StoredSeries series = source.store->series(source.place);
    return seen_.emplace(series.run, series.metric).second;
  }

 private:
  std::set<std::pair<std::uint64_t, std::string_view>> seen_;
};

/// Writes log.h5 of a log.
void write_file(const ExperimentLog& log, SegmentRange range, std::span<const Source> sources,
                const std::function<void()>& last_check) {
  SeriesSize size;
  for (const Source& source : sources) source.store->add_size(source.place, size);
  const auto file = base::paths::series(log.logs_file());
  require_room(file, size);
  auto writer = SeriesFileWriter::packed(file, range, size);
  std::vector<std::vector<std::string>> columns(log.grid_fields().size());
  for (const Source& source : sources) {
    const std::size_t runs = writer.runs().size();
    add_series(writer, *source.store, source.place);
    const bool is_new = writer.runs().size() > runs;
    for (std::size_t i = 0; is_new && i < columns.size(); ++i) {
      columns[i].push_back(log.table().cell(source.row, i));
    }
  }
  for (std::size_t i = 0; i < columns.size(); ++i) {
    writer.add_configs(log.grid_fields()[i], columns[i]);
  }
  writer.finish(last_check);
}

/// Puts a series into its row's cell.
void inline_series(Table& table, const Source& source) {
  const auto column = table.column(source.store->series(source.place).metric);
  LineBuilder builder;
  CellWalk walk(table.line(source.row));
  std::string_view cell;
  for (std::size_t i = 0; i < table.cells(source.row) && walk.next(cell); ++i) {
    if (i == column) {
      builder.add(Value(source.store->read(source.place).list()), ListStyle::list);
    } else {
      builder.add_escaped(cell);
    }
  }
  table.replace(source.row, builder.line());
}

}  // namespace

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
    require_room(file, size);
    auto writer = SeriesFileWriter::packed(file, range, size);
    for (std::size_t place = 0; place < store.size(); ++place) add_series(writer, store, place);
    writer.finish(last_check);
    remove_segments(log, range, range);
  }
}

bool write_series(ExperimentLog& log, std::span<const SeriesStore* const> stores) {
  std::vector<Source> sources;
  std::vector<Source> others;
  OncePerRun is_first;
  visit_series(
      log, [&](std::size_t row) { return stores[row]; },
      [&](const Source& source) {
        if (is_said(log, source)) (is_first(source) ? sources : others).push_back(source);
      });
  for (const Source& other : others) inline_series(log.table(), other);
  if (!sources.empty()) write_file(log, {1, 0}, sources, {});
  return !sources.empty();
}

bool compact_series(const ExperimentLog& log, const std::function<void()>& last_check,
                    bool always) {
  const auto& path = log.logs_file();
  const SeriesStore store = SeriesStore::open(path);
  const SegmentRange range{1, store.last_segment()};
  const bool is_due = always || store.has_segments();
  if (is_due) {
    std::vector<Source> sources;
    OncePerRun is_first;
    visit_series(
        log, [&](std::size_t) { return &store; },
        [&](const Source& source) {
          if (is_first(source)) sources.push_back(source);
        });
    write_file(log, range, sources, last_check);
  }
  remove_segments(path, range);  // also those that a job was killed before it removed
  return is_due;
}

}  // namespace malet::record
