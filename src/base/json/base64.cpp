#include "base/json/base64.hpp"

#include <array>
#include <cstdint>

namespace malet::base {

namespace {

constexpr std::string_view digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t no_digit = 0xFF;

/// Two digits for every 12 bits: half as many look-ups as digit by digit.
constexpr std::array<std::array<char, 2>, 4096> make_pairs() {
  std::array<std::array<char, 2>, 4096> pairs{};
  for (std::size_t i = 0; i < pairs.size(); ++i) pairs[i] = {digits[i >> 6U], digits[i & 63U]};
  return pairs;
}

constexpr std::array<std::uint8_t, 256> make_values() {
  std::array<std::uint8_t, 256> values{};
  for (auto& value : values) value = no_digit;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    values[static_cast<unsigned char>(digits[i])] = static_cast<std::uint8_t>(i);
  }
  return values;
}

constexpr auto pairs = make_pairs();
constexpr auto values = make_values();

std::uint32_t byte_at(std::string_view bytes, std::size_t position) {
  return static_cast<unsigned char>(bytes[position]);
}

/// The last one or two bytes.
void append_rest(std::string& out, std::string_view rest) {
  const std::uint32_t bits =
      byte_at(rest, 0) << 16U | (rest.size() > 1 ? byte_at(rest, 1) << 8U : 0);
  out += digits[bits >> 18U];
  out += digits[bits >> 12U & 63U];
  out += rest.size() > 1 ? digits[bits >> 6U & 63U] : '=';
  out += '=';
}

}  // namespace

void append_base64(std::string& out, std::string_view bytes) {
  const std::size_t whole = bytes.size() / 3;
  const std::size_t begin = out.size();
  out.resize(begin + whole * 4);
  char* to = out.data() + begin;
  for (std::size_t i = 0; i < whole; ++i, to += 4) {
    const std::uint32_t bits =
        byte_at(bytes, 3 * i) << 16U | byte_at(bytes, 3 * i + 1) << 8U | byte_at(bytes, 3 * i + 2);
    const auto& front = pairs[bits >> 12U];
    const auto& back = pairs[bits & 4095U];
    to[0] = front[0];
    to[1] = front[1];
    to[2] = back[0];
    to[3] = back[1];
  }
  if (bytes.size() % 3 != 0) append_rest(out, bytes.substr(whole * 3));
}

std::optional<std::string> decode_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::size_t padding = 0;
  while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') ++padding;
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3);
  for (std::size_t i = 0; i < text.size(); i += 4) {
    std::uint32_t bits = 0;
    for (std::size_t j = i; j < i + 4; ++j) {
      const bool is_padding = j + padding >= text.size();
      const std::uint32_t value = is_padding ? 0U : values[static_cast<unsigned char>(text[j])];
      if (value == no_digit) return std::nullopt;
      bits = bits << 6U | value;
    }
    bytes += static_cast<char>(bits >> 16U & 255U);
    bytes += static_cast<char>(bits >> 8U & 255U);
    bytes += static_cast<char>(bits & 255U);
  }
  bytes.resize(bytes.size() - padding);
  return bytes;
}

}  // namespace malet::base
