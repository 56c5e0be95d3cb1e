#pragma once

#include <filesystem>

#include "base/claims/writer_file.hpp"
#include "malet/config_iter.hpp"

namespace malet::sweep {

/// Makes EXP/claims ready for this job, which holds its own log by now, with how its configs are
/// cut into chunks (sweep/chunks.hpp). Claims that are there are kept where another job lives;
/// where none does they are of the past, and the logs tell all that they did. To be called before
/// the logs are read.
///
/// Throws Error(refused) when living jobs share another grid than the configs', or another one is
/// too long about the same; Error(bad_input) when the folder cannot be written.
void share_claims(const std::filesystem::path& exp_folder, const ConfigIter& configs,
                  const base::Writer& self);

/// Removes EXP/claims, but for what others have put there. Only for who alone writes in the folder.
/// Throws Error(bad_input) where that cannot be done.
void remove_claims(const std::filesystem::path& exp_folder);

}  // namespace malet::sweep
