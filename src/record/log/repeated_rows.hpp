#pragma once

#include <cstddef>

#include "malet/merge.hpp"
#include "record/table/table.hpp"

namespace malet::record {

/// Keeps one row per config, at the place of its first: of rows equal in every value the first, of
/// others the best status (C over F over R over none), of those as the rule says. Gives how many
/// rows went.
///
/// Throws Error(bad_input), and changes nothing, where the rule does not decide. `where` begins the
/// sentence.
std::size_t fold_repeated_rows(Table& table, const RowRule& rule, std::string_view where);

}  // namespace malet::record
