#include "exec/slurm/slurm_config.hpp"

#include "base/text/text_parts.hpp"
#include "exec/process/program_answer.hpp"

namespace malet::exec {

SlurmConfig parse_slurm_config(std::string_view text) {
  SlurmConfig config;
  while (!text.empty()) {
    const std::string_view line = base::take_line(text);
    const std::size_t sign = line.find('=');
    if (sign == std::string_view::npos) continue;
    const std::string_view name = trimmed(line.substr(0, sign));
    const std::string_view value = trimmed(line.substr(sign + 1));
    if (name == "MaxArraySize") config.max_array_size = base::whole_number(value);
    if (name == "MaxJobCount") config.max_job_count = base::whole_number(value);
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
