#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "exec/process/guardian.hpp"
#include "exec/process/own_files.hpp"
#include "malet/config_iter.hpp"
#include "malet/error.hpp"
#include "malet/options.hpp"
#include "sweep/channel/channel.hpp"
#include "sweep/channel/slot_channel.hpp"
#include "sweep/rank/slot.hpp"

namespace malet::sweep {

/// A rank's slots, its guardian and its scratch folder, which holds the files of slots. Waits only
/// in rest() and in the destructor.
class Supervisor {
 public:
  using Clock = std::chrono::steady_clock;

  struct Settings {
    std::filesystem::path folder;  ///< of the experiment
    std::vector<SlotPlace> slots;
    bool gives_back = false;
    bool under_mpirun = false;
  };

  /// \param channel to rank 0; messages carry the slot's number (see SlotChannel).
  /// Throws Error if it cannot start, as without a place for the scratch folder.
  Supervisor(Channel& channel, const ConfigIter& configs, const ExperimentHost& host,
             const ExperimentOptions& options, const Settings& settings);
  Supervisor(const Supervisor&) = delete;
  Supervisor& operator=(const Supervisor&) = delete;
  /// Ends all processes that are left.
  ~Supervisor();

  /// Takes messages and does what can be done now; false if that was nothing.
  bool turn();
  /// Waits for news of a process, for `limit` at most.
  void rest(std::chrono::microseconds limit);
  /// The exit code, once rank 0 has told all slots to leave.
  [[nodiscard]] std::optional<ExitCode> leave() const;

 private:
  void add_slot(const ConfigIter& configs, const ExperimentHost& host,
                const ExperimentOptions& options, const Settings& settings);
  void look(std::chrono::microseconds limit);
  void take_messages();
  void note_signals(Clock::time_point now);
  void note_group(std::size_t slot);
  void clear_strays(std::size_t slot);
  bool kill_strays(const std::string& mark);
  void clear_all_strays();
  void dismiss();
  [[nodiscard]] std::string mark_of(std::size_t slot) const;

  Channel& channel_;
  std::string mark_;
  std::optional<exec::Scratch> scratch_;
  std::unique_ptr<exec::Guardian> guardian_;
  std::vector<std::unique_ptr<Slot>> slots_;
  std::vector<int> older_;   // children from before
  std::vector<int> groups_;  // process group per slot
  Micros grace_;
  bool under_mpirun_;
  int signals_seen_ = 0;
  std::vector<char> ready_;  // per slot, whether its descriptors are ready
  bool looked_ = false;      // whether ready_ is new since the last turn
  Clock::time_point looked_at_all_;
  std::vector<pollfd> polled_;  // scratch
  std::vector<std::size_t> owners_;
  bool urgent_ = false;  // mpirun is about to kill this rank
};

}  // namespace malet::sweep
