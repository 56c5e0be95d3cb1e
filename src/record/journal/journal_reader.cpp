#include "record/journal/journal_reader.hpp"

#include <fmt/format.h>

#include "base/text/reject.hpp"
#include "malet/error.hpp"

namespace malet::record {

// A file may have been made longer without its content when the node was lost: it ends with NULs.
JournalReader::JournalReader(std::string_view text, std::string_view name)
    : text_(text.substr(0, text.find_last_not_of('\0') + 1)), name_(name), size_(text.size()) {
  text_ = text_.substr(0, text_.rfind('\n') + 1);
}

bool JournalReader::next(JournalLine& line) {
  if (next_ == text_.size()) return false;
  begin_ = next_;
  const std::size_t end = text_.find('\n', begin_);
  next_ = end + 1;
  try {
    line = parse_line(text_.substr(begin_, end - begin_), scratch_);
  } catch (const Error& error) {
    fail(error.what());
  }
  return true;
}

void JournalReader::fail(std::string_view what) const {
  reject(
      "{}: the record at byte {} {}; put a copy of the file in its place, or "
      "give up what it says from there on: truncate -s {} {}",
      name_, begin_, what, begin_, name_);
}

}  // namespace malet::record
