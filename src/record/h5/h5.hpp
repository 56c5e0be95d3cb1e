#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "malet/value.hpp"
#include "record/table/number_series.hpp"

/// HDF5 files, as far as this room needs them. The library's own header is included by h5_*.cpp
/// alone.
///
/// Every call is checked: what fails is an Error that names the file, and the library itself writes
/// nothing to the terminal. The library is not made for threads, so one lock lets one of them in.
namespace malet::record::h5 {

/// An object of the library; closed in the end.
class Handle {
 public:
  using Close = int (*)(std::int64_t);

  Handle() = default;
  Handle(std::int64_t id, Close close) : id_(id), close_(close) {}
  Handle(Handle&& other) noexcept
      : id_(std::exchange(other.id_, -1)), close_(std::exchange(other.close_, nullptr)) {}
  Handle& operator=(Handle&& other) noexcept {
    std::swap(id_, other.id_);
    std::swap(close_, other.close_);
    return *this;
  }
  ~Handle();

  [[nodiscard]] std::int64_t get() const { return id_; }
  [[nodiscard]] bool is_open() const { return id_ >= 0; }
  /// Gives the object, which is then not closed here.
  [[nodiscard]] std::int64_t release() { return std::exchange(id_, -1); }

 private:
  std::int64_t id_ = -1;
  Close close_ = nullptr;
};

/// One field of a record, as it lies in memory: an unsigned integer of so many bytes.
struct Field {
  const char* name;
  std::size_t offset;
  std::size_t bytes;  ///< 1, 4 or 8
};

/// How the elements of a dataset lie in the file.
enum class Storage {
  plain,   ///< one after the other
  packed,  ///< in chunks, shuffled and deflated
};

/// Elements per chunk of packed datasets, and how hard they are deflated.
inline constexpr std::size_t chunk_length = 8192;
inline constexpr int deflate_level = 1;

/// Reads a file. Throws Error(bad_input) for a file that is no HDF5 file, that is damaged, or that
/// lacks what is asked for.
class Reader {
 public:
  explicit Reader(std::filesystem::path path);

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  /// An integer attribute of the file.
  [[nodiscard]] std::int64_t attribute(const std::string& name) const;
  /// A dataset of one dimension.
  [[nodiscard]] Handle open(const std::string& dataset) const;
  [[nodiscard]] std::size_t length(const Handle& dataset) const;
  /// Elements of 8 bytes from `offset` on.
  void read(const Handle& dataset, NumberKind kind, std::size_t offset,
            std::span<std::uint64_t> words) const;
  [[nodiscard]] std::vector<std::string> texts(const std::string& dataset) const;
  /// All records of a dataset; `record_size` bytes each.
  [[nodiscard]] std::string records(const std::string& dataset, std::span<const Field> fields,
                                    std::size_t record_size) const;
  /// Throws Error(bad_input) that says so of the file.
  [[noreturn]] void fail(std::string_view what) const;

 private:
  std::filesystem::path path_;
  Handle file_;
};

/// Writes a new file. Throws Error(internal) with path and reason.
class Writer {
 public:
  /// A file that is there already is overwritten.
  explicit Writer(std::filesystem::path path);
  /// A file in memory; `name` stands for it in messages.
  [[nodiscard]] static Writer in_memory(std::filesystem::path name);

  void group(const std::string& name);
  /// An attribute of an object ("/" is the file): a number or a text; other values as the text of
  /// their cell.
  void attribute(const std::string& object, const std::string& name, const Value& value);
  void numbers(const std::string& dataset, std::span<const double> values, Storage storage);
  void numbers(const std::string& dataset, std::span<const std::int64_t> values, Storage storage);
  /// UTF-8 texts of a fixed length, filled up with NULs.
  void texts(const std::string& dataset, std::span<const std::string> values, Storage storage);
  void records(const std::string& dataset, std::span<const Field> fields, std::size_t record_size,
               std::string_view records, Storage storage);

  /// Makes a dataset of so many elements of 8 bytes, to be filled by write().
  [[nodiscard]] Handle numbers(const std::string& dataset, NumberKind kind, std::size_t length,
                               Storage storage);
  void write(const Handle& dataset, NumberKind kind, std::size_t offset,
             std::span<const std::uint64_t> words);
  /// The same for a packed one: whole chunks of chunk_length elements, the last one of a dataset
  /// excepted.
  void write_chunks(const Handle& dataset, std::size_t offset,
                    std::span<const std::uint64_t> words);

  /// Ends the file.
  void close();
  /// The content of a file in memory, which it ends.
  [[nodiscard]] std::string image();

 private:
  Writer(std::filesystem::path name, bool in_memory);
  [[nodiscard]] Handle make(const std::string& dataset, std::int64_t type, std::size_t length,
                            Storage storage);
  void write_all(const std::string& dataset, std::int64_t type, std::size_t length,
                 const void* values, Storage storage);

  std::filesystem::path path_;
  Handle file_;
};

/// A name as it can stand in a path of HDF5, where `/` and `.` have a meaning.
[[nodiscard]] std::string link_name(std::string_view name);

}  // namespace malet::record::h5
