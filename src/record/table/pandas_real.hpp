#pragma once

#include <string_view>

namespace malet::record {

/// The real that pandas.read_csv makes of a number's text. With 16 digits and more it may miss the
/// nearest one by a unit in the last place, so that a log that Python has read and written again
/// holds 123456789.1234568 where it held 123456789.12345679.
[[nodiscard]] double pandas_real(std::string_view number);

}  // namespace malet::record
