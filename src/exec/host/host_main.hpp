#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace malet::exec {

/// The argument that starts an executable around malet::main as a host.
inline constexpr std::string_view host_argument = "--malet-host";

/// The main function of a host: runs a registered function for the rank at the other end of
/// MALET_FD until the rank closes it. Gives the exit code. \param arguments those after
/// `host_argument`: the function's name (empty: the only one), then the
///   plug-ins to load.
[[nodiscard]] int host_main(const std::vector<std::string>& arguments);

}  // namespace malet::exec
