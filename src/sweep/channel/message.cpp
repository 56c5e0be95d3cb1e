#include "sweep/channel/message.hpp"

#include <array>
#include <string>
#include <utility>

#include "exec/devices/gpu.hpp"
#include "sweep/channel/bytes.hpp"

namespace malet::sweep {

namespace {

enum class RecordKind : std::uint8_t { step, end };

ByteWriter begin(std::string& message, MessageKind kind) {
  ByteWriter writer(message);
  writer.put_byte(static_cast<std::uint8_t>(kind));
  return writer;
}

/// A reader behind the kind.
ByteReader open(std::string_view message) {
  ByteReader reader(message);
  reader.take_byte();
  return reader;
}

// The byte of flags of a record.
constexpr std::uint8_t keeps_flag = 1;
constexpr std::uint8_t replaces_flag = 2;
constexpr std::uint8_t attempt_flag = 4;

// What put_...() writes take_...() reads.

void put_slot(ByteWriter& writer, const SlotPlace& slot) {
  writer.put_text(slot.gpus);
  writer.put_unsigned(slot.variables.size());
  for (const auto& [name, value] : slot.variables) {
    writer.put_text(name);
    writer.put_text(value);
  }
  writer.put_signed(slot.cores);
}

SlotPlace take_slot(ByteReader& reader) {
  SlotPlace slot;
  slot.gpus = reader.take_text();
  for (auto left = reader.take_unsigned(); left > 0; --left) {
    std::string name(reader.take_text());
    slot.variables.emplace_back(std::move(name), reader.take_text());
  }
  slot.cores = static_cast<int>(reader.take_signed());
  return slot;
}

void put_gpu(ByteWriter& writer, const exec::Gpu& gpu) {
  writer.put_byte(static_cast<std::uint8_t>(gpu.vendor));
  writer.put_text(gpu.variable);
  writer.put_text(gpu.id);
  writer.put_byte(gpu.is_pci_index ? 1 : 0);
  writer.put_text(gpu.key);
}

exec::Gpu take_gpu(ByteReader& reader) {
  exec::Gpu gpu;
  gpu.vendor = static_cast<exec::GpuVendor>(reader.take_byte());
  gpu.variable = reader.take_text();
  gpu.id = reader.take_text();
  gpu.is_pci_index = reader.take_byte() != 0;
  gpu.key = reader.take_text();
  return gpu;
}

void put_attempt(ByteWriter& writer, const Attempt& attempt) {
  writer.put_unsigned(attempt.number);
  writer.put_signed(attempt.pid);
  writer.put_signed(attempt.started.count());
  writer.put_byte(static_cast<std::uint8_t>(attempt.reason));
  writer.put_signed(attempt.exit_code.value_or(-1));
  writer.put_signed(attempt.signal.value_or(-1));
  writer.put_unsigned(attempt.peak_memory);
  writer.put_real(attempt.cpu_seconds);
  writer.put_text(attempt.error_output);
  writer.put_text(attempt.traceback);
}

Attempt take_attempt(ByteReader& reader) {
  Attempt attempt;
  attempt.number = reader.take_unsigned();
  attempt.pid = static_cast<int>(reader.take_signed());
  attempt.started = Micros(reader.take_signed());
  attempt.reason = static_cast<EndReason>(reader.take_byte());
  if (const auto code = reader.take_signed(); code >= 0) attempt.exit_code = static_cast<int>(code);
  if (const auto code = reader.take_signed(); code >= 0) attempt.signal = static_cast<int>(code);
  attempt.peak_memory = reader.take_unsigned();
  attempt.cpu_seconds = reader.take_real();
  attempt.error_output = reader.take_text();
  attempt.traceback = reader.take_text();
  return attempt;
}

}  // namespace

std::string_view name_of(EndReason reason) {
  static constexpr std::array<std::string_view, 9> names = {
      "ok", "error", "exit", "signal", "oom", "timeout", "deadline", "cancelled", "host_lost"};
  return names.at(static_cast<std::size_t>(reason));
}

MessageKind kind_of(std::string_view message) {
  return static_cast<MessageKind>(ByteReader(message).take_byte());
}

std::string encode(MessageKind kind) {
  std::string message;
  begin(message, kind);
  return message;
}

std::string encode(const SetupMessage& setup) {
  std::string message;
  auto writer = begin(message, MessageKind::setup);
  writer.put_text(setup.yaml);
  writer.put_text(setup.yaml_name);
  writer.put_text(setup.folder);
  writer.put_byte(setup.gives_back ? 1 : 0);
  for (const SlotPlace& slot : setup.slots) put_slot(writer, slot);
  return message;
}

SetupMessage decode_setup(std::string_view message) {
  auto reader = open(message);
  SetupMessage setup;
  setup.yaml = reader.take_text();
  setup.yaml_name = reader.take_text();
  setup.folder = reader.take_text();
  setup.gives_back = reader.take_byte() != 0;
  while (!reader.at_end()) setup.slots.push_back(take_slot(reader));
  return setup;
}

std::string encode(const ResumeMessage& resume) {
  std::string message;
  auto writer = begin(message, MessageKind::resume);
  writer.put_unsigned(resume.index);
  writer.put_unsigned(resume.attempts);
  writer.put_metrics(resume.metrics);
  writer.put_metrics(resume.info);
  return message;
}

ResumeMessage decode_resume(std::string_view message) {
  auto reader = open(message);
  ResumeMessage resume;
  resume.index = reader.take_unsigned();
  resume.attempts = reader.take_unsigned();
  resume.metrics = reader.take_metrics();
  resume.info = reader.take_metrics();
  return resume;
}

std::string encode_ranges(MessageKind kind, const std::vector<IndexRange>& ranges) {
  std::string message;
  auto writer = begin(message, kind);
  for (const IndexRange& range : ranges) {
    writer.put_unsigned(range.first);
    writer.put_unsigned(range.count);
    writer.put_unsigned(range.step);
  }
  return message;
}

std::vector<IndexRange> decode_ranges(std::string_view message) {
  auto reader = open(message);
  std::vector<IndexRange> ranges;
  while (!reader.at_end()) {
    IndexRange range;
    range.first = reader.take_unsigned();
    range.count = reader.take_unsigned();
    range.step = reader.take_unsigned();
    ranges.push_back(range);
  }
  return ranges;
}

std::string encode(const StopMessage& stop) {
  std::string message;
  auto writer = begin(message, MessageKind::stop);
  writer.put_byte(static_cast<std::uint8_t>(stop.cause));
  writer.put_signed(stop.grace.count());
  return message;
}

StopMessage decode_stop(std::string_view message) {
  auto reader = open(message);
  const auto cause = static_cast<StopCause>(reader.take_byte());
  return {cause, Micros(reader.take_signed())};
}

std::string encode(const RankFacts& facts) {
  std::string message;
  auto writer = begin(message, MessageKind::hello);
  writer.put_text(facts.gpus.node);
  writer.put_signed(facts.gpus.cores);
  writer.put_signed(facts.gpus.slots.value_or(0));
  writer.put_text(facts.cpus);
  for (const exec::Gpu& gpu : facts.gpus.gpus) put_gpu(writer, gpu);
  return message;
}

RankFacts decode_hello(std::string_view message) {
  auto reader = open(message);
  RankFacts facts;
  facts.gpus.node = reader.take_text();
  facts.gpus.cores = static_cast<int>(reader.take_signed());
  if (const auto slots = reader.take_signed(); slots > 0) {
    facts.gpus.slots = static_cast<int>(slots);
  }
  facts.cpus = reader.take_text();
  while (!reader.at_end()) facts.gpus.gpus.push_back(take_gpu(reader));
  return facts;
}

std::string encode_limit(Micros longest) {
  std::string message;
  begin(message, MessageKind::limit).put_signed(longest.count());
  return message;
}

Micros decode_limit(std::string_view message) {
  return Micros(open(message).take_signed());
}

std::string encode_retired(std::string_view why) {
  std::string message;
  begin(message, MessageKind::retired).put_text(why);
  return message;
}

std::string decode_retired(std::string_view message) {
  return std::string(open(message).take_text());
}

std::string encode_leave(ExitCode code) {
  std::string message;
  begin(message, MessageKind::leave).put_byte(static_cast<std::uint8_t>(code));
  return message;
}

ExitCode decode_leave(std::string_view message) {
  return static_cast<ExitCode>(open(message).take_byte());
}

std::string encode_unable(const Error& error) {
  std::string message;
  auto writer = begin(message, MessageKind::unable);
  writer.put_byte(static_cast<std::uint8_t>(error.kind()));
  writer.put_text(error.what());
  return message;
}

Error decode_unable(std::string_view message) {
  auto reader = open(message);
  const auto kind = static_cast<ErrorKind>(reader.take_byte());
  return {kind, std::string(reader.take_text())};
}

void append_record(std::string& batch, const RunRecord& record) {
  ByteWriter writer(batch);
  if (batch.empty()) writer.put_byte(static_cast<std::uint8_t>(MessageKind::batch));
  writer.put_byte(static_cast<std::uint8_t>(record.is_step ? RecordKind::step : RecordKind::end));
  writer.put_unsigned(record.index);
  writer.put_byte(static_cast<std::uint8_t>((record.keeps_series ? keeps_flag : 0) |
                                            (record.replaces ? replaces_flag : 0) |
                                            (record.attempt ? attempt_flag : 0)));
  writer.put_metrics(record.metrics);
  if (record.is_step) return;
  writer.put_byte(static_cast<std::uint8_t>(record.end));
  writer.put_signed(record.at.count());
  writer.put_signed(record.duration.count());
  if (record.end != RunEnd::complete) writer.put_text(record.error);
  if (record.attempt) put_attempt(writer, *record.attempt);
}

bool BatchReader::next(RunRecord& record) {
  if (position_ >= batch_.size()) return false;
  ByteReader reader(batch_.substr(position_));
  record.is_step = static_cast<RecordKind>(reader.take_byte()) == RecordKind::step;
  record.index = reader.take_unsigned();
  const std::uint8_t flags = reader.take_byte();
  record.keeps_series = (flags & keeps_flag) != 0;
  record.replaces = (flags & replaces_flag) != 0;
  record.metrics = reader.take_metrics();
  record.error.clear();
  record.attempt.reset();
  if (!record.is_step) {
    record.end = static_cast<RunEnd>(reader.take_byte());
    record.at = Micros(reader.take_signed());
    record.duration = Micros(reader.take_signed());
    if (record.end != RunEnd::complete) record.error = reader.take_text();
    if ((flags & attempt_flag) != 0) record.attempt = take_attempt(reader);
  }
  position_ += reader.position();
  return true;
}

}  // namespace malet::sweep
