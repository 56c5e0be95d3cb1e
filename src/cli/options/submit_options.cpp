#include "cli/options/submit_options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "base/text/text_parts.hpp"
#include "cli/options/forms.hpp"

namespace malet::cli {

namespace {

/// All of a text as a whole number from 1 on.
std::optional<std::uint64_t> count_in(std::string_view text) {
  const auto number = base::whole_number(text);
  return number == 0U ? std::nullopt : number;
}

/// N or N%M.
void read_array(const std::string& text, std::optional<exec::BatchArray>& array) {
  const std::size_t sign = std::min(text.find('%'), text.size());
  const auto tasks = count_in(std::string_view(text).substr(0, sign));
  const auto at_a_time = sign == text.size() ? std::optional<std::uint64_t>(0)
                                             : count_in(std::string_view(text).substr(sign + 1));
  if (!tasks || !at_a_time) {
    reject("'{}' is neither a number of jobs nor N%M, M of them at a time", text);
  }
  array = {*tasks, *at_a_time};
}

std::vector<Option> job_options(SubmitOptions& options) {
  const auto read = [&options](const std::string& text) { read_array(text, options.array); };
  return {
      {"--array", groups::slurm,
       "So many jobs of that shape, at most M at a time, each of which works on its split of the "
       "configs (with --queue: on whatever is left)",
       parsed("N[%M]", read), "", "8%2"},
      {"--chain", groups::slurm, "So many jobs one after the other, however each ends",
       number(options.chain, 1, 1000), "1"},
      {"--partition", groups::slurm, "Slurm's partition", text("NAME", options.partition)},
      {"--account", groups::slurm, "Slurm's account", text("NAME", options.account)},
      {"--job-name", groups::slurm, "The jobs' name", text("NAME", options.job_name),
       "the experiment's"},
      {"-y,--yes", groups::slurm, "Submit without asking", flag(options.yes)},
      {"--dry-run", groups::slurm, "Show everything, and neither write nor submit",
       flag(options.dry_run)},
  };
}

}  // namespace

std::vector<Option> submit_options(SubmitOptions& options) {
  const Option sbatch = {
      "SBATCH", {}, "Options for sbatch, behind --", texts("...", options.sbatch)};
  return joined({{folder_argument(options.run.exp), sbatch},
                 shape_options(options.shape),
                 job_options(options),
                 run_options(options.run)});
}

std::vector<std::string> run_arguments(const Given& given) {
  std::vector<std::string> words;
  RunOptions ignored;
  for (const Option& option : run_options(ignored)) {
    const std::string name = option.long_name();
    const bool is_flag = option.form.times == Form::Times::flag;
    for (const std::string& value : given.values(name)) {
      // With the sign a value may begin with a dash, and be empty.
      words.push_back(is_flag && value == "true" ? name : name + "=" + value);
    }
  }
  return words;
}

}  // namespace malet::cli
