#include "sweep/folder/submitted_jobs.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <string_view>
#include <system_error>

#include "base/files/descriptor.hpp"
#include "base/files/files.hpp"
#include "base/files/paths.hpp"
#include "base/json/json_read.hpp"
#include "base/text/reject.hpp"
#include "base/text/text_parts.hpp"
#include "malet/error.hpp"
#include "malet/value.hpp"

namespace malet::sweep {

namespace {

namespace fs = std::filesystem;

std::optional<SubmittedJob> read_line(std::string_view text) {
  try {
    const Value line = base::read_json(text);
    if (!line.is_map()) return std::nullopt;
    const auto job = exec::parse_sbatch_answer(base::text_field(line, "job"));
    if (!job) return std::nullopt;
    const Value* tasks = line.find("tasks");
    const bool counted = tasks != nullptr && tasks->is_integer() && tasks->integer() > 0;
    return SubmittedJob{{job->number, base::text_field(line, "cluster"),
                         counted ? static_cast<std::uint64_t>(tasks->integer()) : 1},
                        base::text_field(line, "submitted"),
                        base::text_field(line, "script")};
  } catch (const Error&) {
    return std::nullopt;
  }
}

[[noreturn]] void fail(const fs::path& path, const std::string& reason) {
  reject("{}: cannot be written: {}", path.string(), reason);
}

}  // namespace

std::vector<SubmittedJob> read_submitted_jobs(const fs::path& exp_folder) {
  const fs::path file = base::paths::submitted_jobs(exp_folder);
  std::string content;
  try {
    content = base::read_file(file);
  } catch (const Error&) {
    return {};  // mostly since there is none
  }
  std::vector<SubmittedJob> jobs;
  for (std::string_view text = content; !text.empty();) {
    if (auto job = read_line(base::take_line(text))) jobs.push_back(std::move(*job));
  }
  return jobs;
}

void add_submitted_job(const fs::path& exp_folder, const SubmittedJob& job) {
  const Value line(
      Value::Map{{"job", job.job.number},
                 {"cluster", job.job.cluster.empty() ? Value() : Value(job.job.cluster)},
                 {"submitted", job.submitted},
                 {"script", job.script},
                 {"tasks", job.job.tasks}});
  const fs::path file = base::paths::submitted_jobs(exp_folder);
  if (base::append_to_file(file, to_json(line) + "\n")) return;
  throw Error(ErrorKind::internal,
              fmt::format("job {} was submitted, but {} cannot be written: {}", job.job.number,
                          file.string(), std::strerror(errno)));
}

fs::path next_script(const fs::path& exp_folder) {
  unsigned number = 0;
  while (base::is_there(base::paths::batch_script(exp_folder, number))) ++number;
  return base::paths::batch_script(exp_folder, number);
}

NewScript::NewScript(const fs::path& exp_folder) {
  std::error_code error;
  const fs::path folder = base::paths::submit_folder(exp_folder);
  made_folder_ = fs::create_directory(folder, error);
  if (error) fail(folder, error.message());
  while (true) {
    path_ = next_script(exp_folder);
    const base::Descriptor made(
        ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
    if (made.is_open()) return;
    if (errno == EEXIST) continue;
    const std::string reason = std::strerror(errno);
    if (made_folder_) fs::remove(folder, error);
    fail(path_, reason);
  }
}

NewScript::~NewScript() {
  if (is_kept_) return;
  std::error_code ignored;
  fs::remove(path_, ignored);
  if (made_folder_) fs::remove(path_.parent_path(), ignored);  // unless others use it by now
}

void NewScript::write(const std::string& text) const {
  if (!base::append_to_file(path_, text)) fail(path_, std::strerror(errno));
}

}  // namespace malet::sweep
