#include <limits>

#include "catch.hpp"
#include "sweep/bytes.hpp"
#include "sweep/message.hpp"

using namespace malet;
using namespace malet::sweep;

TEST_CASE("numbers of every size travel unchanged") {
  const std::vector<std::uint64_t> numbers = {
      0, 1, 127, 128, 300, 1ULL << 35, std::numeric_limits<std::uint64_t>::max()};
  const std::vector<std::int64_t> signed_numbers = {0,
                                                    -1,
                                                    1,
                                                    -64,
                                                    64,
                                                    std::numeric_limits<std::int64_t>::min(),
                                                    std::numeric_limits<std::int64_t>::max()};
  std::string bytes;
  ByteWriter writer(bytes);
  for (const auto number : numbers) writer.put_unsigned(number);
  for (const auto number : signed_numbers) writer.put_signed(number);
  ByteReader reader(bytes);
  for (const auto number : numbers) CHECK(reader.take_unsigned() == number);
  for (const auto number : signed_numbers) CHECK(reader.take_signed() == number);
  CHECK(reader.at_end());
}

TEST_CASE("metrics of every type travel unchanged") {
  const Metrics metrics = {
      {"null", {}},
      {"flag", true},
      {"count", -5},
      {"loss", std::numeric_limits<double>::infinity()},
      {"note", "tab\tand \"quote\""},
      {"series", Value::List{1.5, std::numeric_limits<double>::quiet_NaN(), 2}},
      {"map", Value::Map{{"a", Value::List{Value::List{1}}}}}};
  std::string bytes;
  ByteWriter(bytes).put_metrics(metrics);
  CHECK(Value(ByteReader(bytes).take_metrics()) == Value(metrics));
}

TEST_CASE("a message cut at any byte is an error, never a crash") {
  std::string bytes;
  ByteWriter(bytes).put_metrics({{"a", Value::List{1, "text", 2.5}}, {"b", Value::Map{{"c", 1}}}});
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    CHECK_THROWS_AS(ByteReader(std::string_view(bytes).substr(0, length)).take_metrics(), Error);
  }
}

TEST_CASE("sizes that a message cannot hold are an error before memory is taken") {
  std::string bytes;
  ByteWriter writer(bytes);
  writer.put_byte(static_cast<std::uint8_t>(Value::Type::list));
  writer.put_unsigned(1ULL << 60U);
  CHECK_THROWS_AS(ByteReader(bytes).take_value(), Error);
}

TEST_CASE("a batch gives its records back in order") {
  RunRecord step;
  step.is_step = true;
  step.index = 7;
  step.keeps_series = true;
  step.metrics = {{"loss", 0.5}};
  RunRecord end;
  end.index = 7;
  end.end = RunEnd::failed;
  end.at = Micros(1'700'000'000'000'000);
  end.duration = Micros(12);
  end.error = "no such data";
  std::string batch;
  append_record(batch, step);
  append_record(batch, end);
  CHECK(kind_of(batch) == MessageKind::batch);

  BatchReader reader(batch);
  RunRecord record;
  REQUIRE(reader.next(record));
  CHECK(record.is_step);
  CHECK(record.index == 7);
  CHECK(record.keeps_series);
  CHECK(record.metrics.find("loss")->real() == 0.5);
  REQUIRE(reader.next(record));
  CHECK_FALSE(record.is_step);
  CHECK(record.end == RunEnd::failed);
  CHECK(record.at == end.at);
  CHECK(record.duration == Micros(12));
  CHECK(record.error == "no such data");
  CHECK_FALSE(reader.next(record));
}

TEST_CASE("setup, resume, ranges, leave and unable travel unchanged") {
  const SetupMessage setup = decode_setup(encode(SetupMessage{"a: 1\n", "x.yaml", "EXP", true}));
  CHECK(setup.yaml == "a: 1\n");
  CHECK(setup.yaml_name == "x.yaml");
  CHECK(setup.folder == "EXP");
  CHECK(setup.gives_back);
  const ResumeMessage resume = decode_resume(encode(ResumeMessage{9, {{"loss", 1}}}));
  CHECK(resume.index == 9);
  CHECK(resume.metrics.size() == 1);
  const std::vector<IndexRange> ranges = {{0, 1000, 1}, {5, 3, 7}};
  const auto message = encode_ranges(MessageKind::assign, ranges);
  CHECK(kind_of(message) == MessageKind::assign);
  CHECK(decode_ranges(message) == ranges);
  CHECK(decode_leave(encode_leave(ExitCode::stopped)) == ExitCode::stopped);
  const Error error = decode_unable(encode_unable(Error(ErrorKind::bad_input, "no plug-in")));
  CHECK(error.kind() == ErrorKind::bad_input);
  CHECK(std::string(error.what()) == "no plug-in");
}
