#include <fmt/format.h>

#include <filesystem>
#include <random>

#include "base/files/files.hpp"
#include "base/yaml/yaml.hpp"
#include "catch.hpp"
#include "file_size_limit.hpp"
#include "malet/error.hpp"
#include "record/table/tsv.hpp"
#include "temp_folder.hpp"

using malet::Error;
using malet::ErrorKind;
using malet::record::log_text;
using malet::record::LogText;
using malet::record::name_lines;
using malet::record::parse_log;
using malet::record::parse_name_lines;
using malet::record::Table;

namespace {

using Fields = std::vector<std::string>;

const std::string rule_line = std::string(45, '-') + "\n";
const std::string head = "[Static Configs]\nmodel: cnn\n" + rule_line;
const std::string names = "  \t  \tstatus\tloss\nid\tlr\t      \t    \n";

std::vector<std::filesystem::path> recorded_logs() {
  std::vector<std::filesystem::path> logs;
  for (const char* folder : {"conformance", "conformance_merge"}) {
    const auto root = std::filesystem::path(MALET_TEST_DATA) / folder;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
      if (entry.path().extension() == ".tsv") logs.push_back(entry.path());
    }
  }
  return logs;
}

std::string saved(const LogText& log) {
  return log_text(log.header, log.table);
}

/// The message of the error that a text is refused with; empty when it is not.
std::string refusal(const std::string& text) {
  try {
    (void)parse_log(text, "log.tsv");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::bad_input);
    return error.what();
  }
  return {};
}

}  // namespace

TEST_CASE("logs written by Malet are saved as the same bytes") {
  const auto logs = recorded_logs();
  CHECK(logs.size() >= 20);
  for (const auto& path : logs) {
    CAPTURE(path);
    const std::string text = malet::base::read_file(path);
    const LogText log = parse_log(text, path.string());
    CHECK(saved(log) == text);
    CHECK(malet::base::yaml::dump(log.static_configs) == log.header);
  }
}

TEST_CASE("a header is kept as it is, comments and all") {
  const std::string text = "[Static Configs]\n# by hand\nwd:   1e-05  # small\na: {b: 'c'}\n" +
                           rule_line + names + "0\t1\tC\t0.5\n";
  const LogText log = parse_log(text, "log.tsv");
  CHECK(saved(log) == text);
  CHECK(log.static_configs.size() == 2);
}

TEST_CASE("quoted cells are kept, with tabs, line breaks and quotes in them") {
  const std::string text =
      head + names + "0\t\"a\tb\nc \"\"d\"\"\"\tC\t\"\"\n1\tplain \"inside\"\tC\t\n";
  const LogText log = parse_log(text, "log.tsv");
  CHECK(saved(log) == text);
  CHECK(log.table.cell(0, 0) == "a\tb\nc \"d\"");
  CHECK(log.table.cell(1, 0) == "plain \"inside\"");
}

TEST_CASE("rows are numbered anew, whatever their ids") {
  const LogText log = parse_log(head + names + "7\t1\tC\t\nx y\t2\tF\t\n", "log.tsv");
  CHECK(saved(log) == head + names + "0\t1\tC\t\n1\t2\tF\t\n");
}

TEST_CASE("rows are written in any order, each once or not at all") {
  const LogText log = parse_log(head + names + "0\t1\tC\t\n1\t2\tF\t\n2\t3\tC\t\n", "log.tsv");
  const std::vector<std::uint32_t> order{2, 0};
  CHECK(log_text(log.header, log.table, order) == head + names + "0\t3\tC\t\n1\t1\tC\t\n");
}

TEST_CASE("lines that end early are written with all cells") {
  Table table({"lr"}, {"status"});
  table.append("1");
  table.add_metric_field("loss");
  CHECK(log_text("model: cnn\n", table) == head + names + "0\t1\t\t\n");
  Table bare;
  bare.append("");
  CHECK(log_text("{}\n", bare) == "[Static Configs]\n{}\n" + rule_line + "  \nid\n0\n");
  CHECK(parse_log(log_text("{}\n", bare), "x").table.rows() == 1);
}

TEST_CASE("a log without rows and without static configs is read") {
  CHECK(parse_log(head + names, "log.tsv").table.rows() == 0);
  CHECK(parse_log("[Static Configs]\n" + rule_line + names, "x").static_configs.empty());
  CHECK(parse_log("[Static Configs]\n{}\n" + rule_line + names, "x").static_configs.empty());
}

TEST_CASE("a metric with a static config's name is read, as Malet writes it") {
  const std::string text = "[Static Configs]\nloss: 1\n" + rule_line + names + "0\t1\tC\t0.5\n";
  CHECK(saved(parse_log(text, "log.tsv")) == text);
}

TEST_CASE("a log saved on Windows is read, and written with plain line breaks") {
  const std::string text = head + names + "0\t1\tC\t0.5\n1\t2\tF\t\n";
  std::string windows;
  for (const char c : text) windows += c == '\n' ? "\r\n" : std::string(1, c);
  CHECK(saved(parse_log(windows, "log.tsv")) == text);
}

TEST_CASE("a log that is damaged is refused with file and line") {
  const std::string good = head + names + "0\t1\tC\t0.5\n";
  CHECK(refusal(good).empty());
  const std::vector<std::pair<std::string, std::string>> cases{
      {"", "log.tsv:1: the file is empty"},
      {"id\tlr\n", "log.tsv:1: a log begins with a line '[Static Configs]'"},
      {"[Static Configs]", "log.tsv:1: a log begins"},
      {"[Static Configs]\nmodel: cnn\n", "log.tsv:3: the file is cut off: the line of 45 dashes"},
      {head, "log.tsv:4: the file is cut off: the line of metric names"},
      {head + "  \t  \tstatus\tloss\n", "log.tsv:5: the file is cut off: the line of grid field"},
      {head + "  \t  \tstatus\tloss\nid\tlr", "log.tsv:5: the file is cut off"},
      {"[Static Configs]\na: [1\n" + rule_line + names, "log.tsv:"},
      {"[Static Configs]\n- 1\n" + rule_line + names, "log.tsv:2: the static configs"},
      {"[Static Configs]\na: 1\nb: 1\na: 2\n" + rule_line + names, "log.tsv:4: "},
      {"[Static Configs]\nlr: 1\n" + rule_line + names, "log.tsv:5: 'lr' is a static config and"},
      {good + "1\t2\tC\n", "log.tsv:7: this row has 3 cells instead of 4; it is cut off"},
      {good + "1\t2\tC\t\t\n", "log.tsv:7: this row has 5 cells instead of 4; it is too long"},
      {good + "\n", "log.tsv:7: this line is empty"},
      {good + "\t2\tC\t\n", "log.tsv:7: this row has no id"},
      {good + "1\t2\tC\t0.", "log.tsv:7: the last line is cut off"},
      {good + "1\t\"2\tC\t\n2\t3\tC\t\n", "log.tsv:7: the quote that opens in this row"},
      {good + "1\t\"2\"x\tC\t\n", "log.tsv:7: there is text behind a closing quote"},
      {good + "1\t\"2\"\tC\t\"\"", "log.tsv:7: the last line is cut off"},
      {good + "1\t\"2\"\t", "log.tsv:7: the last line is cut off"},
      {good + "1\t2\tC\t\r\n", "log.tsv:7: there is a carriage return"},
      {good + "1\t\"2\"\tC\ta\rb\n", "log.tsv:7: there is a carriage return"},
      {good + std::string("1\t\0\tC\t\n", 7), "log.tsv:7: there is a NUL byte"},
      {good + "1\t\xFF\tC\t\n", "log.tsv:7: this line is not UTF-8"},
  };
  for (const auto& [text, message] : cases) {
    CAPTURE(text, message);
    CHECK_THAT(refusal(text), ContainsSubstring(message));
  }
}

TEST_CASE("a log cut at any byte but behind a row is refused") {
  const std::string rows = "0\t1\tC\t\"a\tb\n\"\n1\t2\tF\t0.5\n";
  const std::string text = head + names + rows;
  for (std::size_t length = 0; length < text.size(); ++length) {
    CAPTURE(length);
    const bool whole = length == (head + names).size() || length == (head + names).size() + 13;
    CHECK(refusal(text.substr(0, length)).empty() == whole);
  }
}

TEST_CASE("damage anywhere never does more than raise an error") {
  const std::string text = malet::base::read_file(recorded_logs().front());
  std::mt19937 random(3);
  for (int round = 0; round < 3000; ++round) {
    std::string damaged = text.substr(0, 3000);
    for (int i = 0; i < 3; ++i) {
      damaged[random() % damaged.size()] = "\t\n\r\" -x\xC3\x80"[random() % 9];
    }
    damaged += '\n';
    try {
      const std::string again = saved(parse_log(damaged, "log.tsv"));
      REQUIRE(saved(parse_log(again, "log.tsv")) == again);
    } catch (const Error& error) {
      REQUIRE(error.kind() == ErrorKind::bad_input);
    }
  }
}

TEST_CASE("random tables survive being written and read") {
  std::mt19937 random(4);
  const std::string alphabet = "ab\t\"\n\r \\";
  for (int round = 0; round < 300; ++round) {
    Table table({"g"}, {"m", "n"});
    for (std::size_t row = random() % 6; row > 0; --row) {
      std::string line;
      for (std::size_t column = 0; column < 3; ++column) {
        std::string cell;
        for (std::size_t i = random() % 5; i > 0; --i) cell += alphabet[random() % alphabet.size()];
        if (column > 0) line += '\t';
        malet::record::append_escaped(line, cell);
      }
      table.append(line);
    }
    const LogText log = parse_log(log_text("a: 1\n", table), "log.tsv");
    REQUIRE(log.table.rows() == table.rows());
    for (std::size_t row = 0; row < table.rows(); ++row) {
      for (std::size_t column = 0; column < 3; ++column) {
        REQUIRE(log.table.cell(row, column) == table.cell(row, column));
      }
    }
  }
}

TEST_CASE("a log is written as a whole, or the old one stays") {
  const malet::test::TempFolder folder;
  const auto path = folder.write("log.tsv", "old");
  Table table({"lr"}, {"note"});
  for (int i = 0; i < 1000; ++i) table.append(fmt::format("{}\tsome text", i));
  {
    const malet::test::FileSizeLimit limit(2000);
    CHECK_THROWS_WITH(malet::record::write_tsv(path, "{}\n", table),
                      ContainsSubstring("log.tsv: cannot be written"));
  }
  CHECK(folder.read("log.tsv") == "old");
  CHECK(folder.files() == std::vector<std::string>{"log.tsv"});
  CHECK_THROWS_AS(malet::record::write_tsv(path / "below", "{}\n", table), Error);
  CHECK(folder.read("log.tsv") == "old");
  malet::record::write_tsv(path, "{}\n", table);
  CHECK(folder.read("log.tsv") == log_text("{}\n", table));
}

TEST_CASE("names are padded with blanks by code points where the other line has them") {
  CHECK(name_lines({"lr", "größe"}, {"status", "日本"}) ==
        "  \t  \t     \tstatus\t日本\nid\tlr\tgröße\t      \t  \n");
  CHECK(name_lines({}, {}) == "  \nid\n");
}

TEST_CASE("lines of names are read back") {
  const malet::record::ColumnNames columns =
      parse_name_lines("  \t  \t    \tloss", "id\tlr\tseed\t    ", "log.tsv", 3);
  CHECK(columns.grid_fields == Fields{"lr", "seed"});
  CHECK(columns.metric_fields == Fields{"loss"});
  CHECK(parse_name_lines("  ", "id", "log.tsv", 3).grid_fields.empty());
  // Any number of blanks will do: editors trim them.
  CHECK(parse_name_lines("\t\tloss", "id\tlr\t", "log.tsv", 3).metric_fields == Fields{"loss"});
}

TEST_CASE("lines of names that are wrong are errors with their line") {
  const auto parse = [](std::string_view metrics, std::string_view grid) {
    return parse_name_lines(metrics, grid, "log.tsv", 3);
  };
  CHECK_THROWS_WITH(parse("x\t  \tloss", "id\tlr\t    "), ContainsSubstring("log.tsv:3: the line"));
  CHECK_THROWS_WITH(parse("  \t  \tloss", "no\tlr\t    "),
                    ContainsSubstring("log.tsv:4: the line"));
  CHECK_THROWS_WITH(parse("  \t  \tloss", "id\tlr"), ContainsSubstring("log.tsv:4: there are 2"));
  CHECK_THROWS_WITH(parse("  \t  \tloss", "id\t  \t    "), ContainsSubstring("column 1 needs"));
  CHECK_THROWS_WITH(parse("  \tlr\tloss", "id\tlr\t    "), ContainsSubstring("column 1 needs"));
  CHECK_THROWS_WITH(parse("  \tloss\t  ", "id\t    \tlr"), ContainsSubstring("'lr' stands behind"));
  CHECK_THROWS_WITH(parse("  \t  \tlr", "id\tlr\t  "), ContainsSubstring("'lr' stands twice"));
  CHECK_THROWS_WITH(parse("  \t \t \t", "id\ta\ta\t"), ContainsSubstring("needs a name"));
  CHECK_THROWS_WITH(parse("  \t   ", "id\t\"a\""), ContainsSubstring("holds a quote"));
  CHECK_THROWS_WITH(parse("  \tid", "id\t  "),
                    ContainsSubstring("log.tsv:4: the column name 'id' is that of the column"));
}
