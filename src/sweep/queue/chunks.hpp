#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "malet/config_iter.hpp"

namespace malet::sweep {

/// The numbers of a grid cut into chunks of one size; the last one may be shorter. All jobs that
/// share a folder cut it the same way.
struct Chunks {
  std::uint64_t configs = 0;
  std::uint64_t size = 1;

  [[nodiscard]] std::uint64_t count() const { return (configs + size - 1) / size; }
  [[nodiscard]] std::uint64_t of(std::uint64_t index) const { return index / size; }
  [[nodiscard]] std::uint64_t begin(std::uint64_t chunk) const { return chunk * size; }
  [[nodiscard]] std::uint64_t end(std::uint64_t chunk) const {
    return chunk + 1 >= count() ? configs : (chunk + 1) * size;
  }

  friend bool operator==(const Chunks&, const Chunks&) = default;
};

/// The largest number of chunks.
inline constexpr std::uint64_t most_chunks = 4096;

/// Chunks of one config each; larger ones where these would be more than most_chunks.
[[nodiscard]] inline Chunks cut(std::uint64_t configs) {
  return {configs, configs <= most_chunks ? 1 : (configs - 1) / most_chunks + 1};
}

/// The configs of a job, chunk by chunk.
class ChunkScope {
 public:
  ChunkScope(ConfigIter configs, const Chunks& chunks);

  [[nodiscard]] const ConfigIter& configs() const { return configs_; }
  [[nodiscard]] const Chunks& chunks() const { return chunks_; }
  [[nodiscard]] std::uint64_t count_in(std::uint64_t chunk) const {
    return bounds_[chunk + 1] - bounds_[chunk];
  }
  [[nodiscard]] ConfigIter configs_in(std::uint64_t chunk) const {
    return configs_.slice(bounds_[chunk], bounds_[chunk + 1]);
  }
  /// Whether all of the chunk's configs are the job's.
  [[nodiscard]] bool has_all_of(std::uint64_t chunk) const {
    return count_in(chunk) == chunks_.end(chunk) - chunks_.begin(chunk);
  }

 private:
  ConfigIter configs_;
  Chunks chunks_;
  std::vector<std::uint64_t> bounds_;  // per chunk its first position in configs_, and the end
};

/// The claims on chunks of a folder that several queue jobs share. A chunk belongs to one of them
/// at a time.
class Claims {
 public:
  /// Result of claim().
  struct Answer {
    enum class Kind {
      ours,  ///< the chunk belongs to this job now
      held,  ///< a queue job that may live has it
      done,  ///< all its configs were run
    };
    Kind kind = Kind::held;
    /// With ours: the jobs that had it before, whose logs tell what is left to run.
    std::vector<std::string> jobs = {};
    bool is_unknown = false;   ///< with ours: the jobs that had it are unknown
    std::uint64_t failed = 0;  ///< with done: how many of its configs failed
  };

  virtual ~Claims() = default;

  /// Claims a chunk that nobody has, that was given back, or that a dead job has.
  /// \param with_failed also a chunk that is done but has failed configs.
  [[nodiscard]] virtual Answer claim(std::uint64_t chunk, bool with_failed) = 0;
  /// Whether a chunk that was ours still is.
  [[nodiscard]] virtual bool is_ours(std::uint64_t chunk) = 0;
  /// Writes a claim of ours again if it is gone or damaged. Called now and then.
  virtual void keep(std::uint64_t chunk) = 0;
  /// Says that all configs of a chunk of ours were run, and how many of them failed.
  virtual void finish(std::uint64_t chunk, std::uint64_t failed) = 0;
  /// Leaves a chunk of ours to others.
  virtual void give_back(std::uint64_t chunk) = 0;
  /// Warnings for people since the last call.
  [[nodiscard]] virtual std::vector<std::string> take_warnings() = 0;
};

}  // namespace malet::sweep
