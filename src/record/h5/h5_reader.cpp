#include <fcntl.h>

#include <cerrno>
#include <cstring>

#include "base/files/descriptor.hpp"
#include "record/h5/h5_call.hpp"

namespace malet::record::h5 {

namespace {

/// The lock that the library takes does not work on every file system, and files that are read here
/// are never changed.
Handle open_file(const std::filesystem::path& path) {
  const Handle access(read_check(path, H5Pcreate(H5P_FILE_ACCESS)), H5Pclose);
  (void)H5Pset_fclose_degree(access.get(), H5F_CLOSE_STRONG);
#if H5_VERSION_GE(1, 10, 7)
  (void)H5Pset_file_locking(access.get(), false, true);
#endif
  return {read_check(path, H5Fopen(path.c_str(), H5F_ACC_RDONLY, access.get())), H5Fclose};
}

}  // namespace

Reader::Reader(std::filesystem::path path) : path_(std::move(path)) {
  const base::Descriptor readable(::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (readable.get() < 0) {
    throw Error(ErrorKind::bad_input, path_.string() + ": cannot be read: " + std::strerror(errno));
  }
  const Entry entry;
  file_ = open_file(path_);
}

void Reader::fail(std::string_view what) const {
  fail_reading(path_, std::string(what));
}

std::int64_t Reader::attribute(const std::string& name) const {
  const Entry entry;
  std::int64_t value = 0;
  const Handle attribute(read_check(path_, H5Aopen(file_.get(), name.c_str(), H5P_DEFAULT)),
                         H5Aclose);
  (void)read_check(path_, H5Aread(attribute.get(), H5T_NATIVE_INT64, &value));
  return value;
}

Handle Reader::open(const std::string& dataset) const {
  const Entry entry;
  return {read_check(path_, H5Dopen2(file_.get(), dataset.c_str(), H5P_DEFAULT)), H5Dclose};
}

std::size_t Reader::length(const Handle& dataset) const {
  const Entry entry;
  const Handle space(read_check(path_, H5Dget_space(dataset.get())), H5Sclose);
  hsize_t length = 0;
  const bool is_line = H5Sget_simple_extent_ndims(space.get()) == 1 &&
                       H5Sget_simple_extent_dims(space.get(), &length, nullptr) == 1;
  if (!is_line) fail_reading(path_, "a dataset has another number of dimensions");
  return static_cast<std::size_t>(length);
}

void Reader::read(const Handle& dataset, NumberKind kind, std::size_t offset,
                  std::span<std::uint64_t> words) const {
  if (words.empty()) return;
  const Entry entry;
  const hsize_t start = offset;
  const hsize_t count = words.size();
  const Handle there(read_check(path_, H5Dget_space(dataset.get())), H5Sclose);
  const Handle here(read_check(path_, H5Screate_simple(1, &count, nullptr)), H5Sclose);
  (void)read_check(
      path_, H5Sselect_hyperslab(there.get(), H5S_SELECT_SET, &start, nullptr, &count, nullptr));
  (void)read_check(path_, H5Dread(dataset.get(), memory_type(kind), here.get(), there.get(),
                                  H5P_DEFAULT, words.data()));
}

std::vector<std::string> Reader::texts(const std::string& dataset) const {
  const Handle opened = open(dataset);
  const std::size_t count = length(opened);
  const Entry entry;
  const Handle type(read_check(path_, H5Dget_type(opened.get())), H5Tclose);
  if (H5Tget_class(type.get()) != H5T_STRING || H5Tis_variable_str(type.get()) != 0) {
    fail_reading(path_, "'" + dataset + "' does not hold texts of a fixed length");
  }
  const std::size_t size = H5Tget_size(type.get());
  std::string bytes(count * size, '\0');
  if (count > 0) {
    (void)read_check(
        path_, H5Dread(opened.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes.data()));
  }
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string_view text = std::string_view(bytes).substr(i * size, size);
    texts.emplace_back(text.substr(0, text.find_last_not_of('\0') + 1));
  }
  return texts;
}

std::string Reader::records(const std::string& dataset, std::span<const Field> fields,
                            std::size_t record_size) const {
  const Handle opened = open(dataset);
  std::string records(length(opened) * record_size, '\0');
  if (records.empty()) return records;
  const Entry entry;
  const Handle type = record_type(fields, record_size);
  (void)read_check(
      path_, H5Dread(opened.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, records.data()));
  return records;
}

}  // namespace malet::record::h5
