#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "record/journal/journal_record.hpp"

namespace malet::record {

/// Goes through a journal's text record by record.
class JournalReader {
 public:
  /// \param name stands for the file in messages.
  JournalReader(std::string_view text, std::string_view name);

  /// The next record; false at the end, and before a torn last record, which is what a crash leaves
  /// that came while it was written. Throws Error(bad_input) that names the byte for any other
  /// damage. The line is valid until the next call.
  bool next(JournalLine& line);
  /// How many bytes of a torn record stand at the end.
  [[nodiscard]] std::size_t torn_bytes() const { return size_ - text_.size(); }
  /// Throws Error(bad_input) that names the byte at which the record begins that was given last.
  [[noreturn]] void fail(std::string_view what) const;

 private:
  std::string_view text_;  // whole lines
  std::string name_;
  std::size_t size_;  // of all that there is
  std::size_t begin_ = 0;
  std::size_t next_ = 0;
  std::string scratch_;
};

}  // namespace malet::record
