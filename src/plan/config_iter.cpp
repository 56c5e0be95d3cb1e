#include "malet/config_iter.hpp"

#include "base/files/files.hpp"
#include "base/text/reject.hpp"
#include "base/yaml/yaml.hpp"
#include "malet/error.hpp"
#include "plan/document.hpp"
#include "plan/grid.hpp"
#include "plan/selection.hpp"

namespace malet {

namespace {

std::shared_ptr<const ConfigIter::Grid> parse(std::string_view yaml, std::string_view name) {
  plan::Document document = plan::parse_document(yaml, name);
  const std::size_t line = document.grid_line;
  try {
    return std::make_shared<const ConfigIter::Grid>(std::move(document));
  } catch (const Error& error) {
    base::yaml::fail_at(name, line, "{}", error.what());
  }
}

}  // namespace

ConfigIter::ConfigIter(const std::filesystem::path& exp_config_path)
    : grid_(parse(base::read_file(exp_config_path), exp_config_path.string())) {}

ConfigIter ConfigIter::from_text(std::string_view yaml, std::string_view name) {
  ConfigIter configs;
  configs.grid_ = parse(yaml, name);
  return configs;
}

const Value::Map& ConfigIter::static_configs() const {
  return grid_->static_configs();
}

const std::vector<std::string>& ConfigIter::grid_fields() const {
  return grid_->fields();
}

const Value::List& ConfigIter::grid() const {
  return grid_->written();
}

Value::Map ConfigIter::grid_dict() const {
  return grid_->distinct_values();
}

Value::Type ConfigIter::field_type(std::string_view field) const {
  return grid_->field_type(field);
}

std::uint64_t ConfigIter::size() const {
  return selection_ ? selection_->count : grid_->size();
}

Config ConfigIter::operator[](std::uint64_t position) const {
  return grid_->config(index(position));
}

Config ConfigIter::at(std::uint64_t position) const {
  if (position < size()) return (*this)[position];
  reject("there is no config at position {}: there are {}", position, size());
}

std::uint64_t ConfigIter::index(std::uint64_t position) const {
  return selection_ ? (*selection_)[position] : position;
}

bool ConfigIter::holds(std::uint64_t index) const {
  return selection_ ? selection_->holds(index) : index < grid_->size();
}

std::uint64_t ConfigIter::grid_size() const {
  return grid_->size();
}

Config ConfigIter::config(std::uint64_t index) const {
  return grid_->config(index);
}

std::optional<std::uint64_t> ConfigIter::index_of(const Config& config) const {
  return grid_->index_of(config);
}

std::uint64_t ConfigIter::first_index(std::uint64_t index) const {
  return grid_->first_index(index);
}

std::optional<std::uint64_t> ConfigIter::duplicates() const {
  return grid_->duplicates();
}

void ConfigIter::filter_iter(const std::function<bool(std::uint64_t, const Config&)>& keep) {
  std::vector<std::uint64_t> kept;
  for (std::uint64_t position = 0; position < size(); ++position) {
    const std::uint64_t number = index(position);
    if (keep(number, grid_->config(number))) kept.push_back(number);
  }
  *this = with(Selection::of(std::move(kept)));
}

ConfigIter ConfigIter::split(std::uint64_t total, std::uint64_t current) const {
  if (current >= total) {
    reject(
        "there is no split {} of {}: splits are numbered from 0, and there "
        "must be more splits than this number",
        current, total);
  }
  return with(selection().split(total, current));
}

ConfigIter ConfigIter::every(std::uint64_t step, std::uint64_t first) const {
  return with(selection().every(step, first));
}

ConfigIter ConfigIter::slice(std::uint64_t first, std::uint64_t last) const {
  return with(selection().slice(first, last));
}

ConfigIter::Selection ConfigIter::selection() const {
  return selection_ ? *selection_ : Selection{0, 1, size(), nullptr};
}

ConfigIter ConfigIter::with(Selection selection) const {
  ConfigIter part = *this;
  part.selection_ = std::make_shared<const Selection>(std::move(selection));
  return part;
}

}  // namespace malet
