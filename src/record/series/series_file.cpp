#include "record/series/series_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <span>
#include <system_error>

#include "base/files/files.hpp"
#include "base/text/run_id.hpp"
#include "malet/error.hpp"

// Datasets: run_id, metric (names), index (SeriesEntry), and the elements, real and integer; the
// group configs. Attributes of the file: version, first and last segment, checksum of the index.
// HDF5 keeps checksums of its own structure alone, so the index has one, and each entry's elements.
namespace malet::record {

namespace {

constexpr std::int64_t version = 1;
constexpr std::array<const char*, 2> pool_names = {"real", "integer"};
/// Elements per write to a packed file.
constexpr std::size_t write_length = 64 * h5::chunk_length;

constexpr std::array<h5::Field, 8> fields = {h5::Field{"run", offsetof(SeriesEntry, run), 4},
                                             {"metric", offsetof(SeriesEntry, metric), 4},
                                             {"kind", offsetof(SeriesEntry, kind), 1},
                                             {"position", offsetof(SeriesEntry, position), 8},
                                             {"length", offsetof(SeriesEntry, length), 8},
                                             {"offset", offsetof(SeriesEntry, offset), 8},
                                             {"last", offsetof(SeriesEntry, last), 8},
                                             {"checksum", offsetof(SeriesEntry, checksum), 4}};

std::string_view bytes_of(std::span<const std::uint64_t> words) {
  return {reinterpret_cast<const char*>(words.data()), words.size_bytes()};
}

std::string_view bytes_of(std::span<const SeriesEntry> entries) {
  return {reinterpret_cast<const char*>(entries.data()), entries.size_bytes()};
}

std::size_t place(NumberKind kind) {
  return static_cast<std::size_t>(kind);
}

/// The checksum of all that says what the elements are.
std::uint32_t checksum_of(const std::vector<std::uint64_t>& runs,
                          const std::vector<std::string>& metrics,
                          const std::vector<SeriesEntry>& entries) {
  std::uint32_t sum = base::checksum(bytes_of(runs));
  for (const std::string& metric : metrics) sum = base::checksum(metric + "\n", sum);
  for (const SeriesEntry& entry : entries) {
    const std::uint64_t words[] = {std::uint64_t{entry.run} << 32U | entry.metric,
                                   static_cast<std::uint64_t>(entry.kind),
                                   entry.position,
                                   entry.length,
                                   entry.offset,
                                   entry.last,
                                   entry.checksum};
    sum = base::checksum(bytes_of(words), sum);
  }
  return sum;
}

SegmentRange range_in(const h5::Reader& file) {
  if (file.attribute("malet_series") != version) {
    file.fail("its form is that of another version of malet-mpi");
  }
  return {static_cast<std::uint64_t>(file.attribute("first_segment")),
          static_cast<std::uint64_t>(file.attribute("last_segment"))};
}

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

}  // namespace

SegmentRange range_of(const std::filesystem::path& path) {
  return range_in(h5::Reader(path));
}

SeriesFile::SeriesFile(const std::filesystem::path& path) : file_(path), range_(range_in(file_)) {
  for (const std::string& text : file_.texts("run_id")) {
    const auto run = base::parse_run_id(text);
    if (!run) file_.fail("a run_id is not 16 hex digits");
    runs_.push_back(*run);
  }
  metrics_ = file_.texts("metric");
  const std::string records = file_.records("index", fields, sizeof(SeriesEntry));
  entries_.resize(records.size() / sizeof(SeriesEntry));
  if (!records.empty()) {
    std::memcpy(static_cast<void*>(entries_.data()), records.data(), records.size());
  }
  for (std::size_t kind = 0; kind < pools_.size(); ++kind) {
    pools_[kind] = file_.open(pool_names[kind]);
  }
  check_entries();
}

void SeriesFile::check_entries() const {
  const auto sum = static_cast<std::uint32_t>(file_.attribute("index_checksum"));
  if (sum != checksum_of(runs_, metrics_, entries_)) {
    file_.fail("its index does not have its checksum");
  }
  const std::size_t lengths[] = {file_.length(pools_[0]), file_.length(pools_[1])};
  for (const SeriesEntry& entry : entries_) {
    const bool is_known = entry.run < runs_.size() && entry.metric < metrics_.size() &&
                          (entry.kind == NumberKind::real || entry.kind == NumberKind::integer);
    const std::size_t there = is_known ? lengths[place(entry.kind)] : 0;
    if (!is_known || entry.length > there || entry.offset > there - entry.length) {
      file_.fail("its index leads to what is not there");
    }
  }
}

void SeriesFile::read(const SeriesEntry& entry, std::size_t length, NumberSeries& series) const {
  std::vector<std::uint64_t> words(entry.length);
  file_.read(pools_[place(entry.kind)], entry.kind, entry.offset, words);
  if (base::checksum(bytes_of(words)) != entry.checksum) {
    file_.fail(fmt::format("the series {} of run {} does not have its checksum",
                           metrics_[entry.metric], base::run_id_text(runs_[entry.run])));
  }
  series.append(entry.kind, std::span(words).first(std::min(length, words.size())));
}

void SeriesSize::add(const NumberSeries& values) {
  for (const auto& stretch : values.stretches()) {
    elements[place(stretch.kind)] += stretch.words.size();
  }
}

SeriesFileWriter::SeriesFileWriter(std::filesystem::path path, SegmentRange range,
                                   const SeriesSize& size)
    : SeriesFileWriter(std::move(path), range, size, nullptr) {}

SeriesFileWriter SeriesFileWriter::packed(std::filesystem::path path, SegmentRange range,
                                          const SeriesSize& size) {
  require_room(path, size);
  auto beside = std::make_unique<base::AtomicPath>(path);
  return {std::move(path), range, size, std::move(beside)};
}

SeriesFileWriter::SeriesFileWriter(std::filesystem::path path, SegmentRange range,
                                   const SeriesSize& size, std::unique_ptr<base::AtomicPath> beside)
    : path_(std::move(path)),
      range_(range),
      beside_(std::move(beside)),
      storage_(beside_ ? h5::Storage::packed : h5::Storage::plain),
      file_(beside_ ? h5::Writer(beside_->temporary()) : h5::Writer::in_memory(path_)) {
  for (const NumberKind kind : {NumberKind::real, NumberKind::integer}) {
    const std::size_t elements = size.elements[place(kind)];
    Pool& pool = pools_[place(kind)];
    pool.dataset = file_.numbers(pool_names[place(kind)], kind, elements, storage_);
    pool.is_packed = storage_ == h5::Storage::packed && elements >= h5::chunk_length;
  }
  file_.group("configs");
}

std::uint32_t SeriesFileWriter::place_of_run(std::uint64_t run) {
  const auto [known, is_new] =
      run_places_.try_emplace(run, static_cast<std::uint32_t>(runs_.size()));
  if (is_new) runs_.push_back(run);
  return known->second;
}

std::uint32_t SeriesFileWriter::place_of_metric(std::string_view metric) {
  const auto known = std::find(metrics_.begin(), metrics_.end(), metric);
  const auto found = static_cast<std::uint32_t>(known - metrics_.begin());
  if (known == metrics_.end()) metrics_.emplace_back(metric);
  return found;
}

void SeriesFileWriter::add(std::uint64_t run, std::string_view metric, const NumberSeries& values) {
  SeriesEntry entry;
  entry.run = place_of_run(run);
  entry.metric = place_of_metric(metric);
  const auto stretches = values.stretches();
  if (stretches.empty()) {
    entry.position = values.begin();
    entry.checksum = base::checksum({});
    entries_.push_back(entry);
  }
  for (const auto& stretch : stretches) {
    const Pool& pool = pools_[place(stretch.kind)];
    entry.kind = stretch.kind;
    entry.position = stretch.position;
    entry.length = stretch.words.size();
    entry.offset = pool.written + pool.waiting.size();
    entry.last = stretch.words.back();
    entry.checksum = base::checksum(bytes_of(stretch.words));
    entries_.push_back(entry);
    put(stretch.kind, stretch.words);
  }
}

void SeriesFileWriter::put(NumberKind kind, std::span<const std::uint64_t> words) {
  Pool& pool = pools_[place(kind)];
  pool.waiting.insert(pool.waiting.end(), words.begin(), words.end());
  if (pool.waiting.size() < write_length) return;
  flush(kind, pool.waiting.size() / h5::chunk_length * h5::chunk_length);
}

void SeriesFileWriter::flush(NumberKind kind, std::size_t count) {
  Pool& pool = pools_[place(kind)];
  const auto words = std::span(pool.waiting).first(count);
  if (pool.is_packed) {
    file_.write_chunks(pool.dataset, pool.written, words);
  } else {
    file_.write(pool.dataset, kind, pool.written, words);
  }
  pool.written += count;
  pool.waiting.erase(pool.waiting.begin(),
                     pool.waiting.begin() + static_cast<std::ptrdiff_t>(count));
}

void SeriesFileWriter::add_configs(const std::string& field,
                                   const std::vector<std::string>& cells) {
  const std::string name = "configs/" + h5::link_name(field);
  file_.texts(name, cells, storage_);
  file_.attribute(name, "name", Value(field));
}

void SeriesFileWriter::write_index() {
  std::vector<std::string> ids;
  ids.reserve(runs_.size());
  for (const std::uint64_t run : runs_) ids.push_back(base::run_id_text(run));
  file_.texts("run_id", ids, storage_);
  file_.texts("metric", metrics_, h5::Storage::plain);
  file_.records("index", fields, sizeof(SeriesEntry), bytes_of(entries_), storage_);
  file_.attribute("/", "malet_series", Value(version));
  file_.attribute("/", "first_segment", Value(range_.first));
  file_.attribute("/", "last_segment", Value(range_.last));
  file_.attribute("/", "index_checksum", Value(checksum_of(runs_, metrics_, entries_)));
}

void SeriesFileWriter::finish(const std::function<void()>& last_check) {
  for (const NumberKind kind : {NumberKind::real, NumberKind::integer}) {
    flush(kind, pools_[place(kind)].waiting.size());
    pools_[place(kind)].dataset = {};
  }
  write_index();
  if (beside_) {
    file_.close();
    return beside_->commit(last_check);
  }
  base::AtomicFile file(path_);
  file.write(file_.image());
  file.commit(last_check);
}

}  // namespace malet::record
