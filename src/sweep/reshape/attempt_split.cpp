#include "sweep/reshape/attempt_split.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <optional>
#include <string>

#include "base/files/files.hpp"
#include "base/files/paths.hpp"
#include "base/json/json_read.hpp"
#include "malet/error.hpp"
#include "sweep/folder/attempt_history.hpp"

namespace malet::sweep {

namespace {

/// The index of the config that a line is about.
std::optional<std::uint64_t> index_of(const std::string& line, const ConfigIter& configs) {
  try {
    const Value attempt = base::read_json(line);
    const Value* config = attempt.find("config");
    if (config == nullptr || !config->is_map()) return {};
    return configs.index_of(Config(config->map()));
  } catch (const Error&) {
    return {};  // a line that a crash cut off
  }
}

}  // namespace

AttemptSplit::AttemptSplit(const std::vector<std::filesystem::path>& logs,
                           const ConfigIter& configs, std::size_t splits)
    : lines_(splits) {
  for (const auto& log : logs) files_.push_back(base::paths::attempts(log));
  for (std::uint32_t file = 0; file < files_.size(); ++file) read(file, configs);
  // A config may have been run by one job after another, in the order of time and not of names.
  for (auto& lines : lines_) {
    std::stable_sort(lines.begin(), lines.end(),
                     [](const Line& one, const Line& other) { return one.at < other.at; });
  }
}

void AttemptSplit::read(std::uint32_t file, const ConfigIter& configs) {
  std::ifstream in(files_[file], std::ios::binary);
  std::uint64_t begin = 0;
  base::Micros at{};
  for (std::string line; std::getline(in, line);) {
    at = std::max(at, attempt_finished(line));
    const std::size_t split =
        lines_.size() == 1 ? 0 : index_of(line, configs).value_or(0) % lines_.size();
    lines_[split].push_back({file, static_cast<std::uint32_t>(line.size()), begin, at});
    begin += line.size() + 1;
  }
}

void AttemptSplit::write(std::size_t split, const std::filesystem::path& file) const {
  base::AtomicFile out(file);
  std::ifstream in;
  std::optional<std::uint32_t> opened;
  std::string text;
  for (const Line& line : lines_[split]) {
    if (opened != line.file) {
      in = std::ifstream(files_[line.file], std::ios::binary);
      opened = line.file;
    }
    text.resize(line.size);
    in.seekg(static_cast<std::streamoff>(line.begin));
    if (!in.read(text.data(), static_cast<std::streamsize>(line.size))) {
      throw Error(ErrorKind::internal,
                  fmt::format("{}: cannot be read again", files_[line.file].string()));
    }
    out.write(text);
    out.write("\n");
  }
  out.commit();
}

}  // namespace malet::sweep
