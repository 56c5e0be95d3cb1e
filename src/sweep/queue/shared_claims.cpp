#include "sweep/queue/shared_claims.hpp"

#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "base/claims/chunk_claim.hpp"
#include "base/claims/writer_holder.hpp"
#include "base/claims/writer_lock.hpp"
#include "base/files/files.hpp"
#include "base/files/paths.hpp"
#include "base/json/json_read.hpp"
#include "base/text/reject.hpp"
#include "base/text/run_id.hpp"
#include "malet/error.hpp"
#include "malet/value.hpp"
#include "sweep/folder/writers.hpp"
#include "sweep/queue/chunks.hpp"
#include "sweep/queue/claim_folder.hpp"

namespace malet::sweep {

namespace {

namespace fs = std::filesystem;

// A job on another machine that dies with the lock is known to be dead after writer_patience.
constexpr std::chrono::seconds start_patience = base::writer_patience + std::chrono::seconds(30);

/// Digest of a grid: its fields in order, and their values.
std::string digest_of(const ConfigIter& configs) {
  Value::List fields(configs.grid_fields().begin(), configs.grid_fields().end());
  const Value document(Value::List{Value(std::move(fields)), Value(configs.grid())});
  std::string digest;
  for (const std::uint8_t byte : base::sha256(to_json(document))) {
    digest += fmt::format("{:02x}", byte);
  }
  return digest;
}

std::string grid_text(const ConfigIter& configs, const Chunks& chunks) {
  return to_json(Value(Value::Map{{"configs", chunks.configs},
                                  {"chunk_size", chunks.size},
                                  {"grid", digest_of(configs)}})) +
         "\n";
}

/// The right to make the claims ready; waits for others who have it.
std::unique_ptr<base::WriterLock> lock_claims(const fs::path& file) {
  return while_refused(start_patience, [&] {
    return std::make_unique<base::WriterLock>(file, base::WriterRole{base::WriterMode::queue, {}});
  });
}

void remove_files(const std::vector<fs::path>& files) {
  std::error_code error;
  for (const fs::path& path : files) {
    if (fs::remove(path, error) || !error) continue;
    reject("{}: cannot be removed: {}", path.string(), error.message());
  }
}

void remove_old_claims(const fs::path& exp_folder) {
  base::remove_temporaries(base::paths::claims_grid(exp_folder));
  remove_files(base::paths::claim_files(exp_folder));
}

void write_grid(const fs::path& file, const std::string& text) {
  try {
    base::AtomicFile out(file);
    out.write(text);
    out.commit();
  } catch (const Error& error) {
    throw Error(ErrorKind::bad_input, error.what());
  }
}

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

void share_claims(const fs::path& exp_folder, const ConfigIter& configs, const base::Writer& self) {
  const Chunks chunks = cut(configs.grid_size());
  const std::string text = grid_text(configs, chunks);
  const fs::path file = base::paths::claims_grid(exp_folder);
  const auto lock = lock_claims(file);
  const bool has_others = has_other_jobs(exp_folder, self.token);
  if (!has_others) remove_old_claims(exp_folder);
  if (!has_others || !base::exists(file)) {
    write_grid(file, text);
  } else if (base::read_file(file) != text) {
    throw Error(ErrorKind::refused,
                fmt::format("{}: jobs that share another grid than {} has now are still at work: "
                            "wait for their end, or put the grid back",
                            file.string(), base::paths::exp_config(exp_folder).string()));
  }
}

void remove_claims(const fs::path& exp_folder) {
  remove_old_claims(exp_folder);
  remove_files({base::paths::writer(base::paths::claims_grid(exp_folder))});
  std::error_code in_use;
  fs::remove(base::paths::claims(exp_folder), in_use);
}

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
