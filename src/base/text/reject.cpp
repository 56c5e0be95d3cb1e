#include "base/text/reject.hpp"

namespace malet {

void reject_packed(fmt::string_view format, fmt::format_args args) {
  throw Error(ErrorKind::bad_input, fmt::vformat(format, args));
}

}  // namespace malet
