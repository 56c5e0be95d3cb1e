#include "record/journal/journal_record.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/files/files.hpp"
#include "base/json/base64.hpp"

// A line is `xxxxxxxx kind\tfield\t...`, where xxxxxxxx is the checksum of all that follows the
// blank. Line breaks and backslashes are escaped by a backslash; the last field may hold tabs.
namespace malet::record {

namespace {

/// Appends a text of a record; line breaks would end it.
void append_text(std::string& out, std::string_view text) {
  // Looking for one character at a time is several times as fast as for either of two.
  if (text.find('\n') == std::string_view::npos && text.find('\\') == std::string_view::npos) {
    out += text;
    return;
  }
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t special = std::min(text.find_first_of("\n\\", at), text.size());
    out += text.substr(at, special - at);
    if (special < text.size()) out += text[special] == '\n' ? "\\n" : "\\\\";
    at = special + 1;
  }
}

void append_number(std::string& out, std::uint64_t number) {
  fmt::format_to(std::back_inserter(out), "{}", number);
}

/// A line from its kind to its line break; the checksum is set when it is whole.
class Line {
 public:
  Line(std::string& out, RecordKind kind) : out_(out), begin_(out.size()) {
    out_.append(sum_digits, ' ');
    out_ += ' ';
    out_ += kinds[static_cast<std::size_t>(kind)];
  }
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  ~Line() {
    const auto content = std::string_view(out_).substr(begin_ + sum_digits + 1);
    fmt::format_to(out_.begin() + static_cast<std::ptrdiff_t>(begin_), "{:08x}",
                   base::checksum(content));
    out_ += '\n';
  }

  void add(std::uint64_t number) {
    out_ += '\t';
    append_number(out_, number);
  }
  void add(std::string_view text) {
    out_ += '\t';
    append_text(out_, text);
  }
  /// Numbers as one field, with other ones behind colons where there are any.
  void add(const std::vector<std::size_t>& numbers, const std::vector<std::size_t>& others = {}) {
    out_ += '\t';
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      if (i > 0) out_ += ',';
      append_number(out_, numbers[i]);
      if (others.empty()) continue;
      out_ += ':';
      append_number(out_, others[i]);
    }
  }
  void add_bytes(std::string_view bytes) {
    out_ += '\t';
    base::append_base64(out_, bytes);
  }

 private:
  std::string& out_;
  std::size_t begin_;
};

}  // namespace

void append_header(std::string& out, const JournalHeader& header) {
  Line line(out, RecordKind::header);
  line.add(header.series_apart ? series_version : plain_version);
  line.add(header.snapshot.size);
  line.add(header.snapshot.checksum);
  for (const auto* names : {&header.grid_fields, &header.metric_fields}) {
    line.add(names->size());
    for (const std::string& name : *names) line.add(name);
  }
}

void append_column(std::string& out, std::string_view name) {
  Line(out, RecordKind::column).add(name);
}

void append_start(std::string& out, const StartRecord& start) {
  Line line(out, RecordKind::start);
  line.add(start.run);
  line.add(static_cast<std::uint64_t>(start.at.count()));
  line.add(start.grid_line);
}

void append_step(std::string& out, const StepRecord& step) {
  Line line(out, RecordKind::step);
  const char kind = static_cast<char>(step.kind);
  line.add(step.run);
  line.add(std::string_view(&kind, 1));
  line.add(step.positions);
  line.add(to_json(Value(static_cast<const Value::Map&>(step.metrics)), 0, NonFinite::python));
}

void append_series(std::string& out, std::uint64_t run, StepRecord::Kind kind,
                   std::string_view metric, const std::vector<NumberSeries::Stretch>& stretches) {
  for (const NumberSeries::Stretch& stretch : stretches) {
    Line line(out, RecordKind::series);
    // What is set is one series: its further stretches go on behind the first.
    const char step =
        static_cast<char>(&stretch == &stretches.front() ? kind : StepRecord::Kind::more);
    line.add(run);
    line.add(std::string_view(&step, 1));
    line.add(stretch.position);
    line.add(number_kinds.substr(static_cast<std::size_t>(stretch.kind), 1));
    line.add_bytes(
        {reinterpret_cast<const char*>(stretch.words.data()), stretch.words.size_bytes()});
    line.add(metric);
  }
}

void append_row(std::string& out, std::uint64_t run, const std::vector<std::size_t>& series_columns,
                std::string_view line, const std::vector<std::size_t>& series_lengths) {
  Line record(out, RecordKind::row);
  record.add(run);
  record.add(series_columns, series_lengths);
  record.add(line);
}

}  // namespace malet::record
