#pragma once

#include <hdf5.h>

#include <filesystem>
#include <mutex>
#include <string>

#include "malet/error.hpp"
#include "record/h5/h5.hpp"

// What h5_*.cpp share: entering the library, and checking its answers.
namespace malet::record::h5 {

/// Lets one thread at a time into the library, which it sets up the first time.
class Entry {
 public:
  Entry();

 private:
  std::lock_guard<std::recursive_mutex> lock_;
};

/// Says why the library's last failed call failed, in a few words. Only within an Entry.
[[nodiscard]] std::string last_failure();

/// Throws Error(bad_input) about a file that was to be read, Error(internal) about one that was to
/// be written.
[[noreturn]] void fail_reading(const std::filesystem::path& path, const std::string& why);
[[noreturn]] void fail_writing(const std::filesystem::path& path, const std::string& why);

/// The answer of a call, if it is none of those that stand for a failure.
template <typename Answer>
Answer read_check(const std::filesystem::path& path, Answer answer) {
  if (answer < 0) fail_reading(path, last_failure());
  return answer;
}
template <typename Answer>
Answer write_check(const std::filesystem::path& path, Answer answer) {
  if (answer < 0) fail_writing(path, last_failure());
  return answer;
}

/// The type that elements of that kind have in memory, and that of a record.
[[nodiscard]] hid_t memory_type(NumberKind kind);
[[nodiscard]] Handle record_type(std::span<const Field> fields, std::size_t record_size);

}  // namespace malet::record::h5
