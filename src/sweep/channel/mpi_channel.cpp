#include "sweep/channel/mpi_channel.hpp"

#include <mpi.h>
#include <unistd.h>

#include <boost/mpi/communicator.hpp>
#include <boost/mpi/environment.hpp>
#include <cstdlib>
#include <deque>
#include <fstream>
#include <iterator>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

#include "base/text/reject.hpp"
#include "exec/slurm/launcher.hpp"
#include "malet/error.hpp"
#include "sweep/channel/dead_segments.hpp"

namespace malet::sweep {

namespace {

namespace mpi = boost::mpi;

constexpr int message_tag = 1;

/// Sends raw bytes with non-blocking sends and looks for messages with probes: a blocking receive
/// would keep a core busy.
class MpiChannel : public Channel {
 public:
  void send(int to, std::string message) override {
    if (message.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
      throw Error(ErrorKind::internal, "a message of over 2 GiB cannot be sent between ranks");
    }
    retire_sent();
    sending_.emplace_back(std::move(message), mpi::request());
    auto& [bytes, request] = sending_.back();
    request = world_.isend(to, message_tag, bytes.data(), static_cast<int>(bytes.size()));
  }

  std::optional<Envelope> try_receive() override {
    retire_sent();
    const auto found = world_.iprobe(mpi::any_source, message_tag);
    if (!found) return std::nullopt;
    Envelope envelope;
    envelope.from = found->source();
    envelope.message.resize(static_cast<std::size_t>(found->count<char>().value_or(0)));
    world_.recv(envelope.from, message_tag, envelope.message.data(),
                static_cast<int>(envelope.message.size()));
    backoff_.reset();
    return envelope;
  }

  void wait(std::chrono::microseconds limit) override { backoff_.rest(limit); }

  /// Waits until all that was sent has left.
  void flush() {
    for (auto& [bytes, request] : sending_) request.wait();
    sending_.clear();
  }

  [[nodiscard]] const mpi::communicator& world() const { return world_; }

 private:
  void retire_sent() {
    while (!sending_.empty() && sending_.front().second.test()) sending_.pop_front();
  }

  mpi::communicator world_;
  std::deque<std::pair<std::string, mpi::request>> sending_;
  Backoff backoff_;
};

/// Open MPI keeps one file per rank of a node in /dev/shm and removes it when MPI is finalised.
/// Every rank maps those of its neighbours, so one rank can remove all.
void unlink_shared_memory() {
  std::ifstream maps("/proc/self/maps");
  const std::string text{std::istreambuf_iterator<char>(maps), {}};
  for (const std::string& name : mapped_segments(text)) ::unlink(("/dev/shm/" + name).c_str());
}

/// Whether no other rank of this node does what one has to do; all do where nobody says.
bool is_first_of_node() {
  for (const char* name : {"OMPI_COMM_WORLD_LOCAL_RANK", "SLURM_LOCALID"}) {
    if (const char* rank = std::getenv(name)) return std::string_view(rank) == "0";
  }
  return true;
}

/// Whether Open MPI was built with a component of that name, which shows by its variables; they can
/// be looked at before MPI starts.
bool has_component(std::string_view component) {
  int ignored = 0;
  if (MPI_T_init_thread(MPI_THREAD_SINGLE, &ignored) != MPI_SUCCESS) return true;
  const std::string variable = std::string(component) + "_major_version";
  int place = 0;
  const bool found = MPI_T_cvar_get_index(variable.c_str(), &place) == MPI_SUCCESS;
  MPI_T_finalize();
  return found;
}

/// Debian's Open MPI does not know PMI without the x, and sites may have built one that does.
bool knows_srun_pmi() {
#ifdef OPEN_MPI
  return has_component("pmix_s2") || has_component("pmix_s1") || has_component("pmix_cray");
#else
  return true;
#endif
}

/// Before MPI finds out, which says so at length, once per rank.
void refuse_unconnected() {
  const exec::Launcher launcher = exec::launcher();
  if (launcher.unconnected) {
    reject(
        "srun started several tasks without telling MPI of each other: start with "
        "`srun --mpi=pmix`");
  }
  if (launcher.srun_pmi && !knows_srun_pmi()) {
    reject(
        "srun tells its tasks of each other by PMI, which this MPI does not understand: "
        "start with `srun --mpi=pmix`");
  }
}

}  // namespace

struct MpiSession::State {
  // Errors of MPI abort the job, as they do everywhere; threads other than the first stay away.
  mpi::environment environment{mpi::threading::funneled, false};
  MpiChannel channel;
};

MpiSession::MpiSession() {
  refuse_unconnected();
  if (mpi::environment::initialized()) {
    throw Error(ErrorKind::internal,
                "MPI was initialised before: Experiment::run can be called once per process");
  }
  if (is_first_of_node()) remove_dead_segments();
  state_ = std::make_unique<State>();
}

MpiSession::~MpiSession() {
  if (state_) state_->channel.flush();
}

int MpiSession::rank() const {
  return state_->channel.world().rank();
}
int MpiSession::size() const {
  return state_->channel.world().size();
}
Channel& MpiSession::channel() {
  return state_->channel;
}

void MpiSession::abandon() {
  unlink_shared_memory();
  // The state must outlive the process: its destructor would finalise.
  (void)state_.release();
}

}  // namespace malet::sweep
