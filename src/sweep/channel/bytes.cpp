#include "sweep/channel/bytes.hpp"

#include <algorithm>
#include <cstring>

#include "malet/error.hpp"

namespace malet::sweep {

namespace {

constexpr int max_depth = 128;

[[noreturn]] void fail() {
  throw Error(ErrorKind::internal,
              "a message between ranks is damaged: check that all ranks run the same malet-mpi");
}

/// Maps small negative numbers to small unsigned ones: 0, -1, 1, -2 become 0, 1, 2, 3.
std::uint64_t zigzag(std::int64_t number) {
  return (static_cast<std::uint64_t>(number) << 1U) ^ static_cast<std::uint64_t>(number >> 63);
}

}  // namespace

bool is_deeper(const Value& value, int levels) {
  if (!value.is_list() && !value.is_map()) return false;
  if (levels == 0) return true;
  const auto item_is = [&](const Value& item) { return is_deeper(item, levels - 1); };
  if (value.is_list()) return std::any_of(value.list().begin(), value.list().end(), item_is);
  return std::any_of(value.map().begin(), value.map().end(),
                     [&](const auto& field) { return item_is(field.second); });
}

void ByteWriter::put_unsigned(std::uint64_t number) {
  while (number >= 0x80) {
    put_byte(static_cast<std::uint8_t>(number | 0x80U));
    number >>= 7U;
  }
  put_byte(static_cast<std::uint8_t>(number));
}

void ByteWriter::put_signed(std::int64_t number) {
  put_unsigned(zigzag(number));
}

void ByteWriter::put_real(double number) {
  char bytes[sizeof number];
  std::memcpy(bytes, &number, sizeof number);
  out_->append(bytes, sizeof number);
}

void ByteWriter::put_text(std::string_view text) {
  put_unsigned(text.size());
  out_->append(text);
}

void ByteWriter::put_value(const Value& value) {
  put_byte(static_cast<std::uint8_t>(value.type()));
  switch (value.type()) {
    case Value::Type::null:
      return;
    case Value::Type::boolean:
      put_byte(value.boolean() ? 1 : 0);
      return;
    case Value::Type::integer:
      put_signed(value.integer());
      return;
    case Value::Type::real:
      put_real(value.real());
      return;
    case Value::Type::text:
      put_text(value.text());
      return;
    case Value::Type::list:
      put_unsigned(value.list().size());
      for (const Value& item : value.list()) put_value(item);
      return;
    case Value::Type::map:
      put_metrics(Metrics(value.map()));
      return;
  }
}

void ByteWriter::put_metrics(const Metrics& metrics) {
  put_unsigned(metrics.size());
  for (const auto& [name, value] : metrics) {
    put_text(name);
    put_value(value);
  }
}

std::string_view ByteReader::take(std::uint64_t count) {
  if (count > bytes_.size() - position_) fail();
  const auto taken = bytes_.substr(position_, count);
  position_ += count;
  return taken;
}

std::uint8_t ByteReader::take_byte() {
  return static_cast<std::uint8_t>(take(1).front());
}

std::uint64_t ByteReader::take_unsigned() {
  std::uint64_t number = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    const std::uint8_t byte = take_byte();
    number |= std::uint64_t{byte & 0x7FU} << shift;
    if (byte < 0x80) return number;
  }
  fail();
}

std::int64_t ByteReader::take_signed() {
  const std::uint64_t number = take_unsigned();
  return static_cast<std::int64_t>((number >> 1U) ^ (~(number & 1U) + 1U));
}

double ByteReader::take_real() {
  double number = 0;
  std::memcpy(&number, take(sizeof number).data(), sizeof number);
  return number;
}

std::string_view ByteReader::take_text() {
  return take(take_unsigned());
}

Value ByteReader::take_value(int depth) {
  if (depth > max_depth) fail();
  switch (static_cast<Value::Type>(take_byte())) {
    case Value::Type::null:
      return {};
    case Value::Type::boolean:
      return take_byte() != 0;
    case Value::Type::integer:
      return take_signed();
    case Value::Type::real:
      return take_real();
    case Value::Type::text:
      return take_text();
    case Value::Type::list: {
      const std::uint64_t count = take_unsigned();
      if (count > bytes_.size() - position_) fail();  // each item takes a byte or more
      Value::List items;
      items.reserve(count);
      for (std::uint64_t i = 0; i < count; ++i) items.push_back(take_value(depth + 1));
      return items;
    }
    case Value::Type::map: {
      Value::Map fields;
      for (std::uint64_t left = take_unsigned(); left > 0; --left) {
        std::string name(take_text());
        fields.emplace_back(std::move(name), take_value(depth + 1));
      }
      return fields;
    }
  }
  fail();
}

Metrics ByteReader::take_metrics() {
  const std::uint64_t count = take_unsigned();
  if (count > bytes_.size() - position_) fail();
  Metrics metrics;
  metrics.reserve(count);
  for (std::uint64_t i = 0; i < count; ++i) {
    std::string name(take_text());
    metrics.emplace_back(std::move(name), take_value());
  }
  return metrics;
}

}  // namespace malet::sweep
