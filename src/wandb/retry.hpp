#pragma once

#include <optional>

#include "wandb/http.hpp"

namespace malet::wandb {

/// How often a question is asked at most.
inline constexpr int most_attempts = 8;
/// The same as long as the server has never answered: there may be no network at all.
inline constexpr int most_first_attempts = 3;
/// The longest rest that a server may ask for.
inline constexpr Seconds longest_wait{120};

/// How long to rest before a question is asked again, or nothing where its reply stands.
///
/// Asked again is after time-outs and connections that broke, and after 408, 429 and 5xx: in 0.25
/// s, then twice as late each time, up to 16 s, less up to half of it by chance so that many
/// clients do not come at once. What the server says in Retry-After goes before.
/// \param attempts how often it was asked, from 1
/// \param answered whether the server has ever answered
/// \param chance from 0 to 1
[[nodiscard]] std::optional<Seconds> retry_wait(const HttpReply& reply, int attempts, bool answered,
                                                double chance);

}  // namespace malet::wandb
