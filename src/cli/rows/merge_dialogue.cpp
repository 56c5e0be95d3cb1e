#include "cli/rows/merge_dialogue.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/text/reject.hpp"
#include "base/yaml/yaml.hpp"
#include "cli/screen/text_table.hpp"
#include "malet/error.hpp"

namespace malet::cli {

namespace {

constexpr std::size_t most_values = 8;

/// An answer: its first word, and what stands behind that.
struct Answer {
  std::string word;
  std::string rest;
};

Answer split_answer(const std::string& line) {
  const std::size_t start = std::min(line.find_first_not_of(' '), line.size());
  const std::size_t end = std::min(line.find(' ', start), line.size());
  const std::size_t rest = std::min(line.find_first_not_of(' ', end), line.size());
  const std::size_t last = line.find_last_not_of(' ') + 1;
  return {line.substr(start, end - start), line.substr(rest, std::max(last, rest) - rest)};
}

/// Whether a word is a name or its first letter.
bool is(const std::string& word, std::string_view name) {
  return word == name || word == name.substr(0, 1);
}

TextTable::Cell values_cell(const std::optional<Value::List>& values) {
  if (!values) return {"(missing)", false};
  std::vector<std::string> texts;
  for (const Value& value : *values) {
    if (texts.size() == most_values) break;
    texts.push_back(table_cell(value, ListView::tuple).text);
  }
  const std::size_t more = values->size() - texts.size();
  return {fmt::format("{}{}", fmt::join(texts, ", "),
                      more > 0 ? fmt::format(", .. ({})", values->size()) : ""),
          false};
}

/// Fields that only the side without the field has: it may be one of them under another name.
std::vector<std::string> namesakes(const FieldConflicts& conflicts, bool lacks_self) {
  std::vector<std::string> names;
  for (const FieldValues& field : conflicts.fields) {
    if (field.is_conflict() && field.self.has_value() == lacks_self) names.push_back(field.field);
  }
  return names;
}

/// What an answer about a field means; Error where it means nothing.
FieldFix field_fix(const FieldConflicts& conflicts, const FieldValues& field,
                   const Answer& answer) {
  const bool lacks_self = !field.self;
  if (is(answer.word, "remove")) return {FieldFix::Kind::drop, {}, field.field, {}, {}};
  if (is(answer.word, "set")) {
    if (answer.rest.empty()) {
      reject("name the value, as in `set 0.1`; `set null` leaves it empty");
    }
    return {FieldFix::Kind::set,
            lacks_self ? MergeSide::self : MergeSide::other,
            field.field,
            parse_field_value(answer.rest),
            {}};
  }
  const auto names = namesakes(conflicts, lacks_self);
  if (is(answer.word, "merge") &&
      std::find(names.begin(), names.end(), answer.rest) != names.end()) {
    // self's name stays.
    const std::string& own = lacks_self ? answer.rest : field.field;
    const std::string& theirs = lacks_self ? field.field : answer.rest;
    return {FieldFix::Kind::rename, MergeSide::other, theirs, {}, own};
  }
  reject("that is none of the answers");
}

std::string choices(const FieldConflicts& conflicts, const FieldValues& field) {
  const bool lacks_self = !field.self;
  const auto names = namesakes(conflicts, lacks_self);
  std::string text =
      fmt::format("'{}' is missing in {}.\n  set VALUE    it is VALUE there\n", field.field,
                  lacks_self ? conflicts.self_name : conflicts.other_name);
  if (!names.empty()) {
    text += fmt::format("  merge FIELD  there it is called FIELD: {}\n", fmt::join(names, ", "));
  }
  return text + "  remove       leave it out of both\n  quit         give up, change nothing\n";
}

TextTable::Cell metric_cell(const Metrics& row, const std::string& field) {
  const Value* value = row.find(field);
  return table_cell(value == nullptr ? Value() : *value, ListView::series);
}

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

std::optional<std::string> MergeDialogue::prompt() {
  out_->write("> ");
  return input_.read_line();
}

void MergeDialogue::show(const FieldConflicts& conflicts) {
  TextTable table({"field", "self: " + conflicts.self_name, "other: " + conflicts.other_name});
  for (const FieldValues& field : conflicts.fields) {
    table.add_row({{field.field, false}, values_cell(field.self), values_cell(field.other)});
  }
  out_->write("\n" + table.render(out_->width()) + "\n");
}

std::optional<FieldFix> MergeDialogue::ask_field(const FieldConflicts& conflicts) {
  show(conflicts);
  const auto field = std::find_if(conflicts.fields.begin(), conflicts.fields.end(),
                                  [](const FieldValues& each) { return each.is_conflict(); });
  out_->write(choices(conflicts, *field));
  while (const auto line = prompt()) {
    const Answer answer = split_answer(*line);
    if (is(answer.word, "quit")) return std::nullopt;
    try {
      return field_fix(conflicts, *field, answer);
    } catch (const Error& error) {
      out_->write(fmt::format("{}\n", error.what()));
    }
  }
  return std::nullopt;
}

void MergeDialogue::show(const RowConflict& conflict) {
  TextTable table({"field", "self", "other"});
  for (const auto& [name, value] : conflict.config) {
    const TextTable::Cell cell = table_cell(value, ListView::tuple);
    table.add_row({{name, false}, cell, cell});
  }
  for (const auto& [name, value] : conflict.self) {
    table.add_row(
        {{name, false}, metric_cell(conflict.self, name), metric_cell(conflict.other, name)});
  }
  out_->write("\n" + table.render(out_->width()) + "\n");
}

std::optional<Prefer> MergeDialogue::ask_row(const RowConflict& conflict) {
  static const std::vector<std::pair<std::string, Prefer>> answers = {
      {"self", Prefer::self}, {"other", Prefer::other}, {"newest", Prefer::newest}};
  if (for_all_) return for_all_;
  show(conflict);
  out_->write(
      "Both logs have such a row. Which one is to stay?\n"
      "  self, other or newest; `all` behind it for all rows to come; quit gives up\n");
  while (const auto line = prompt()) {
    const Answer answer = split_answer(*line);
    if (is(answer.word, "quit")) return std::nullopt;
    for (const auto& [name, prefer] : answers) {
      if (!is(answer.word, name) || (!answer.rest.empty() && answer.rest != "all")) continue;
      if (answer.rest == "all") for_all_ = prefer;
      return prefer;
    }
    out_->write("that is none of the answers\n");
  }
  return std::nullopt;
}

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
