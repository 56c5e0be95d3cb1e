#include "cli/options/option.hpp"

#include <iterator>
#include <utility>

namespace malet::cli {

std::string Option::long_name() const {
  const std::size_t comma = names.find(',');
  return comma == std::string::npos ? names : names.substr(comma + 1);
}

std::vector<Option> joined(std::vector<std::vector<Option>> lists) {
  std::vector<Option> all;
  for (auto& list : lists) std::move(list.begin(), list.end(), std::back_inserter(all));
  return all;
}

std::vector<std::string> Given::values(std::string_view name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? std::vector<std::string>() : found->second;
}

void Given::add(const Option& option, std::vector<std::string> values) {
  values_[option.long_name()] = std::move(values);
}

}  // namespace malet::cli
