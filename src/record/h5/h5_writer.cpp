#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <new>
#include <thread>

#include "record/h5/h5_call.hpp"

namespace malet::record::h5 {

namespace {

constexpr std::size_t word_size = 8;
constexpr std::size_t most_threads = 8;

/// All first bytes, then all second ones, and so on.
void shuffle(std::span<const std::uint64_t> words, std::size_t length, std::string& bytes) {
  bytes.assign(length * word_size, '\0');
  for (std::size_t byte = 0; byte < word_size; ++byte) {
    char* to = bytes.data() + byte * length;
    const unsigned shift = static_cast<unsigned>(8 * byte);
    for (const std::uint64_t word : words) *to++ = static_cast<char>(word >> shift & 255U);
  }
}

std::string deflated(const std::string& bytes, int level) {
  uLongf size = ::compressBound(static_cast<uLong>(bytes.size()));
  std::string packed(size, '\0');
  if (::compress2(reinterpret_cast<Bytef*>(packed.data()), &size,
                  reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uLong>(bytes.size()),
                  level) != Z_OK) {
    throw std::bad_alloc();  // there is no other way in which it fails
  }
  packed.resize(size);
  return packed;
}

/// Elements of 8 bytes in chunks of `length`, each shuffled and deflated as HDF5's filters of those
/// names do it; the last one is filled up with zeros. Uses several cores, the library's filters
/// one.
std::vector<std::string> deflate_chunks(std::span<const std::uint64_t> words, std::size_t length,
                                        int level) {
  std::vector<std::string> chunks((words.size() + length - 1) / length);
  const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
  const std::size_t threads = std::min({cores, most_threads, chunks.size()});
  const auto pack = [&](std::size_t first) {
    std::string bytes;
    for (std::size_t i = first; i < chunks.size(); i += threads) {
      const std::size_t begin = i * length;
      shuffle(words.subspan(begin, std::min(length, words.size() - begin)), length, bytes);
      chunks[i] = deflated(bytes, level);
    }
  };
  std::vector<std::jthread> others;
  for (std::size_t thread = 1; thread < threads; ++thread) others.emplace_back(pack, thread);
  if (threads > 0) pack(0);
  return chunks;
}

hid_t file_type(NumberKind kind) {
  return kind == NumberKind::real ? H5T_IEEE_F64LE : H5T_STD_I64LE;
}

/// The smallest block by which a file in memory grows.
constexpr std::size_t memory_step = 1 << 20;

/// Objects are written in the forms that have checksums. Those of version 1.8 have them but for the
/// index of chunks, which files in memory do not need.
Handle create_file(const std::filesystem::path& path, bool in_memory) {
  const Handle access(write_check(path, H5Pcreate(H5P_FILE_ACCESS)), H5Pclose);
  (void)H5Pset_fclose_degree(access.get(), H5F_CLOSE_STRONG);
  const H5F_libver_t version = in_memory ? H5F_LIBVER_V18 : H5F_LIBVER_V110;
  (void)H5Pset_libver_bounds(access.get(), version, version);
  if (in_memory) (void)H5Pset_fapl_core(access.get(), memory_step, false);
#if H5_VERSION_GE(1, 10, 7)
  (void)H5Pset_file_locking(access.get(), false, true);
#endif
  return {write_check(path, H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access.get())),
          H5Fclose};
}

Handle text_type(std::size_t size) {
  Handle type(H5Tcopy(H5T_C_S1), H5Tclose);
  (void)H5Tset_size(type.get(), std::max<std::size_t>(size, 1));
  (void)H5Tset_strpad(type.get(), H5T_STR_NULLPAD);
  (void)H5Tset_cset(type.get(), H5T_CSET_UTF8);
  return type;
}

}  // namespace

std::string link_name(std::string_view name) {
  std::string safe;
  for (const char c : name) {
    if (c == '/' || c == '%') {
      safe += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    } else {
      safe += c;
    }
  }
  if (safe == "." || safe == "..") safe.replace(0, 1, "%2E");
  return safe;
}

Writer::Writer(std::filesystem::path path) : Writer(std::move(path), false) {}

Writer Writer::in_memory(std::filesystem::path name) {
  return {std::move(name), true};
}

Writer::Writer(std::filesystem::path name, bool in_memory) : path_(std::move(name)) {
  const Entry entry;
  file_ = create_file(path_, in_memory);
}

void Writer::group(const std::string& name) {
  const Entry entry;
  const hid_t group = write_check(
      path_, H5Gcreate2(file_.get(), name.c_str(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
  (void)write_check(path_, H5Gclose(group));
}

void Writer::attribute(const std::string& object, const std::string& name, const Value& value) {
  const std::string text = value.is_text() ? value.text() : to_cell(value);
  const double real = value.is_real() ? value.real() : 0;
  const std::int64_t integer = value.is_integer() ? value.integer() : 0;
  const Entry entry;
  const Handle characters = text_type(text.size());
  hid_t type = characters.get();
  const void* content = text.empty() ? "" : text.data();
  if (value.is_real()) {
    type = H5T_NATIVE_DOUBLE;
    content = &real;
  } else if (value.is_integer()) {
    type = H5T_NATIVE_INT64;
    content = &integer;
  }
  const Handle space(write_check(path_, H5Screate(H5S_SCALAR)), H5Sclose);
  const Handle attribute(
      write_check(path_, H5Acreate_by_name(file_.get(), object.c_str(), name.c_str(), type,
                                           space.get(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT)),
      H5Aclose);
  (void)write_check(path_, H5Awrite(attribute.get(), type, content));
}

Handle Writer::make(const std::string& dataset, std::int64_t type, std::size_t length,
                    Storage storage) {
  const Entry entry;
  const hsize_t size = length;
  const Handle layout(write_check(path_, H5Pcreate(H5P_DATASET_CREATE)), H5Pclose);
  if (storage == Storage::packed && length > 0) {
    const hsize_t chunk = std::min<hsize_t>(size, chunk_length);
    (void)H5Pset_chunk(layout.get(), 1, &chunk);
    (void)H5Pset_shuffle(layout.get());
    (void)H5Pset_deflate(layout.get(), static_cast<unsigned>(deflate_level));
  }
  (void)H5Pset_fill_time(layout.get(), H5D_FILL_TIME_NEVER);
  const Handle space(write_check(path_, H5Screate_simple(1, &size, nullptr)), H5Sclose);
  return {write_check(path_, H5Dcreate2(file_.get(), dataset.c_str(), type, space.get(),
                                        H5P_DEFAULT, layout.get(), H5P_DEFAULT)),
          H5Dclose};
}

void Writer::write_all(const std::string& dataset, std::int64_t type, std::size_t length,
                       const void* values, Storage storage) {
  const Handle made = make(dataset, type, length, storage);
  if (length == 0) return;
  const Entry entry;
  (void)write_check(path_, H5Dwrite(made.get(), type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values));
}

void Writer::numbers(const std::string& dataset, std::span<const double> values, Storage storage) {
  write_all(dataset, H5T_NATIVE_DOUBLE, values.size(), values.data(), storage);
}

void Writer::numbers(const std::string& dataset, std::span<const std::int64_t> values,
                     Storage storage) {
  write_all(dataset, H5T_NATIVE_INT64, values.size(), values.data(), storage);
}

void Writer::texts(const std::string& dataset, std::span<const std::string> values,
                   Storage storage) {
  std::size_t size = 1;
  for (const std::string& value : values) size = std::max(size, value.size());
  std::string bytes(values.size() * size, '\0');
  for (std::size_t i = 0; i < values.size(); ++i) values[i].copy(bytes.data() + i * size, size);
  const Entry entry;
  const Handle type = text_type(size);
  write_all(dataset, type.get(), values.size(), bytes.data(), storage);
}

void Writer::records(const std::string& dataset, std::span<const Field> fields,
                     std::size_t record_size, std::string_view records, Storage storage) {
  const Entry entry;
  const Handle type = record_type(fields, record_size);
  write_all(dataset, type.get(), records.size() / record_size, records.data(), storage);
}

Handle Writer::numbers(const std::string& dataset, NumberKind kind, std::size_t length,
                       Storage storage) {
  const Entry entry;
  return make(dataset, file_type(kind), length, storage);
}

void Writer::write(const Handle& dataset, NumberKind kind, std::size_t offset,
                   std::span<const std::uint64_t> words) {
  if (words.empty()) return;
  const Entry entry;
  const hsize_t start = offset;
  const hsize_t count = words.size();
  const Handle there(write_check(path_, H5Dget_space(dataset.get())), H5Sclose);
  const Handle here(write_check(path_, H5Screate_simple(1, &count, nullptr)), H5Sclose);
  (void)write_check(
      path_, H5Sselect_hyperslab(there.get(), H5S_SELECT_SET, &start, nullptr, &count, nullptr));
  (void)write_check(path_, H5Dwrite(dataset.get(), memory_type(kind), here.get(), there.get(),
                                    H5P_DEFAULT, words.data()));
}

void Writer::write_chunks(const Handle& dataset, std::size_t offset,
                          std::span<const std::uint64_t> words) {
  const auto chunks = deflate_chunks(words, chunk_length, deflate_level);
  const Entry entry;
  hsize_t start = offset;
  for (const std::string& chunk : chunks) {
    (void)write_check(
        path_, H5Dwrite_chunk(dataset.get(), H5P_DEFAULT, 0, &start, chunk.size(), chunk.data()));
    start += chunk_length;
  }
}

void Writer::close() {
  const Entry entry;
  const hid_t file = file_.release();
  (void)write_check(path_, H5Fclose(file));
}

// H5Fget_file_image changes a flag of the superblock without its checksum, so what the file's
// driver holds is taken itself.
std::string Writer::image() {
  std::string bytes;
  {
    const Entry entry;
    (void)write_check(path_, H5Fflush(file_.get(), H5F_SCOPE_GLOBAL));
    const ssize_t size = write_check(path_, H5Fget_file_image(file_.get(), nullptr, 0));
    void* held = nullptr;
    (void)write_check(path_, H5Fget_vfd_handle(file_.get(), H5P_DEFAULT, &held));
    bytes.assign(*static_cast<const char* const*>(held), static_cast<std::size_t>(size));
  }
  close();
  return bytes;
}

}  // namespace malet::record::h5
