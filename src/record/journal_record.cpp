#include "record/journal_record.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>

#include "base/checksum.hpp"
#include "base/json_read.hpp"
#include "malet/error.hpp"

// A line is `xxxxxxxx kind\tfield\t...`, where xxxxxxxx is the checksum of all that follows the
// blank. Line breaks and backslashes are escaped by a backslash; the last field may hold tabs.
namespace malet::record {

namespace {

constexpr std::string_view version = "1";
constexpr std::size_t sum_digits = 8;
constexpr std::array<std::string_view, 5> kinds = {"journal", "column", "start", "step", "row"};

[[noreturn]] void fail(const std::string& what) {
  throw Error(ErrorKind::bad_input, what);
}

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
  /// Numbers as one field.
  void add(const std::vector<std::size_t>& numbers) {
    out_ += '\t';
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      if (i > 0) out_ += ',';
      append_number(out_, numbers[i]);
    }
  }

 private:
  std::string& out_;
  std::size_t begin_;
};

/// Takes fields off the front.
class Fields {
 public:
  explicit Fields(std::string_view text) : rest_(text) {}

  std::string_view next() {
    if (done_) fail("ends too early");
    const std::size_t tab = std::min(rest_.find('\t'), rest_.size());
    const std::string_view field = rest_.substr(0, tab);
    done_ = tab == rest_.size();
    rest_.remove_prefix(done_ ? tab : tab + 1);
    return field;
  }

  std::uint64_t number() { return number_in(next()); }

  std::vector<std::size_t> numbers() {
    std::vector<std::size_t> numbers;
    std::string_view field = next();
    while (!field.empty()) {
      const std::size_t comma = std::min(field.find(','), field.size());
      numbers.push_back(number_in(field.substr(0, comma)));
      field.remove_prefix(std::min(comma + 1, field.size()));
    }
    return numbers;
  }

  /// All that is left, tabs included.
  std::string_view rest() {
    if (done_) fail("ends too early");
    return rest_;
  }

 private:
  static std::uint64_t number_in(std::string_view text) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) fail("has a bad number in it");
    return number;
  }

  std::string_view rest_;
  bool done_ = false;
};

std::vector<std::string> parse_names(Fields& fields) {
  std::vector<std::string> names(std::min<std::uint64_t>(fields.number(), 1U << 20U));
  for (std::string& name : names) name = fields.next();
  return names;
}

/// The text without escapes: itself, or `scratch`.
std::string_view plain(std::string_view text, std::string& scratch) {
  if (text.find('\\') == std::string_view::npos) return text;
  scratch.clear();
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      scratch += text[i];
    } else {
      scratch += text[++i] == 'n' ? '\n' : text[i];
    }
  }
  return scratch;
}

}  // namespace

FileMark mark_of(std::string_view text) {
  return {text.size(), base::checksum(text)};
}

void append_header(std::string& out, const JournalHeader& header) {
  Line line(out, RecordKind::header);
  line.add(version);
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

void append_row(std::string& out, std::uint64_t run, const std::vector<std::size_t>& series_columns,
                std::string_view line) {
  Line record(out, RecordKind::row);
  record.add(run);
  record.add(series_columns);
  record.add(line);
}

JournalLine parse_line(std::string_view line, std::string& scratch) {
  const auto content = line.substr(std::min(line.size(), sum_digits + 1));
  const std::string sum = fmt::format("{:08x} ", base::checksum(content));
  if (!line.starts_with(sum)) fail("does not have its checksum");
  const std::size_t tab = std::min(content.find('\t'), content.size());
  const auto kind = std::find(kinds.begin(), kinds.end(), content.substr(0, tab));
  if (kind == kinds.end() || tab == content.size()) fail("is of no known kind");
  return {static_cast<RecordKind>(kind - kinds.begin()), plain(content.substr(tab + 1), scratch)};
}

JournalHeader parse_header(std::string_view text) {
  Fields fields(text);
  if (fields.next() != version) fail("is of another version of malet-mpi: use that version");
  JournalHeader header;
  header.snapshot.size = fields.number();
  header.snapshot.checksum = static_cast<std::uint32_t>(fields.number());
  header.grid_fields = parse_names(fields);
  header.metric_fields = parse_names(fields);
  return header;
}

StartRecord parse_start(std::string_view text) {
  Fields fields(text);
  StartRecord start;
  start.run = fields.number();
  start.at = base::Micros(static_cast<std::int64_t>(fields.number()));
  start.grid_line = fields.rest();
  return start;
}

StepRecord parse_step(std::string_view text) {
  Fields fields(text);
  StepRecord step;
  step.run = fields.number();
  const std::string_view kind = fields.next();
  if (kind != "f" && kind != "m" && kind != "s") fail("is a step of no known kind");
  step.kind = static_cast<StepRecord::Kind>(kind.front());
  step.positions = fields.numbers();
  Value metrics = base::read_json(fields.rest());
  if (!metrics.is_map()) fail("is a step without metrics");
  step.metrics = Metrics(std::move(metrics.map()));
  if (step.positions.size() != step.metrics.size()) fail("is a step with missing positions");
  return step;
}

RowRecord parse_row(std::string_view text) {
  Fields fields(text);
  RowRecord row;
  row.run = fields.number();
  row.series_columns = fields.numbers();
  row.line = fields.rest();
  return row;
}

}  // namespace malet::record
