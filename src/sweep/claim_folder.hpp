#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/chunk_claim.hpp"
#include "base/claim_file.hpp"
#include "sweep/claims.hpp"
#include "sweep/job_life.hpp"

namespace malet::sweep {

/// The claims of an experiment folder: one small file per chunk, made by link and replaced by
/// rename, so that nobody ever sees half of one.
///
/// A claim lives as long as the writer that made it (base/writer_holder.hpp). A torn one is of a
/// job that nobody knows, and is taken over once no other job lives.
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
  void finish(std::uint64_t chunk, std::uint64_t failed) override;
  void give_back(std::uint64_t chunk) override;
  [[nodiscard]] std::vector<std::string> take_warnings() override;

 private:
  using Path = std::filesystem::path;
  using Claim = std::optional<base::ChunkClaim>;

  /// What is in the way of a claim; nothing where there is nothing.
  struct Old {
    base::Descriptor file;
    Claim claim;
  };

  [[nodiscard]] bool make_exclusively(const Path& path, const std::string& text);
  [[nodiscard]] bool link_held(const Path& path);
  [[nodiscard]] std::optional<Old> look(const Path& path) const;
  [[nodiscard]] std::optional<Answer> refusal(const Claim& old, bool with_failed);
  [[nodiscard]] bool replace(const Path& path, const Old& old, const base::ChunkClaim& claim,
                             const std::function<bool(const Claim&)>& may_go);
  void put(std::uint64_t chunk, base::ChunkClaim claim);
  [[nodiscard]] base::ChunkClaim ours(const Claim& before) const;
  [[nodiscard]] bool is_mine(const Claim& claim) const;
  [[nodiscard]] Answer cannot_claim(const Path& path, int error);
  void warn(std::string sentence);
  void warn_of_error(const Path& path, int error);

  Path exp_folder_;
  std::string job_;
  std::string token_;
  base::ClaimMeans means_;
  JobLives lives_;
  Path held_;  // a file that says that this job holds; claims are links to it
  std::uint64_t drafts_ = 0;
  bool said_no_locks_ = false;
  int last_error_ = 0;
  std::vector<std::string> warnings_;
};

}  // namespace malet::sweep
