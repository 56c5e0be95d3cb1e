#include "record/h5/h5_call.hpp"

#include <fmt/format.h>

#include "base/text/reject.hpp"

namespace malet::record::h5 {

namespace {

std::recursive_mutex& library_lock() {
  static std::recursive_mutex mutex;
  return mutex;
}

/// Keeps the description of the call that failed first, which is the deepest one.
herr_t take_description(unsigned, const H5E_error2_t* error, void* text) {
  auto& found = *static_cast<std::string*>(text);
  if (found.empty() && error->desc != nullptr) found = error->desc;
  return 0;
}

/// What the library says of a failed call, without the state of its own that it tells in lines,
/// numbers and pointers: the system's reason where it has one, else the words before them.
std::string reason_in(std::string_view description) {
  constexpr std::string_view before = "error message = '";
  if (const std::size_t at = description.find(before); at != std::string_view::npos) {
    const std::string_view reason = description.substr(at + before.size());
    return std::string(reason.substr(0, reason.find('\'')));
  }
  if (description.find(" = ") != std::string_view::npos) {
    description = description.substr(0, description.find_first_of(":,"));
  }
  return std::string(description.substr(0, description.find('\n')));
}

/// What the library would do at the end of the process may fail there, and it says so on stderr.
void set_up() {
  static const bool done = [] {
    (void)H5dont_atexit();
    (void)H5open();
    return true;
  }();
  (void)done;
  (void)H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);  // where it knows threads: of each
}

}  // namespace

Entry::Entry() : lock_(library_lock()) {
  set_up();
}

std::string last_failure() {
  std::string text;
  (void)H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, take_description, &text);
  (void)H5Eclear2(H5E_DEFAULT);
  const std::string reason = reason_in(text);
  return reason.empty() ? "no reason given" : reason;
}

void fail_reading(const std::filesystem::path& path, const std::string& why) {
  reject(
      "{}: is damaged or no HDF5 file of malet-mpi ({}): put a copy of it in "
      "its place, or move it away to do without its series",
      path.string(), why);
}

void fail_writing(const std::filesystem::path& path, const std::string& why) {
  throw Error(ErrorKind::internal, fmt::format("{}: cannot be written: {}", path.string(), why));
}

hid_t memory_type(NumberKind kind) {
  return kind == NumberKind::real ? H5T_NATIVE_DOUBLE : H5T_NATIVE_INT64;
}

Handle record_type(std::span<const Field> fields, std::size_t record_size) {
  Handle type(H5Tcreate(H5T_COMPOUND, record_size), H5Tclose);
  for (const Field& field : fields) {
    const hid_t number = field.bytes == 1   ? H5T_NATIVE_UINT8
                         : field.bytes == 4 ? H5T_NATIVE_UINT32
                                            : H5T_NATIVE_UINT64;
    (void)H5Tinsert(type.get(), field.name, field.offset, number);
  }
  return type;
}

Handle::~Handle() {
  if (!is_open()) return;
  const Entry entry;
  (void)close_(id_);
}

}  // namespace malet::record::h5
