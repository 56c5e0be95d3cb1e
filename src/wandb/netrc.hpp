#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace malet::wandb {

/// The password that the text of a .netrc file has for a host, whatever the login. `default` is
/// nobody's: a key goes to the host that it was written down for. Nothing where there is none.
[[nodiscard]] std::optional<std::string> netrc_password(std::string_view text,
                                                        std::string_view host);

}  // namespace malet::wandb
