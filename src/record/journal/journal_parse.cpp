#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstring>

#include "base/files/files.hpp"
#include "base/json/base64.hpp"
#include "base/json/json_read.hpp"
#include "base/text/reject.hpp"
#include "malet/error.hpp"
#include "record/journal/journal_record.hpp"

// Reading the records that journal_record.cpp writes.
namespace malet::record {

namespace {

/// Takes fields off the front.
class Fields {
 public:
  explicit Fields(std::string_view text) : rest_(text) {}

  std::string_view next() {
    if (done_) reject("ends too early");
    const std::size_t tab = std::min(rest_.find('\t'), rest_.size());
    const std::string_view field = rest_.substr(0, tab);
    done_ = tab == rest_.size();
    rest_.remove_prefix(done_ ? tab : tab + 1);
    return field;
  }

  std::uint64_t number() { return number_in(next()); }

  std::vector<std::size_t> numbers() {
    std::vector<std::size_t> others;
    std::vector<std::size_t> numbers = this->numbers(others);
    if (!others.empty()) reject("has a bad number in it");
    return numbers;
  }

  /// Numbers, and those behind colons: of each of them, or of none.
  std::vector<std::size_t> numbers(std::vector<std::size_t>& others) {
    std::vector<std::size_t> numbers;
    std::string_view field = next();
    while (!field.empty()) {
      const std::string_view item = field.substr(0, field.find(','));
      const std::size_t colon = std::min(item.find(':'), item.size());
      numbers.push_back(number_in(item.substr(0, colon)));
      if (colon < item.size()) others.push_back(number_in(item.substr(colon + 1)));
      field.remove_prefix(std::min(item.size() + 1, field.size()));
    }
    if (!others.empty() && others.size() != numbers.size())
      reject("has a number without its other");
    return numbers;
  }

  /// All that is left, tabs included.
  std::string_view rest() {
    if (done_) reject("ends too early");
    return rest_;
  }

 private:
  static std::uint64_t number_in(std::string_view text) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) reject("has a bad number in it");
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

JournalLine parse_line(std::string_view line, std::string& scratch) {
  const auto content = line.substr(std::min(line.size(), sum_digits + 1));
  const std::string sum = fmt::format("{:08x} ", base::checksum(content));
  if (!line.starts_with(sum)) reject("does not have its checksum");
  const std::size_t tab = std::min(content.find('\t'), content.size());
  const auto kind = std::find(kinds.begin(), kinds.end(), content.substr(0, tab));
  if (kind == kinds.end() || tab == content.size()) reject("is of no known kind");
  return {static_cast<RecordKind>(kind - kinds.begin()), plain(content.substr(tab + 1), scratch)};
}

JournalHeader parse_header(std::string_view text) {
  Fields fields(text);
  JournalHeader header;
  const std::string_view version = fields.next();
  header.series_apart = version == series_version;
  if (!header.series_apart && version != plain_version) {
    reject("is of another version of malet-mpi: use that version");
  }
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
  if (kind != "f" && kind != "m" && kind != "s") reject("is a step of no known kind");
  step.kind = static_cast<StepRecord::Kind>(kind.front());
  step.positions = fields.numbers();
  Value metrics = base::read_json(fields.rest());
  if (!metrics.is_map()) reject("is a step without metrics");
  step.metrics = Metrics(std::move(metrics.map()));
  if (step.positions.size() != step.metrics.size()) reject("is a step with missing positions");
  return step;
}

SeriesRecord parse_series(std::string_view text) {
  Fields fields(text);
  SeriesRecord series;
  series.run = fields.number();
  const std::string_view kind = fields.next();
  if (kind != "m" && kind != "s") reject("is a series of no known kind");
  series.kind = static_cast<StepRecord::Kind>(kind.front());
  series.values = NumberSeries(fields.number());
  const std::string_view numbers_kind = fields.next();
  const std::size_t numbers =
      numbers_kind.size() == 1 ? number_kinds.find(numbers_kind) : std::string_view::npos;
  const auto bytes = base::decode_base64(fields.next());
  if (numbers >= number_kinds.size() || !bytes || bytes->empty() || bytes->size() % 8 != 0) {
    reject("is a series with bad numbers");
  }
  std::vector<std::uint64_t> words(bytes->size() / 8);
  std::memcpy(words.data(), bytes->data(), bytes->size());
  series.values.append(static_cast<NumberKind>(numbers), words);
  series.metric = fields.rest();
  return series;
}

RowRecord parse_row(std::string_view text) {
  Fields fields(text);
  RowRecord row;
  row.run = fields.number();
  row.series_columns = fields.numbers(row.series_lengths);
  row.line = fields.rest();
  return row;
}

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
