#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/claims/chunk_claim.hpp"
#include "base/claims/claim_file.hpp"
#include "sweep/queue/claims.hpp"
#include "sweep/queue/job_life.hpp"

namespace malet::sweep {

/// The claims of an experiment folder: one small file per chunk, made by link and replaced by
/// rename, so that nobody ever sees half of one.
///
/// A claim lives as long as the writer that made it (base/writer_holder.hpp). A torn one is of a
/// job that nobody knows: living jobs put theirs right, so it is taken over when nobody has for a
/// while. Where claims were removed nothing is taken for new any more without a look into all logs.
class ClaimFolder : public Claims {
 public:
  /// \param job the name of this job's log.
  /// \param token of this job as a writer.
  ClaimFolder(std::filesystem::path exp_folder, std::string job, std::string token,
              const base::ClaimMeans& means = {});
  ClaimFolder(const ClaimFolder&) = delete;
  ClaimFolder& operator=(const ClaimFolder&) = delete;
  ~ClaimFolder() override;

  // What cannot be written is a warning: the claim is not ours then, or stays as it was.
  [[nodiscard]] Answer claim(std::uint64_t chunk, bool with_failed) override;
  [[nodiscard]] bool is_ours(std::uint64_t chunk) override;
  void keep(std::uint64_t chunk) override;
  void finish(std::uint64_t chunk, std::uint64_t failed) override;
  void give_back(std::uint64_t chunk) override;
  [[nodiscard]] std::vector<std::string> take_warnings() override;
  /// Adds a warning, unless it is the last one once more.
  void warn(std::string sentence);

 private:
  using Clock = std::chrono::steady_clock;
  using Path = std::filesystem::path;
  using Claim = std::optional<base::ChunkClaim>;

  /// What is in the way of a claim; nothing where there is nothing.
  struct Old {
    base::Descriptor file;
    Claim claim;
  };

  enum class Written {
    yes,
    busy,  ///< somebody else is at it: look again
    no,    ///< the folder cannot be written now, which trying again at once does not change
  };

  [[nodiscard]] bool make_exclusively(const Path& path, const std::string& text);
  [[nodiscard]] Written make_again(const Path& path, const std::string& text);
  [[nodiscard]] bool link_held(const Path& path);
  [[nodiscard]] Answer take_new(std::uint64_t chunk);
  [[nodiscard]] std::optional<Answer> take(std::uint64_t chunk, const Old& old, bool with_failed);
  [[nodiscard]] std::optional<Old> look(const Path& path) const;
  [[nodiscard]] std::optional<Answer> refusal(std::uint64_t chunk, const Claim& old,
                                              bool with_failed);
  [[nodiscard]] bool is_abandoned(std::uint64_t torn_chunk);
  [[nodiscard]] Written replace(const Path& path, const Old& old, const base::ChunkClaim& claim,
                                const std::function<bool(const Claim&)>& may_go);
  void put(std::uint64_t chunk, base::ChunkClaim claim);
  [[nodiscard]] Written put_right(std::uint64_t chunk, const base::ChunkClaim& claim);
  [[nodiscard]] base::ChunkClaim ours(const Claim& before) const;
  [[nodiscard]] bool is_mine(const Claim& claim) const;
  [[nodiscard]] Answer cannot_claim(const Path& path, int error);
  void tell_of_harm(std::uint64_t chunk, const char* what);
  void warn_of_error(const Path& path, int error);

  Path exp_folder_;
  std::string job_;
  std::string token_;
  base::ClaimMeans means_;
  JobLives lives_;
  Path held_;  // a file that says that this job holds; claims are links to it
  std::uint64_t drafts_ = 0;
  std::unordered_map<std::uint64_t, base::ChunkClaim> own_;          // as they were written
  std::unordered_set<std::uint64_t> seen_;                           // claims of others
  std::unordered_map<std::uint64_t, Clock::time_point> torn_since_;  // as far as we have seen
  std::unordered_set<std::uint64_t> told_;                           // of which people know already
  bool was_removed_ = false;                                         // somebody has removed claims
  bool said_no_locks_ = false;
  int last_error_ = 0;
  std::vector<std::string> warnings_;
  std::string last_warning_;
};

}  // namespace malet::sweep
