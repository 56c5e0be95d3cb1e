#include "sweep/queue/shared_claims.hpp"

#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "base/claims/writer_holder.hpp"
#include "base/claims/writer_lock.hpp"
#include "base/files/files.hpp"
#include "base/files/paths.hpp"
#include "base/json/json_read.hpp"
#include "base/text/reject.hpp"
#include "base/text/run_id.hpp"
#include "malet/error.hpp"
#include "malet/value.hpp"
#include "sweep/queue/chunks.hpp"
#include "sweep/queue/job_life.hpp"

namespace malet::sweep {

namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds look_again(20);
// One that dies elsewhere while it is about it is known to be dead after writer_patience.
constexpr std::chrono::seconds start_patience = base::writer_patience + std::chrono::seconds(30);

/// What tells one grid from another: its fields in order, and their values.
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
  const auto until = std::chrono::steady_clock::now() + start_patience;
  for (;;) {
    try {
      return std::make_unique<base::WriterLock>(file,
                                                base::WriterRole{base::WriterMode::queue, {}});
    } catch (const Error& error) {
      const bool is_late = std::chrono::steady_clock::now() >= until;
      if (error.kind() != ErrorKind::refused || is_late) throw;
    }
    std::this_thread::sleep_for(look_again);
  }
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

}  // namespace malet::sweep
