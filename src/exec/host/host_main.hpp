#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace malet::exec {

/// The argument that turns an executable around malet::main into a host.
inline constexpr std::string_view host_argument = "--malet-host";

/// The life of a host: serves the rank at the other end of MALET_FD with registered functions until
/// the rank closes it. Gives the exit code.
/// \param arguments what follows `host_argument`: the function's name (empty: the only one), then
///   the plug-ins to load.
[[nodiscard]] int host_main(const std::vector<std::string>& arguments);

}  // namespace malet::exec
