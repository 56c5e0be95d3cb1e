#pragma once

#include <filesystem>
#include <string>

#include "base/claims/claim_file.hpp"
#include "base/claims/writer_file.hpp"
#include "base/claims/writer_holder.hpp"
#include "base/files/descriptor.hpp"

namespace malet::base {

/// A writer file that is this process's from the constructor on; removed in the end, unless it has
/// become somebody else's.
///
/// A new file is written beside and linked to its name, or made by O_EXCL where links do not work.
/// A dead holder's file is replaced by rename under a lock on the old file, so that of two who do
/// so one wins; where locks do not work the last one wins, and a warning says so.
class WriterClaim {
 public:
  /// Missing folders are made. Throws Error(refused) with one sentence when somebody else writes,
  /// Error(bad_input) with path and reason when the file cannot be made.
  WriterClaim(std::filesystem::path path, const Writer& writer, const ClaimMeans& means);
  WriterClaim(const WriterClaim&) = delete;
  WriterClaim& operator=(const WriterClaim&) = delete;
  ~WriterClaim();

  /// Whether the file of that name still holds our token. True also where that cannot be told, as
  /// when there is no descriptor left to open it with.
  [[nodiscard]] bool still_ours() const;
  /// Sets the file's time to now; not that of a file that has taken its place.
  void touch() const;
  /// What the user should know, or empty.
  [[nodiscard]] const std::string& warning() const { return warning_; }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  class Draft;

  [[nodiscard]] bool make(Draft& draft);
  [[nodiscard]] bool make_exclusively();
  [[nodiscard]] bool take_over(Draft& draft);
  [[nodiscard]] bool replace(const Descriptor& old, Draft& draft);
  [[nodiscard]] FileLock lock(const Descriptor& file);

  std::filesystem::path path_;
  std::string token_;
  std::string text_;
  ClaimMeans means_;
  std::string warning_;
  Descriptor file_;
};

}  // namespace malet::base
