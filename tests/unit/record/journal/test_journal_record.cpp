#include <cmath>

#include "catch.hpp"
#include "malet/error.hpp"
#include "record/journal/journal_record.hpp"

using namespace malet;
using namespace malet::record;

namespace {

/// Reads the only record of a text.
template <typename Parse>
auto only(const std::string& text, RecordKind kind, Parse parse) {
  JournalReader reader(text, "j");
  JournalLine line;
  REQUIRE(reader.next(line));
  CHECK(line.kind == kind);
  auto record = parse(line.fields);
  CHECK_FALSE(reader.next(line));
  return record;
}

}  // namespace

TEST_CASE("a header is read as it was written") {
  std::string text;
  append_header(text, {{123, 0xFFFFFFFF}, {"lr", "a b"}, {"status", "loss\\n"}});
  const auto header = only(text, RecordKind::header, parse_header);
  CHECK(header.snapshot == FileMark{123, 0xFFFFFFFF});
  CHECK(header.grid_fields == std::vector<std::string>{"lr", "a b"});
  CHECK(header.metric_fields == std::vector<std::string>{"status", "loss\\n"});
}

TEST_CASE("lines with tabs, line breaks and backslashes are read as they were written") {
  const std::string cells = "0.1\t\"a\nb\"\t\\n\\\\\t";
  std::string text;
  append_row(text, 7, {3, 5}, cells);
  CHECK(std::count(text.begin(), text.end(), '\n') == 1);
  const auto row = only(text, RecordKind::row, parse_row);
  CHECK(row.run == 7);
  CHECK(row.series_columns == std::vector<std::size_t>{3, 5});
  CHECK(row.line == cells);
  text.clear();
  append_start(text, {9, base::Micros(1'700'000'000'000'001), cells});
  const auto start = only(text, RecordKind::start, parse_start);
  CHECK(start.at == base::Micros(1'700'000'000'000'001));
  CHECK(start.grid_line == cells);
}

TEST_CASE("steps keep the kinds of their values") {
  const Metrics metrics{{"a", 1.0},          {"b", 1},
                        {"c", "1"},          {"d", Value::List{Value(), true, 1e-300}},
                        {"e", std::nan("")}, {"f", -INFINITY}};
  std::string text;
  append_step(text, {1, StepRecord::Kind::more, {0, 1, 2, 3, 4, 5}, metrics});
  const auto step = only(text, RecordKind::step, parse_step);
  CHECK(step.kind == StepRecord::Kind::more);
  CHECK(step.positions == std::vector<std::size_t>{0, 1, 2, 3, 4, 5});
  CHECK(step.metrics == metrics);
}

TEST_CASE("a torn last record is dropped, at whatever byte it was cut") {
  std::string text;
  append_row(text, 1, {}, "a\tb");
  const std::size_t whole = text.size();
  append_row(text, 2, {}, "c\td");
  for (std::size_t size = whole; size < text.size(); ++size) {
    for (const bool zeros : {false, true}) {
      std::string cut = text.substr(0, size);
      if (zeros) cut.append(100, '\0');
      JournalReader reader(cut, "j");
      JournalLine line;
      CHECK(reader.next(line));
      CHECK_FALSE(reader.next(line));
      CHECK(reader.torn_bytes() == cut.size() - whole);
    }
  }
}

TEST_CASE("a flipped bit is an error that names the record's byte") {
  std::string text;
  append_row(text, 1, {}, "a\tb");
  const std::size_t second = text.size();
  append_row(text, 2, {}, "c\td");
  append_row(text, 3, {}, "e\tf");
  const std::string where = "byte " + std::to_string(second) + " ";
  const std::size_t third = text.find('\n', second) + 1;
  for (std::size_t at = second; at < third - 1; ++at) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      std::string flipped = text;
      flipped[at] = static_cast<char>(static_cast<unsigned char>(flipped[at]) ^ (1U << bit));
      JournalReader reader(flipped, "j");
      JournalLine line;
      REQUIRE(reader.next(line));
      CHECK_THROWS_WITH(
          [&] {
            while (reader.next(line)) {
            }
          }(),
          Catch::Contains(where) && Catch::Contains("j: the record at"));
    }
  }
}

TEST_CASE("records that make no sense are refused, whatever their checksum says") {
  CHECK_THROWS_AS(parse_row("x\t\tline"), Error);
  CHECK_THROWS_AS(parse_row("1"), Error);
  CHECK_THROWS_AS(parse_step("1\tm\t0\t[1]"), Error);
  CHECK_THROWS_AS(parse_step("1\tm\t0\t{\"a\": 1, \"b\": 2}"), Error);
  CHECK_THROWS_AS(parse_step("1\tq\t0\t{\"a\": 1}"), Error);
  CHECK_THROWS_AS(parse_header("3\t1\t1\t0\t0"), Error);
  CHECK_THROWS_AS(parse_header("1\t1\t1\t999999999999\ta"), Error);
  CHECK_THROWS_AS(parse_start("1"), Error);
}

TEST_CASE("numbers of a series come back with their bits") {
  NumberSeries values(7);
  values.append(Value(Value::List{0.1, -0.0, std::nan(""), 3, std::numeric_limits<double>::max()}));
  std::string text;
  append_series(text, 12, StepRecord::Kind::set, "val\\loss", values.stretches());
  NumberSeries read(7);
  std::size_t records = 0;
  for (std::size_t begin = 0; begin < text.size(); ++records) {
    const std::size_t end = text.find('\n', begin);
    std::string scratch;
    const JournalLine line = parse_line(std::string_view(text).substr(begin, end - begin), scratch);
    REQUIRE(line.kind == RecordKind::series);
    const SeriesRecord record = parse_series(line.fields);
    CHECK(record.run == 12);
    CHECK(record.metric == "val\\loss");
    CHECK(record.kind == (records == 0 ? StepRecord::Kind::set : StepRecord::Kind::more));
    read.put(record.values);
    begin = end + 1;
  }
  CHECK(records == 3);
  CHECK((read == values));
}

TEST_CASE("a row tells the lengths of series that are kept apart") {
  std::string text;
  append_row(text, 3, {5, 6}, "1\t\t\t\tC\t0.5\t7", {100, 20});
  std::string scratch;
  const JournalLine line = parse_line(std::string_view(text).substr(0, text.size() - 1), scratch);
  const RowRecord row = parse_row(line.fields);
  CHECK(row.series_columns == std::vector<std::size_t>{5, 6});
  CHECK(row.series_lengths == std::vector<std::size_t>{100, 20});
}

TEST_CASE("series that make no sense are refused") {
  for (const char* fields :
       {"1\tm\t0\tr\t\tloss", "1\tf\t0\tr\tAAAAAAAAAAA=\tloss", "1\tm\t0\tx\tAAAAAAAAAAA=\tloss",
        "1\tm\t0\tr\tAAAA\tloss", "1\tm\t0\tr\t****\tloss", "1\tm\t0\tr\tAAAAAAAAAAA=",
        "1\tm\t-1\tr\tAAAAAAAAAAA=\tloss", "1\tm\t0\t\tAAAAAAAAAAA=\tloss"}) {
    CHECK_THROWS_AS(parse_series(fields), Error);
  }
  CHECK_THROWS_AS(parse_row("1\t5:1,6\tline"), Error);
}
