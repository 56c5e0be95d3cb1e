// The inside of a list expression: it has values, or it is a malet::Error.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "malet/error.hpp"
#include "plan/list_expression.hpp"
#include "plan/yaml_brackets.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    malet::plan::Work work{
        1'000'000};  // less than a file may ask for, so that many inputs are tried
    static_cast<void>(malet::plan::expand_list_expression(text, work));
  } catch (const malet::Error&) {
  }
  static_cast<void>(malet::plan::find_list_expressions(text));
  return 0;
}
