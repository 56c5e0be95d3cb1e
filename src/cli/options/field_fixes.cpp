#include "cli/options/field_fixes.hpp"

#include <fmt/format.h>

#include <string>

#include "base/text/reject.hpp"
#include "base/yaml/yaml.hpp"
#include "malet/error.hpp"

namespace malet::cli {

namespace {

struct Assignment {
  MergeSide side;
  std::string_view left;
  std::string_view right;
};

Assignment parse_assignment(std::string_view text, std::string_view flag, std::string_view form) {
  const std::size_t colon = text.find(':');
  const std::string_view side = text.substr(0, colon);
  const std::size_t equals = text.find('=', colon == std::string_view::npos ? 0 : colon);
  const bool is_side = side == "self" || side == "other";
  if (colon == std::string_view::npos || equals == std::string_view::npos || !is_side ||
      equals == colon + 1) {
    reject(
        "{} {}: write it as {}, where the first log is self and all others are "
        "other",
        flag, text, form);
  }
  return {side == "self" ? MergeSide::self : MergeSide::other,
          text.substr(colon + 1, equals - colon - 1), text.substr(equals + 1)};
}

}  // namespace

Value parse_field_value(std::string_view text) {
  if (text.empty()) return {};
  try {
    return base::yaml::to_value(base::yaml::parse(text, "value", base::yaml::Schema::core));
  } catch (const Error&) {
    reject(
        "'{}' is no value: write it as in exp_config.yaml, text with special "
        "characters in quotes",
        text);
  }
}

FieldFix parse_set(std::string_view text) {
  const Assignment set = parse_assignment(text, "--set", "self:FIELD=VALUE or other:FIELD=VALUE");
  return {FieldFix::Kind::set, set.side, std::string(set.left), parse_field_value(set.right), {}};
}

FieldFix parse_rename(std::string_view text) {
  const Assignment names = parse_assignment(text, "--rename", "self:OLD=NEW or other:OLD=NEW");
  return {
      FieldFix::Kind::rename, names.side, std::string(names.left), {}, std::string(names.right)};
}

}  // namespace malet::cli
