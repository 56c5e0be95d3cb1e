#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "malet/config_iter.hpp"
#include "sweep/queue/chunks.hpp"
#include "sweep/queue/standings.hpp"
#include "sweep/schedule/work_feed.hpp"
#include "sweep/schedule/work_list.hpp"

namespace malet::sweep {

/// Feeds a queue job: claims chunks as slots need them, works out what is left to run of each, and
/// gives them up again. Pure but for its arguments.
///
/// Chunks with configs that were never run, or were interrupted, come first. Those with failed
/// configs come last, each once; a config that failed here is not run again. Before a chunk that
/// another job had is run, that job's log is read. Once nothing else is left, chunks that others
/// hold are claimed again now and then, as their jobs may be dead by then, until there was nothing
/// to do for `patience`.
class QueueFeed : public WorkFeed {
 public:
  struct Settings {
    ConfigIter configs;       ///< of the job
    Chunks chunks;            ///< of the whole grid
    bool may_repeat = false;  ///< whether the grid can hold a config more than once
    bool shuffled = false;    ///< take never-run configs in a fixed shuffle
    bool rerun_failed = true;
    /// How long configs are likely to run, where the longest are to come first.
    std::function<double(std::uint64_t index)> expected = {};
    std::chrono::duration<double> patience{0};
  };
  /// Reads the logs of these jobs, or all logs. Null when they cannot be read now.
  using ReadLogs = std::function<std::shared_ptr<const Findings>(
      const std::vector<std::string>& jobs, bool all)>;

  /// \param known what all logs say at the start. Chunks of which nothing is left are not asked
  /// for. \param claims outlives this.
  QueueFeed(Settings settings, Findings known, Claims& claims, ReadLogs read_logs);

  [[nodiscard]] Work take(std::uint64_t wanted, Clock::time_point now) override;
  void on_end(std::uint64_t index, RunEnd end) override;
  void settle(Clock::time_point now, Clock::time_point on_disk) override;
  void leave() override;
  [[nodiscard]] bool has_more() const override;
  [[nodiscard]] bool is_over(Clock::time_point now) override;
  [[nodiscard]] std::vector<std::string> take_warnings() override;

 private:
  /// A chunk to ask for.
  struct Wish {
    std::uint64_t chunk;
    bool with_failed;
  };
  struct Claimed {
    Wish wish;
    Claims::Answer answer;
  };
  /// A chunk that is ours.
  struct Own {
    std::uint64_t left = 0;         // configs that have not ended
    std::uint64_t failed = 0;       // configs that failed, here or before
    bool is_incomplete = false;     // other jobs have to run some of it
    bool is_elsewhere = false;      // other jobs run some of it now
    std::vector<IndexRange> ended;  // complete here
  };
  struct Plan {
    std::vector<IndexRange> ranges;
    Own own;
    bool has_others_failures = false;  // failed elsewhere, not in ranges
  };

  void list_chunks();
  void order_longest_first();
  void list_failed(std::uint64_t chunk);
  [[nodiscard]] std::optional<Wish> next_wish(Clock::time_point now);
  [[nodiscard]] std::vector<Claimed> claim_more(std::uint64_t wanted, Clock::time_point now);
  void put_off(const Wish& wish);
  void note_refusal(const Wish& wish, const Claims::Answer& answer);
  void note_done(std::uint64_t chunk, std::uint64_t failed);
  [[nodiscard]] bool read_again(const std::vector<Claimed>& claimed);
  [[nodiscard]] bool has_running(std::uint64_t chunk) const;
  [[nodiscard]] std::vector<Findings::Row> rows_in(std::uint64_t chunk) const;
  [[nodiscard]] Plan plan(const Wish& wish) const;
  void begin(const Wish& wish, Work& work);
  void end_all(Clock::time_point on_disk);
  void end(std::uint64_t chunk, const Own& own);

  Settings settings_;
  Claims& claims_;
  ReadLogs read_logs_;
  ChunkScope scope_;
  Standings known_;
  std::unordered_set<std::uint64_t> failed_here_;

  std::vector<std::uint64_t> fresh_;  // chunks to ask for, in order
  std::size_t fresh_asked_ = 0;
  std::deque<std::uint64_t> failed_;                 // done or not, with configs that failed
  std::unordered_set<std::uint64_t> listed_failed_;  // that are or were among those
  std::unordered_set<std::uint64_t> elsewhere_;      // held by others when we last looked
  std::vector<std::uint64_t> looking_;               // those of them that are to be looked at now
  Clock::time_point next_look_;
  Clock::duration look_interval_;
  std::uint64_t completed_elsewhere_ = 0;                       // since the last take()
  std::unordered_map<std::uint64_t, std::uint64_t> told_done_;  // of those, by chunk that is done
  std::optional<Clock::time_point> idle_since_;
  Clock::time_point next_keep_;
  std::unordered_map<std::uint64_t, Own> own_;
  /// Of these, those of which nothing is left.
  struct Ended {
    std::uint64_t chunk;
    Clock::time_point at;  // when that was written
  };
  std::vector<Ended> ended_;
};

}  // namespace malet::sweep
