#include "exec/slurm/slurm_config.hpp"

#include <charconv>
#include <string>

#include "base/text/text_parts.hpp"
#include "exec/process/program_answer.hpp"

namespace malet::exec {

namespace {

std::optional<std::uint64_t> number_in(std::string_view text) {
  std::uint64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  return read.ec == std::errc() ? std::optional(number) : std::nullopt;
}

}  // namespace

SlurmConfig parse_slurm_config(std::string_view text) {
  SlurmConfig config;
  while (!text.empty()) {
    const std::string_view line = base::take_line(text);
    const std::size_t sign = line.find('=');
    if (sign == std::string_view::npos) continue;
    const std::string_view name = trimmed(line.substr(0, sign));
    const std::string_view value = trimmed(line.substr(sign + 1));
    if (name == "MaxArraySize") config.max_array_size = number_in(value);
    if (name == "MaxJobCount") config.max_job_count = number_in(value);
    if (name == "MpiDefault") config.starts_pmix = value.starts_with("pmix");
  }
  return config;
}

SlurmConfig slurm_config(std::chrono::milliseconds patience) {
  ProgramQuestion question;
  question.arguments = {"scontrol", "show", "config"};
  question.patience = patience;
  const ProgramAnswer answer = ask_program(question);
  return answer.is_good() ? parse_slurm_config(answer.out) : SlurmConfig();
}

}  // namespace malet::exec
