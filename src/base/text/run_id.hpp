#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace malet::base {

/// The number of a config, the same in all jobs and logs: the first 64 bits of SHA-256 of `fields`,
/// the config's fields with a key text, sorted, each as `name TAB key text LF`.
[[nodiscard]] std::uint64_t run_number(std::string_view fields);

/// The run_id of a number: 16 hex digits.
[[nodiscard]] std::string run_id_text(std::uint64_t number);
/// The number of a run_id; nothing for any other text.
[[nodiscard]] std::optional<std::uint64_t> parse_run_id(std::string_view text);

/// SHA-256 of a text (FIPS 180-4). Written by hand: one hash per config does not justify a
/// dependency on a crypto library.
[[nodiscard]] std::array<std::uint8_t, 32> sha256(std::string_view text);

}  // namespace malet::base
