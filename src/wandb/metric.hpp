#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "malet/value.hpp"

namespace malet::wandb {

/// Whether a metric goes into the log: those that were picked, or, where none were, all but W&B's
/// own, whose names begin with `_`.
[[nodiscard]] bool is_wanted(std::string_view name, const std::vector<std::string>& picked);

/// A scalar as W&B stores it: it writes NaN and the infinities as texts. Nothing for lists and maps
/// (pictures, tables, histograms).
[[nodiscard]] std::optional<Value> scalar_of(const Value& value);

/// The same for lists of scalars, too.
[[nodiscard]] std::optional<Value> metric_of(const Value& value);

}  // namespace malet::wandb
