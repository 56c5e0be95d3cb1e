#include "sweep/queue/claim_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <thread>
#include <utility>

#include "base/claims/writer_holder.hpp"
#include "base/files/paths.hpp"

// All claims of chunks that nobody had before say the same, so they are links to one file: claiming
// is one system call. To replace a claim, the old file is locked, read once more and renamed over,
// as in base/claims/writer_lock.
namespace malet::sweep {

namespace {

constexpr std::chrono::milliseconds moment(500);

using State = base::ChunkClaim::State;

// Waits so long while others hold the lock of a claim.
constexpr std::chrono::milliseconds pause(5);
constexpr int busy_tries = 200;
// Living jobs write a torn claim again much sooner.
constexpr std::chrono::seconds torn_patience(10);

}  // namespace

JobLives::JobLives(std::filesystem::path exp_folder, std::string self_token)
    : exp_folder_(std::move(exp_folder)),
      self_(std::move(self_token)),
      had_others_(Clock::now() - moment) {}

bool JobLives::lives(const std::string& job, const std::string& token) {
  const auto seen = lived_.find(token);
  if (seen != lived_.end() && Clock::now() - seen->second < moment) return true;
  const auto holder = base::holder_of(base::paths::writer(base::paths::job_log(exp_folder_, job)));
  if (!holder || !holder->alive) return false;
  if (holder->writer && holder->writer->token != token) return false;
  lived_[token] = Clock::now();
  return true;
}

bool JobLives::has_others() {
  if (Clock::now() - had_others_ < moment) return true;
  if (!has_other_jobs(exp_folder_, self_)) return false;
  had_others_ = Clock::now();
  return true;
}

bool has_other_jobs(const std::filesystem::path& exp_folder, const std::string& self_token) {
  for (const auto& path : base::paths::writers(exp_folder)) {
    const auto holder = base::holder_of(path);
    if (!holder || !holder->alive) continue;
    if (!holder->writer || holder->writer->token != self_token) return true;
  }
  return false;
}

ClaimFolder::ClaimFolder(Path exp_folder, std::string job, std::string token,
                         const base::ClaimMeans& means)
    : exp_folder_(std::move(exp_folder)),
      job_(std::move(job)),
      token_(std::move(token)),
      means_(means),
      lives_(exp_folder_, token_) {}

ClaimFolder::~ClaimFolder() {
  if (!held_.empty()) ::unlink(held_.c_str());
}

std::vector<std::string> ClaimFolder::take_warnings() {
  return std::exchange(warnings_, {});
}

void ClaimFolder::warn(std::string sentence) {
  if (sentence == last_warning_) return;
  last_warning_ = sentence;
  warnings_.push_back(std::move(sentence));
}

bool ClaimFolder::is_mine(const Claim& claim) const {
  return claim && claim->token == token_;
}

/// The claim of this job in place of `before`.
base::ChunkClaim ClaimFolder::ours(const Claim& before) const {
  base::ChunkClaim claim;
  claim.token = token_;
  if (before) claim.jobs = before->jobs;
  std::erase(claim.jobs, job_);
  claim.jobs.push_back(job_);
  return claim;
}

Claims::Answer ClaimFolder::claim(std::uint64_t chunk, bool with_failed) {
  const Path path = base::paths::claim(exp_folder_, chunk);
  for (int i = 0; i < busy_tries; ++i) {
    if (link_held(path)) return take_new(chunk);
    const int error = errno;
    const auto old = look(path);
    if (!old && error != EEXIST && error != ENOENT) {
      warn_of_error(path, error);
      return {Answer::Kind::held};
    }
    if (!old) continue;
    seen_.insert(chunk);
    if (const auto answer = take(chunk, *old, with_failed)) return *answer;
    std::this_thread::sleep_for(pause);
  }
  return {Answer::Kind::held};
}

/// Takes a chunk that had no claim. If it had one before, somebody has removed it.
Claims::Answer ClaimFolder::take_new(std::uint64_t chunk) {
  own_[chunk] = ours({});
  was_removed_ = was_removed_ || seen_.contains(chunk);
  return {Answer::Kind::ours, {}, was_removed_};
}

/// Takes a chunk over, or says why not; nothing if the claim must be read again.
std::optional<Claims::Answer> ClaimFolder::take(std::uint64_t chunk, const Old& old,
                                                bool with_failed) {
  if (auto refused = refusal(chunk, old.claim, with_failed)) return refused;
  const base::ChunkClaim mine = ours(old.claim);
  const bool was_ours = is_mine(old.claim) && old.claim->state == State::held;
  const auto may_go = [&](const Claim& now) { return !refusal(chunk, now, with_failed); };
  if (!was_ours) {
    const Written written = replace(base::paths::claim(exp_folder_, chunk), old, mine, may_go);
    if (written == Written::busy) return {};
    if (written == Written::no) return Answer{Answer::Kind::held};
  }
  own_[chunk] = mine;
  if (!old.claim) return Answer{Answer::Kind::ours, {}, true};
  return Answer{Answer::Kind::ours, old.claim->jobs};
}

void ClaimFolder::warn_of_error(const Path& path, int error) {
  if (std::exchange(last_error_, error) == error) return;
  warn(fmt::format("{}: cannot be written: {}; this job goes on with what it has, and tries again",
                   path.string(), std::strerror(error)));
}

/// Why a chunk with this claim cannot be taken; nothing if it can.
std::optional<Claims::Answer> ClaimFolder::refusal(std::uint64_t chunk, const Claim& old,
                                                   bool with_failed) {
  if (!old && !is_abandoned(chunk)) return Answer{Answer::Kind::held};
  if (!old) return std::nullopt;
  torn_since_.erase(chunk);
  if (old->state == State::open) return std::nullopt;
  if (old->state == State::done) {
    if (with_failed && old->failed > 0) return std::nullopt;
    return Answer{Answer::Kind::done, {}, false, old->failed};
  }
  if (is_mine(old) || !lives_.lives(old->jobs.back(), old->token)) return std::nullopt;
  return Answer{Answer::Kind::held};
}

/// Whether a chunk with a torn claim can be taken: no other job lives, or none has written it
/// again.
bool ClaimFolder::is_abandoned(std::uint64_t torn_chunk) {
  if (!lives_.has_others()) return true;
  const auto now = Clock::now();
  return now - torn_since_.try_emplace(torn_chunk, now).first->second >= torn_patience;
}

/// Reads a claim. A file that cannot be read counts as torn.
std::optional<ClaimFolder::Old> ClaimFolder::look(const Path& path) const {
  Old old{base::open_old(path), {}};
  if (!old.file.is_open() && errno == ENOENT) return std::nullopt;
  if (old.file.is_open()) old.claim = base::parse_claim(base::small_text(old.file.get()));
  return old;
}

/// Claims a chunk without a claim; false, with errno, if there is one or none can be made.
bool ClaimFolder::link_held(const Path& path) {
  const std::string text = base::claim_text(ours({}));
  if (held_.empty()) {
    held_ = base::paths::claim_draft(exp_folder_, fmt::format("{}.held", token_));
    (void)base::new_file(held_, text, false);
  }
  if (means_.link(held_.c_str(), path.c_str()) == 0) return true;
  if (errno == EEXIST) return false;
  if (base::links_do_not_work(errno)) return base::new_file(path, text, false).is_open();
  const int error = errno;
  held_.clear();
  std::error_code ignored;  // somebody may have removed the whole folder
  std::filesystem::create_directories(path.parent_path(), ignored);
  errno = error;
  return false;
}

/// Makes a claim of ours that was removed again.
ClaimFolder::Written ClaimFolder::make_again(const Path& path, const std::string& text) {
  if (base::new_file(path, text, false).is_open()) return Written::yes;
  const int error = errno;
  if (error == EEXIST) return Written::busy;
  warn_of_error(path, error);
  return Written::no;
}

/// Replaces a claim, unless it has changed.
ClaimFolder::Written ClaimFolder::replace(const Path& path, const Old& old,
                                          const base::ChunkClaim& claim,
                                          const std::function<bool(const Claim&)>& may_go) {
  if (old.file.is_open()) {
    const base::FileLock lock = base::try_lock(means_, old.file);
    if (lock == base::FileLock::busy) return Written::busy;
    if (lock == base::FileLock::unsupported && !std::exchange(said_no_locks_, true)) {
      warn(
          fmt::format("{}: files cannot be locked here ({}): two jobs that take over the same "
                      "chunk at the same moment may run its configs twice",
                      path.string(), std::strerror(errno)));
    }
    const base::Descriptor named = base::open_named(path);
    if (!named.is_open() || !base::is_same_file(old.file, named)) return Written::busy;
    if (!may_go(base::parse_claim(base::small_text(named.get())))) return Written::busy;
  }
  // Not synced: a crash of the machine may tear it.
  const base::Draft draft(
      base::paths::claim_draft(exp_folder_, fmt::format("{}.{}", token_, drafts_++)),
      base::claim_text(claim), false);
  if (draft.take_name(path)) return Written::yes;
  warn_of_error(path, errno);
  return Written::no;
}

bool ClaimFolder::is_ours(std::uint64_t chunk) {
  const auto now = look(base::paths::claim(exp_folder_, chunk));
  return now && is_mine(now->claim);
}

void ClaimFolder::keep(std::uint64_t chunk) {
  const auto own = own_.find(chunk);
  if (own == own_.end()) return;
  const auto old = look(base::paths::claim(exp_folder_, chunk));
  if (!old || !is_mine(old->claim)) (void)put_right(chunk, own->second);
}

void ClaimFolder::finish(std::uint64_t chunk, std::uint64_t failed) {
  put(chunk, {State::done, token_, {}, failed});
}

void ClaimFolder::give_back(std::uint64_t chunk) {
  put(chunk, {State::open, token_, {}, 0});
}

/// Writes the end of a chunk of ours. If that fails, the claim stays held until this job ends; the
/// next job then finds in our log that nothing is left to run.
void ClaimFolder::put(std::uint64_t chunk, base::ChunkClaim claim) {
  const auto own = own_.find(chunk);
  if (own == own_.end()) return;
  claim.jobs = own->second.jobs;
  for (int i = 0; i < busy_tries && put_right(chunk, claim) == Written::busy; ++i) {
    std::this_thread::sleep_for(pause);
  }
  own_.erase(chunk);
  told_.erase(chunk);
}

/// Writes a claim of a chunk of ours, unless somebody else has it now.
ClaimFolder::Written ClaimFolder::put_right(std::uint64_t chunk, const base::ChunkClaim& claim) {
  const Path path = base::paths::claim(exp_folder_, chunk);
  const auto old = look(path);
  const bool is_others = old && old->claim && !is_mine(old->claim);
  if (!old || !is_mine(old->claim)) {
    tell_of_harm(chunk, !old ? "removed" : is_others ? "taken by another job" : "damaged");
  }
  if (is_others) return Written::yes;
  was_removed_ = was_removed_ || !old;
  if (!old) return make_again(path, base::claim_text(claim));
  return replace(path, *old, claim, [this](const Claim& now) { return !now || is_mine(now); });
}

void ClaimFolder::tell_of_harm(std::uint64_t chunk, const char* what) {
  if (!told_.insert(chunk).second) return;
  warn(
      fmt::format("{}: was {} while this job ran its configs: some may run twice; of each the best "
                  "result counts",
                  base::paths::claim(exp_folder_, chunk).string(), what));
}

}  // namespace malet::sweep
