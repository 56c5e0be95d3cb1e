#include "sweep/queue/queue_state.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <utility>

#include "base/claims/chunk_claim.hpp"
#include "base/claims/writer_holder.hpp"
#include "base/files/files.hpp"
#include "base/files/paths.hpp"
#include "malet/error.hpp"
#include "sweep/queue/chunks.hpp"

namespace malet::sweep {

namespace {

using State = base::ChunkClaim::State;
using Jobs = std::map<std::string, QueueState::Job>;

/// Of jobs that have a log or are about to. Also gives their tokens as writers.
Jobs jobs_of(const Folder& folder, std::map<std::string, std::string>& tokens) {
  Jobs jobs;
  auto logs = folder.log_paths;
  for (auto writer : base::paths::writers(folder.path)) {
    logs.push_back(writer.replace_extension());
  }
  for (const auto& log : logs) {
    if (const auto name = base::paths::job_of(log)) jobs[*name].name = *name;
  }
  for (auto& [name, job] : jobs) {
    const auto holder =
        base::holder_of(base::paths::writer(base::paths::job_log(folder.path, name)));
    if (!holder) continue;
    job.is_alive = holder->alive;
    if (!holder->writer) continue;
    job.host = holder->writer->host;
    job.started = holder->writer->started;
    tokens[name] = holder->writer->token;
  }
  return jobs;
}

/// Chunks of which every config is complete, whoever ran it.
std::set<std::uint64_t> complete_chunks(const Folder& folder, const Chunks& chunks) {
  std::map<std::uint64_t, std::uint64_t> complete;
  for (const ConfigRow& row : folder.rows) {
    if (row.status == Status::complete) ++complete[chunks.of(row.index)];
  }
  std::set<std::uint64_t> found;
  for (const auto& [chunk, count] : complete) {
    if (count == chunks.end(chunk) - chunks.begin(chunk)) found.insert(chunk);
  }
  return found;
}

std::optional<base::ChunkClaim> read_claim(const std::filesystem::path& path) {
  try {
    return base::parse_claim(base::read_file(path));
  } catch (const Error&) {
    return std::nullopt;  // it has just gone
  }
}

}  // namespace

std::optional<QueueState> queue_state(const Folder& folder) {
  if (!std::filesystem::exists(base::paths::claims_grid(folder.path))) return std::nullopt;
  const Chunks chunks = cut(folder.configs.grid_size());
  std::map<std::string, std::string> tokens;
  Jobs jobs = jobs_of(folder, tokens);
  std::set<std::uint64_t> done = complete_chunks(folder, chunks);
  QueueState state;
  state.chunks = chunks.count();
  for (const auto& path : base::paths::claim_files(folder.path)) {
    const auto chunk = base::paths::claimed_chunk(path);
    const auto claim = chunk && *chunk < state.chunks ? read_claim(path) : std::nullopt;
    if (!claim || claim->state == State::open) continue;
    const std::string& name = claim->jobs.back();
    QueueState::Job& job = jobs[name];
    job.name = name;
    // A claim says so a moment later than the log.
    const bool is_done = claim->state == State::done || done.contains(*chunk);
    ++(is_done ? job.done : job.held);
    if (is_done) done.insert(*chunk);
    const bool lives = job.is_alive && tokens[name] == claim->token;
    if (!is_done && lives) ++state.held;
  }
  state.done = done.size();
  for (auto& [name, job] : jobs) state.jobs.push_back(std::move(job));
  return state;
}

}  // namespace malet::sweep
