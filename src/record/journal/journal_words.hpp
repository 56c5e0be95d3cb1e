#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <string_view>

// The fixed words of a journal's records, for who writes and who reads them.
namespace malet::record {

inline constexpr std::string_view plain_version = "1";
inline constexpr std::string_view series_version = "2";  // series of numbers are kept in HDF5
inline constexpr std::size_t sum_digits = 8;
inline constexpr std::array<std::string_view, 6> kinds = {"journal", "column", "start",
                                                          "step",    "series", "row"};
inline constexpr std::string_view number_kinds = "ri";  // by NumberKind
static_assert(std::endian::native == std::endian::little, "elements are written as they are");

}  // namespace malet::record
