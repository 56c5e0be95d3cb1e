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
#include "sweep/queue/chunks.hpp"

namespace malet::sweep {

/// Which queue jobs of a folder live, by the writer files of their logs. Remembers for a moment
/// that a job lives, so that asking costs little.
class JobLives {
 public:
  /// \param self_token of this job as a writer.
  JobLives(std::filesystem::path exp_folder, std::string self_token);

  /// Whether the writer of a job's log with this token may live; true if its file names no writer.
  [[nodiscard]] bool lives(const std::string& job, const std::string& token);
  /// Whether another job than this one writes in the folder.
  [[nodiscard]] bool has_others();

 private:
  using Clock = std::chrono::steady_clock;

  std::filesystem::path exp_folder_;
  std::string self_;
  std::unordered_map<std::string, Clock::time_point>
      lived_;  // by token: when it was last seen alive
  Clock::time_point had_others_;
};

/// Whether a job other than that of `self_token` writes in a folder and may live.
[[nodiscard]] bool has_other_jobs(const std::filesystem::path& exp_folder,
                                  const std::string& self_token);

/// The claims of an experiment folder: one small file per chunk, made by link and replaced by
/// rename, so that nobody ever sees half of one.
///
/// A claim lives as long as the writer that made it (base/claims/writer_holder.hpp). A torn claim
/// names no job: it is taken over if no living job has written it again for a while. Once a claim
/// was removed by hand, all logs are read before a new chunk is run.
class ClaimFolder : public Claims {
 public:
  /// \param job the name of this job's log.
  /// \param token of this job as a writer.
  ClaimFolder(std::filesystem::path exp_folder, std::string job, std::string token,
              const base::ClaimMeans& means = {});
  ClaimFolder(const ClaimFolder&) = delete;
  ClaimFolder& operator=(const ClaimFolder&) = delete;
  ~ClaimFolder() override;

  // A file that cannot be written is a warning: the claim is not ours then, or stays as it was.
  [[nodiscard]] Answer claim(std::uint64_t chunk, bool with_failed) override;
  [[nodiscard]] bool is_ours(std::uint64_t chunk) override;
  void keep(std::uint64_t chunk) override;
  void finish(std::uint64_t chunk, std::uint64_t failed) override;
  void give_back(std::uint64_t chunk) override;
  [[nodiscard]] std::vector<std::string> take_warnings() override;
  /// Adds a warning, unless it repeats the last one.
  void warn(std::string sentence);

 private:
  using Clock = std::chrono::steady_clock;
  using Path = std::filesystem::path;
  using Claim = std::optional<base::ChunkClaim>;

  /// The file of a claim that is there, and what it says; no claim if it is torn.
  struct Old {
    base::Descriptor file;
    Claim claim;
  };

  enum class Written {
    yes,
    busy,  ///< somebody else holds its lock: look again
    no,    ///< the folder cannot be written now
  };

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
  std::unordered_set<std::uint64_t> told_;                           // chunks with a warning
  bool was_removed_ = false;                                         // a claim was removed by hand
  bool said_no_locks_ = false;
  int last_error_ = 0;
  std::vector<std::string> warnings_;
  std::string last_warning_;
};

}  // namespace malet::sweep
