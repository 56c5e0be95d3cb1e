#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "malet/value.hpp"

namespace malet::sweep {

/// How deep lists and maps of a metric may be nested. Cells of logs are read up to 64 levels, and a
/// series adds one.
inline constexpr int deepest_value = 60;

/// Whether lists and maps are nested in more levels than that.
[[nodiscard]] bool is_deeper(const Value& value, int levels);

/// Appends numbers, texts and values to a message. Integers are LEB128 varints, so that small ones,
/// which most are, take one byte.
class ByteWriter {
 public:
  explicit ByteWriter(std::string& out) : out_(&out) {}

  void put_byte(std::uint8_t byte) { *out_ += static_cast<char>(byte); }
  void put_unsigned(std::uint64_t number);
  void put_signed(std::int64_t number);
  void put_real(double number);
  void put_text(std::string_view text);
  void put_value(const Value& value);
  void put_metrics(const Metrics& metrics);

 private:
  std::string* out_;
};

/// Takes apart what ByteWriter wrote. Throws Error(internal) where a message ends too early or
/// holds what no writer writes.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : bytes_(bytes) {}

  [[nodiscard]] bool at_end() const { return position_ == bytes_.size(); }
  /// How many bytes have been taken.
  [[nodiscard]] std::size_t position() const { return position_; }
  std::uint8_t take_byte();
  std::uint64_t take_unsigned();
  std::int64_t take_signed();
  double take_real();
  std::string_view take_text();
  Value take_value(int depth = 0);
  Metrics take_metrics();

 private:
  std::string_view take(std::uint64_t count);

  std::string_view bytes_;
  std::size_t position_ = 0;
};

}  // namespace malet::sweep
