#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace malet::sweep {

/// Who runs what, where several jobs share the configs of a folder: every chunk of them is one
/// job's at a time.
class Claims {
 public:
  /// What became of asking for a chunk.
  struct Answer {
    enum class Kind {
      ours,  ///< it is this job's now
      held,  ///< another job that may live has it
      done,  ///< all of it was run
    };
    Kind kind = Kind::held;
    /// Of ours: the jobs that had it before, whose logs tell what is left of it.
    std::vector<std::string> jobs = {};
    bool is_unknown = false;   ///< of ours: nobody knows who had it
    std::uint64_t failed = 0;  ///< of done: how many of its configs failed
  };

  virtual ~Claims() = default;

  /// Asks for a chunk: one that nobody has, that was given back, or that a dead job has.
  /// \param with_failed also one that is done where configs of it failed.
  [[nodiscard]] virtual Answer claim(std::uint64_t chunk, bool with_failed) = 0;
  /// Whether a chunk that was ours still is.
  [[nodiscard]] virtual bool is_ours(std::uint64_t chunk) = 0;
  /// Sees to it that a claim of ours still stands; to be called now and then.
  virtual void keep(std::uint64_t chunk) = 0;
  /// All of a chunk of ours was run, and as many of its configs failed.
  virtual void finish(std::uint64_t chunk, std::uint64_t failed) = 0;
  /// Somebody else may have a chunk of ours.
  virtual void give_back(std::uint64_t chunk) = 0;
  /// What people should know, since the last call.
  [[nodiscard]] virtual std::vector<std::string> take_warnings() = 0;
};

}  // namespace malet::sweep
