#include <limits>

#include "catch.hpp"
#include "fakes.hpp"
#include "sweep/channel/bytes.hpp"
#include "sweep/channel/message.hpp"

using namespace malet;
using namespace malet::sweep;
using std::chrono::milliseconds;

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

TEST_CASE("every field of an attempt travels unchanged") {
  RunRecord end;
  end.index = 3;
  end.end = RunEnd::failed;
  end.error = "killed by signal 11";
  Attempt& attempt = end.attempt.emplace();
  attempt.number = 12;
  attempt.pid = 4711;
  attempt.started = Micros(1'700'000'000'000'000);
  attempt.reason = EndReason::signal;
  attempt.signal = 11;
  attempt.peak_memory = std::uint64_t{3} << 40U;
  attempt.cpu_seconds = 1.25;
  attempt.error_output = "cut \xe2\x82";
  attempt.traceback = "a\nb";
  std::string batch;
  append_record(batch, end);
  end.end = RunEnd::interrupted;
  end.error = "interrupted";
  end.attempt->signal.reset();
  end.attempt->exit_code = 0;
  append_record(batch, end);
  append_record(batch, RunRecord());

  BatchReader reader(batch);
  RunRecord record;
  REQUIRE(reader.next(record));
  CHECK(record.error == "killed by signal 11");
  REQUIRE(record.attempt);
  CHECK(record.attempt->number == 12);
  CHECK(record.attempt->pid == 4711);
  CHECK(record.attempt->started == attempt.started);
  CHECK(record.attempt->reason == EndReason::signal);
  CHECK_FALSE(record.attempt->exit_code);
  CHECK(record.attempt->signal == 11);
  CHECK(record.attempt->peak_memory == std::uint64_t{3} << 40U);
  CHECK(record.attempt->cpu_seconds == 1.25);
  CHECK(record.attempt->error_output == "cut \xe2\x82");
  CHECK(record.attempt->traceback == "a\nb");
  REQUIRE(reader.next(record));
  CHECK(record.end == RunEnd::interrupted);
  CHECK(record.error == "interrupted");
  CHECK(record.attempt->exit_code == 0);
  CHECK_FALSE(record.attempt->signal);
  REQUIRE(reader.next(record));
  CHECK(record.error.empty());
  CHECK_FALSE(record.attempt);
}

TEST_CASE("a step that replaces what is there says so") {
  RunRecord step;
  step.is_step = true;
  step.replaces = true;
  std::string batch;
  append_record(batch, step);
  step.replaces = false;
  step.keeps_series = true;
  append_record(batch, step);
  BatchReader reader(batch);
  RunRecord record;
  REQUIRE(reader.next(record));
  CHECK(record.replaces);
  CHECK_FALSE(record.keeps_series);
  REQUIRE(reader.next(record));
  CHECK_FALSE(record.replaces);
  CHECK(record.keeps_series);
}

TEST_CASE("a batch cut at any byte is an error or ends, never a crash") {
  RunRecord end;
  end.end = RunEnd::failed;
  end.error = "e";
  end.attempt.emplace().error_output = "tail";
  std::string batch;
  append_record(batch, end);
  for (std::size_t length = 2; length < batch.size(); ++length) {
    RunRecord record;
    BatchReader reader(std::string_view(batch).substr(0, length));
    CHECK_THROWS_AS(reader.next(record), Error);
  }
}

TEST_CASE("reasons have the names of attempts.jsonl") {
  CHECK(name_of(EndReason::ok) == "ok");
  CHECK(name_of(EndReason::error) == "error");
  CHECK(name_of(EndReason::exit) == "exit");
  CHECK(name_of(EndReason::signal) == "signal");
  CHECK(name_of(EndReason::oom) == "oom");
  CHECK(name_of(EndReason::timeout) == "timeout");
  CHECK(name_of(EndReason::deadline) == "deadline");
  CHECK(name_of(EndReason::cancelled) == "cancelled");
  CHECK(name_of(EndReason::host_lost) == "host_lost");
}

TEST_CASE("a setup brings a rank its slots") {
  SetupMessage sent{"a: 1\n", "x.yaml", "EXP", true, {}};
  sent.slots.push_back({"0,1", {{"CUDA_VISIBLE_DEVICES", "0,1"}, {"MALET_GPUS", "0,1"}}, 4});
  sent.slots.push_back({"", {}, 1});
  const SetupMessage setup = decode_setup(encode(sent));
  CHECK(setup.yaml == "a: 1\n");
  CHECK(setup.yaml_name == "x.yaml");
  CHECK(setup.folder == "EXP");
  CHECK(setup.gives_back);
  REQUIRE(setup.slots.size() == 2);
  CHECK(setup.slots[0].gpus == "0,1");
  CHECK(setup.slots[0].variables == sent.slots[0].variables);
  CHECK(setup.slots[0].cores == 4);
  CHECK(setup.slots[1].gpus.empty());
  CHECK(setup.slots[1].variables.empty());
  CHECK(setup.slots[1].cores == 1);
}

TEST_CASE("what a rank says of itself travels unchanged") {
  RankFacts sent;
  sent.gpus.node = "n1";
  sent.gpus.cores = 48;
  sent.gpus.slots = 3;
  sent.cpus = "0-23,48-71";
  sent.gpus.gpus = {{exec::GpuVendor::amd, exec::rocr_visible_devices, "GPU-ab", true, "0000:c1"},
                    {exec::GpuVendor::intel, exec::ze_affinity_mask, "0.1", false, ""}};
  const std::string message = encode(sent);
  CHECK(kind_of(message) == MessageKind::hello);
  const RankFacts facts = decode_hello(message);
  CHECK(facts.gpus.node == "n1");
  CHECK(facts.gpus.cores == 48);
  CHECK(facts.gpus.slots == 3);
  CHECK(facts.cpus == "0-23,48-71");
  CHECK(facts.gpus.gpus == sent.gpus.gpus);
  sent.gpus.slots.reset();
  CHECK_FALSE(decode_hello(encode(sent)).gpus.slots);
}

TEST_CASE("stop, limit and retired travel unchanged") {
  const StopMessage stop =
      decode_stop(encode(StopMessage{StopCause::deadline, std::chrono::seconds(20)}));
  CHECK(stop.cause == StopCause::deadline);
  CHECK(stop.grace == std::chrono::seconds(20));
  CHECK(decode_stop(encode(StopMessage{})).cause == StopCause::cancelled);
  CHECK(decode_limit(encode_limit(Micros(123'456))) == Micros(123'456));
  CHECK(kind_of(encode_limit(Micros(1))) == MessageKind::limit);
  CHECK(decode_retired(encode_retired("no python3")) == "no python3");
  CHECK(kind_of(encode_retired("")) == MessageKind::retired);
  CHECK(kind_of(encode(MessageKind::drain)) == MessageKind::drain);
}

TEST_CASE("resume, ranges, leave and unable travel unchanged") {
  const ResumeMessage resume = decode_resume(
      encode(ResumeMessage{9, 4, {{"loss", 1}}, {{"status", "F"}, {"commit_hash", "abc"}}}));
  CHECK(resume.index == 9);
  CHECK(resume.attempts == 4);
  CHECK(resume.metrics.size() == 1);
  CHECK(resume.info.find("commit_hash")->text() == "abc");
  const std::vector<IndexRange> ranges = {{0, 1000, 1}, {5, 3, 7}};
  const auto message = encode_ranges(MessageKind::assign, ranges);
  CHECK(kind_of(message) == MessageKind::assign);
  CHECK(decode_ranges(message) == ranges);
  CHECK(decode_leave(encode_leave(ExitCode::stopped)) == ExitCode::stopped);
  const Error error = decode_unable(encode_unable(Error(ErrorKind::bad_input, "no plug-in")));
  CHECK(error.kind() == ErrorKind::bad_input);
  CHECK(std::string(error.what()) == "no plug-in");
}

TEST_CASE("records travel together and are due after 50 ms") {
  test::ChannelScript script;
  test::FakeChannel channel(script);
  Outbox outbox(channel);
  const Outbox::Clock::time_point start{std::chrono::seconds(9)};
  CHECK_FALSE(outbox.is_due(start + milliseconds(60)));
  RunRecord record;
  outbox.add(record, start);
  record.index = 1;
  outbox.add(record, start + milliseconds(40));
  CHECK_FALSE(outbox.is_due(start + milliseconds(50)));
  CHECK(outbox.is_due(start + milliseconds(51)));
  CHECK(script.sent.empty());
  outbox.send();
  REQUIRE(script.sent.size() == 1);
  CHECK(script.sent[0].to == 0);
  CHECK(script.ends().size() == 2);
  outbox.send();
  CHECK(script.sent.size() == 1);
}

TEST_CASE("a large batch is due at once") {
  test::ChannelScript script;
  test::FakeChannel channel(script);
  Outbox outbox(channel);
  RunRecord record;
  record.metrics = {{"text", std::string(70'000, 'x')}};
  outbox.add(record, {});
  CHECK(outbox.is_due({}));
}
