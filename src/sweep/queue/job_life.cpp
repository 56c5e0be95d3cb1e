#include "sweep/queue/job_life.hpp"

#include <utility>

#include "base/claims/writer_holder.hpp"
#include "base/files/paths.hpp"

namespace malet::sweep {

namespace {

constexpr std::chrono::milliseconds moment(500);

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

}  // namespace malet::sweep
