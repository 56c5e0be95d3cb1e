#include "sweep/message.hpp"

#include "sweep/bytes.hpp"

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

}  // namespace

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
  return message;
}

SetupMessage decode_setup(std::string_view message) {
  auto reader = open(message);
  SetupMessage setup;
  setup.yaml = reader.take_text();
  setup.yaml_name = reader.take_text();
  setup.folder = reader.take_text();
  setup.gives_back = reader.take_byte() != 0;
  return setup;
}

std::string encode(const ResumeMessage& resume) {
  std::string message;
  auto writer = begin(message, MessageKind::resume);
  writer.put_unsigned(resume.index);
  writer.put_metrics(resume.metrics);
  return message;
}

ResumeMessage decode_resume(std::string_view message) {
  auto reader = open(message);
  ResumeMessage resume;
  resume.index = reader.take_unsigned();
  resume.metrics = reader.take_metrics();
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
  writer.put_byte(record.keeps_series ? 1 : 0);
  writer.put_metrics(record.metrics);
  if (record.is_step) return;
  writer.put_byte(static_cast<std::uint8_t>(record.end));
  writer.put_signed(record.at.count());
  writer.put_signed(record.duration.count());
  if (record.end == RunEnd::failed) writer.put_text(record.error);
}

bool BatchReader::next(RunRecord& record) {
  if (position_ >= batch_.size()) return false;
  ByteReader reader(batch_.substr(position_));
  record.is_step = static_cast<RecordKind>(reader.take_byte()) == RecordKind::step;
  record.index = reader.take_unsigned();
  record.keeps_series = reader.take_byte() != 0;
  record.metrics = reader.take_metrics();
  record.error.clear();
  if (!record.is_step) {
    record.end = static_cast<RunEnd>(reader.take_byte());
    record.at = Micros(reader.take_signed());
    record.duration = Micros(reader.take_signed());
    if (record.end == RunEnd::failed) record.error = reader.take_text();
  }
  position_ += reader.position();
  return true;
}

}  // namespace malet::sweep
