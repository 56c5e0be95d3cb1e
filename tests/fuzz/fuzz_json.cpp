// Any bytes as JSON: what can be read must come back the same when it is written and read once
// more; what cannot be is an Error, and nothing else.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "base/json/json_read.hpp"
#include "malet/error.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::optional<malet::Value> value;
  try {
    value = malet::base::read_json(text);
  } catch (const malet::Error& error) {
    if (error.kind() != malet::ErrorKind::bad_input) std::abort();
  }
  if (!value) return 0;
  // An error beyond here ends the program: what was read once must be readable again.
  const std::string written = malet::to_json(*value, 0, malet::NonFinite::python);
  if (malet::base::read_json(written) != *value) std::abort();
  return 0;
}
