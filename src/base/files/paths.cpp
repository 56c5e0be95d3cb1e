#include "base/files/paths.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string>
#include <system_error>

#include "base/files/files.hpp"
#include "base/text/reject.hpp"
#include "base/text/run_id.hpp"
#include "base/text/text_parts.hpp"

namespace malet::base::paths {

namespace {

constexpr std::size_t longest_name = 200;
constexpr std::string_view job_prefix = "split_job";
constexpr std::string_view claim_draft_prefix = ".claim.";

std::string escaped(std::string_view name) {
  std::string safe;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F || c == '/' || c == '%') {
      safe += fmt::format("%{:02X}", byte);
    } else {
      safe += c;
    }
  }
  if (safe.size() <= longest_name) return safe;
  const auto digest = sha256(name);
  return fmt::format("{}~{:02x}{:02x}{:02x}{:02x}", safe.substr(0, longest_name), digest[0],
                     digest[1], digest[2], digest[3]);
}

/// The paths in a folder whose names have this ending, sorted by name.
std::vector<Path> files_in(const Path& folder, std::string_view ending) {
  std::error_code error;
  std::vector<Path> found = entries(folder, error);
  if (error) reject("{}: cannot be read: {}", folder.string(), error.message());
  std::erase_if(found, [&](const Path& path) {
    const std::string name = path.filename().string();
    return name.size() <= ending.size() || !name.ends_with(ending);
  });
  std::sort(found.begin(), found.end());
  return found;
}

/// The file `first`, if it is there, and the files of the splits whose names have this ending. A
/// link that leads nowhere counts, so that results that cannot be read are not taken for missing.
std::vector<Path> first_and_splits(const Path& first, const Path& splits, std::string_view ending) {
  std::vector<Path> found;
  if (is_there(splits)) found = files_in(splits, ending);
  if (is_there(first)) found.insert(found.begin(), first);
  return found;
}

/// Whether a folder holds series, or cannot be read.
bool holds_h5(const Path& folder) {
  std::error_code error;
  const std::vector<Path> found = entries(folder, error);
  return error || std::any_of(found.begin(), found.end(),
                              [](const Path& path) { return path.extension() == ".h5"; });
}

Path with_ending(const Path& path, std::string_view ending) {
  Path longer = path;
  longer += ending;
  return longer;
}

}  // namespace

Path exp_config(const Path& folder) {
  return folder / "exp_config.yaml";
}
Path run_options(const Path& folder) {
  return folder / "malet.yaml";
}
Path log(const Path& folder) {
  return folder / "log.tsv";
}
Path log_splits(const Path& folder) {
  return folder / "log_splits";
}
Path figure(const Path& folder) {
  return folder / "figure";
}

Path split_log(const Path& folder, std::string_view name) {
  return log_splits(folder) / fmt::format("split_{}.tsv", escaped(name));
}
std::optional<std::string> split_name(const Path& log) {
  constexpr std::string_view beginning = "split_";
  const std::string name = log.stem().string();
  const bool is_split = log.parent_path().filename() == log_splits({}) &&
                        log.extension() == ".tsv" && name.starts_with(beginning);
  return is_split ? std::optional(name.substr(beginning.size())) : std::nullopt;
}

Path job_log(const Path& folder, std::string_view job) {
  return split_log(folder, fmt::format("job{}", job));
}
std::optional<std::string> job_of(const Path& log) {
  const std::string stem = log.stem().string();
  const bool is_job = stem.starts_with(job_prefix) && stem.size() > job_prefix.size();
  if (!is_job) return std::nullopt;
  return stem.substr(job_prefix.size());
}
Path claims(const Path& folder) {
  return folder / "claims";
}
Path claim(const Path& folder, std::uint64_t chunk) {
  return claims(folder) / std::to_string(chunk);
}
std::optional<std::uint64_t> claimed_chunk(const Path& claim) {
  const std::string name = claim.filename().string();
  const auto chunk = whole_number(name);
  return chunk && std::to_string(*chunk) == name ? chunk : std::nullopt;
}
Path claims_grid(const Path& folder) {
  return claims(folder) / "grid.json";
}
Path claim_draft(const Path& folder, std::string_view token) {
  return claims(folder) / fmt::format("{}{}", claim_draft_prefix, token);
}
std::vector<Path> claim_files(const Path& folder) {
  if (!is_there(claims(folder))) return {};
  std::vector<Path> found = files_in(claims(folder), "");
  std::erase_if(found, [](const Path& path) {
    const bool is_draft = path.filename().string().starts_with(claim_draft_prefix);
    return !is_draft && !claimed_chunk(path) && path.filename() != claims_grid({}).filename();
  });
  return found;
}

Path logs_backup(const Path& folder, unsigned number) {
  if (number == 0) return folder / "logs_backup.tsv";
  return folder / fmt::format("logs_backup_{}.tsv", number);
}
Path new_logs(const Path& folder) {
  return folder / "log_splits.new";
}
Path resplit_intent(const Path& folder) {
  return folder / "resplit.intent";
}

Path submit_folder(const Path& folder) {
  return folder / "submit";
}
Path batch_script(const Path& folder, unsigned number) {
  return submit_folder(folder) / fmt::format("job_{}.sbatch", number);
}
Path batch_output(const Path& script, std::string_view job) {
  return script.parent_path() / fmt::format("{}-{}.out", script.stem().string(), job);
}
Path submitted_jobs(const Path& folder) {
  return submit_folder(folder) / "jobs.jsonl";
}

Path attempts(const Path& log) {
  return with_ending(log, ".attempts.jsonl");
}
Path journal(const Path& log) {
  return with_ending(log, ".journal");
}
Path series(const Path& log) {
  return Path(log).replace_extension(".h5");
}
Path series_segments(const Path& log) {
  return with_ending(series(log), ".d");
}
Path series_segment(const Path& log, std::uint64_t first, std::uint64_t last) {
  return series_segments(log) / fmt::format("{:08}-{:08}.h5", first, last);
}
std::optional<std::pair<std::uint64_t, std::uint64_t>> segment_numbers(const Path& segment) {
  const std::string name = segment.filename().string();
  std::pair<std::uint64_t, std::uint64_t> numbers;
  const char* const end = name.data() + name.size();
  const auto first = std::from_chars(name.data(), end, numbers.first);
  if (first.ec != std::errc() || first.ptr == end || *first.ptr != '-') return std::nullopt;
  const auto last = std::from_chars(first.ptr + 1, end, numbers.second);
  const bool is_whole = last.ec == std::errc() && std::string_view(last.ptr, end) == ".h5";
  if (!is_whole || numbers.first < 1 || numbers.second < numbers.first) return std::nullopt;
  return numbers;
}
Path writer(const Path& log) {
  return with_ending(log, ".writer");
}
Path malet_lock(const Path& log) {
  return with_ending(log, ".lock");
}

Path writer_draft(const Path& writer, std::string_view token) {
  return writer.parent_path() / fmt::format(".writer.{}", token);
}

Path run(const Path& folder, std::string_view run_id) {
  return folder / "runs" / run_id.substr(0, 2) / run_id;
}

std::vector<Path> existing_logs(const Path& folder) {
  return first_and_splits(log(folder), log_splits(folder), ".tsv");
}

std::vector<Path> logs_in(const Path& folder) {
  auto logs = existing_logs(folder);
  return logs.empty() ? files_in(folder, ".tsv") : logs;
}

Path folder_of(const Path& log) {
  const Path folder = log.parent_path();
  return folder.filename() == log_splits({}).filename() ? folder.parent_path() : folder;
}

std::vector<Path> writers(const Path& folder) {
  return first_and_splits(writer(log(folder)), log_splits(folder), ".tsv.writer");
}

std::vector<Path> orphan_journals(const Path& folder) {
  auto journals = first_and_splits(journal(log(folder)), log_splits(folder), ".tsv.journal");
  std::erase_if(journals, [](Path path) { return is_there(path.replace_extension()); });
  return journals;
}

std::vector<Path> orphan_series(const Path& folder) {
  auto found = first_and_splits(series(log(folder)), log_splits(folder), ".h5");
  auto segments = first_and_splits(series_segments(log(folder)), log_splits(folder), ".h5.d");
  std::erase_if(segments, [](const Path& path) { return !holds_h5(path); });
  found.insert(found.end(), segments.begin(), segments.end());
  std::erase_if(found, [](Path path) {
    if (path.extension() == ".d") path.replace_extension();
    return is_there(path.replace_extension(".tsv"));
  });
  return found;
}

}  // namespace malet::base::paths
