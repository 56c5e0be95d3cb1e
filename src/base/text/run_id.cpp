#include "base/text/run_id.hpp"

#include <fmt/format.h>

#include <charconv>

#include "base/text/sha256.hpp"

namespace malet::base {

namespace {

constexpr std::size_t digits = 16;

}  // namespace

std::uint64_t run_number(std::string_view fields) {
  const auto digest = sha256(fields);
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < sizeof number; ++i) number = number << 8U | digest[i];
  return number;
}

std::string run_id_text(std::uint64_t number) {
  return fmt::format("{:016x}", number);
}

std::optional<std::uint64_t> parse_run_id(std::string_view text) {
  std::uint64_t number = 0;
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, number, 16);
  if (text.size() != digits || error != std::errc() || end != last) return std::nullopt;
  return number;
}

}  // namespace malet::base
