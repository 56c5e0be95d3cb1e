#include "sweep/folder/resplit_intent.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <system_error>

#include "base/claims/writer_holder.hpp"
#include "base/claims/writer_lock.hpp"
#include "base/files/files.hpp"
#include "base/files/paths.hpp"
#include "base/json/json_read.hpp"
#include "base/text/reject.hpp"
#include "malet/error.hpp"
#include "malet/value.hpp"
#include "sweep/folder/writers.hpp"

namespace malet::sweep {

namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds patience(10);

Value::List texts_of(const std::vector<fs::path>& paths) {
  Value::List texts;
  for (const fs::path& path : paths) texts.emplace_back(path.generic_string());
  return texts;
}

std::string text_of(const ResplitIntent& intent) {
  Value::List moves;
  for (const auto& [from, to] : intent.move) moves.emplace_back(texts_of({from, to}));
  return to_json(Value(Value::Map{{"remove", texts_of(intent.remove)}, {"move", moves}})) + '\n';
}

[[noreturn]] void fail_reading(const fs::path& file) {
  reject(
      "{}: does not say what resplitting was to do: if log_splits.new is there, put its logs in "
      "the "
      "place of the others by hand, then remove this file",
      file.string());
}

/// A path within the experiment folder; nothing for any other.
std::optional<fs::path> inner_path(const Value& value) {
  if (!value.is_text()) return {};
  const fs::path path(value.text());
  const bool leaves = std::any_of(path.begin(), path.end(), [](const auto& part) {
    return part.empty() || part == "." || part == "..";
  });
  if (path.empty() || path.is_absolute() || leaves) return {};
  return path;
}

std::vector<fs::path> inner_paths(const Value* list, const fs::path& file) {
  std::vector<fs::path> paths;
  if (list == nullptr || !list->is_list()) fail_reading(file);
  for (const Value& value : list->list()) {
    const auto path = inner_path(value);
    if (!path) fail_reading(file);
    paths.push_back(*path);
  }
  return paths;
}

Value parse(const fs::path& file) {
  try {
    return base::read_json(base::read_file(file));
  } catch (const Error&) {
    fail_reading(file);
  }
}

ResplitIntent read_intent(const fs::path& file) {
  const Value document = parse(file);
  if (!document.is_map()) fail_reading(file);
  ResplitIntent intent;
  intent.remove = inner_paths(document.find("remove"), file);
  const Value* moves = document.find("move");
  if (moves == nullptr || !moves->is_list()) fail_reading(file);
  for (const Value& move : moves->list()) {
    auto ends = inner_paths(&move, file);
    if (ends.size() != 2) fail_reading(file);
    intent.move.emplace_back(std::move(ends[0]), std::move(ends[1]));
  }
  return intent;
}

[[noreturn]] void fail(const fs::path& path, const char* what, const std::error_code& error) {
  throw Error(ErrorKind::internal,
              fmt::format("{}: cannot be {}: {}; all results are there, and the next command on "
                          "this folder goes on here",
                          path.string(), what, error.message()));
}

void remove_file(const fs::path& path) {
  std::error_code error;
  fs::remove(path, error);
  // A folder may hold files that are not ours.
  if (error && error != std::errc::directory_not_empty) fail(path, "removed", error);
}

/// A file that is not there has been moved before.
void move_file(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::create_directories(to.parent_path(), error);
  if (!error) fs::rename(from, to, error);
  if (error && error != std::errc::no_such_file_or_directory) fail(from, "moved", error);
}

/// Takes the right to carry an intent out.
std::unique_ptr<base::WriterLock> lock_intent(const fs::path& file) {
  try {
    return std::make_unique<base::WriterLock>(file, base::WriterRole());
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::refused) throw;
    throw Error(
        error.kind(),
        fmt::format("{}: resplitting was cut off, and somebody who may write in this folder "
                    "must finish it, by any command: {}",
                    file.string(), error.what()));
  }
}

bool is_target(const ResplitIntent& intent, const fs::path& path) {
  return std::any_of(intent.move.begin(), intent.move.end(),
                     [&](const auto& move) { return move.second == path; });
}

}  // namespace

void commit_intent(const fs::path& exp_folder, const ResplitIntent& intent) {
  base::AtomicFile file(base::paths::resplit_intent(exp_folder));
  file.write(text_of(intent));
  file.commit();
}

bool has_intent(const fs::path& exp_folder) {
  return base::is_there(base::paths::resplit_intent(exp_folder));
}

void carry_out_intent(const fs::path& exp_folder) {
  const fs::path file = base::paths::resplit_intent(exp_folder);
  const ResplitIntent intent = read_intent(file);
  // Never what has been moved there already.
  for (const fs::path& path : intent.remove) {
    if (!is_target(intent, path)) remove_file(exp_folder / path);
  }
  for (const auto& [from, to] : intent.move) move_file(exp_folder / from, exp_folder / to);
  std::error_code in_use;  // by files that are not ours
  fs::remove(base::paths::new_logs(exp_folder), in_use);
  const fs::path log_splits = base::paths::log_splits(exp_folder);
  if (!fs::is_symlink(fs::symlink_status(log_splits, in_use))) fs::remove(log_splits, in_use);
  base::sync_folder(log_splits);
  base::sync_folder(exp_folder);
  remove_file(file);
  base::sync_folder(exp_folder);
}

void finish_resplit(const fs::path& exp_folder) {
  const fs::path file = base::paths::resplit_intent(exp_folder);
  while_refused(patience, [&] {
    if (!base::is_there(file)) return;
    const auto lock = lock_intent(file);
    if (base::is_there(file)) carry_out_intent(exp_folder);
  });
}

void remove_unfinished_resplit(const fs::path& exp_folder) {
  const fs::path file = base::paths::resplit_intent(exp_folder);
  const fs::path writer = base::paths::writer(file);
  std::error_code none;
  fs::remove_all(base::paths::new_logs(exp_folder), none);
  base::remove_temporaries(file);
  if (!base::is_alive(writer)) fs::remove(writer, none);
}

}  // namespace malet::sweep
