#include <algorithm>
#include <cmath>

#include "base/text/number_text.hpp"
#include "base/text/python_text.hpp"
#include "base/text/value_visit.hpp"
#include "malet/value.hpp"

// Cells and key texts of log.tsv: values as Python literals.
namespace malet {

namespace {

/// Writes values as inside lists and maps, where text is quoted and null has a name.
class LiteralWriter {
 public:
  LiteralWriter(std::string& out, ListStyle style, bool as_key)
      : out_(out), style_(style), as_key_(as_key) {}

  void write(const Value& value) {
    base::visit_value(value, [this](const auto& content) { put(content); });
  }

 private:
  void put(std::nullptr_t) { out_ += "None"; }
  void put(bool value) { out_ += value ? "True" : "False"; }
  void put(std::int64_t value) { out_ += std::to_string(value); }
  void put(const std::string& text) { base::append_python_string(out_, text); }

  void put(double value) {
    if (as_key_ && std::isfinite(value) && std::trunc(value) == value) {
      base::append_integral(out_, value);
    } else {
      base::append_real(out_, value);
    }
  }

  void put(const Value::List& items) {
    const bool tuple = style_ == ListStyle::tuple;
    out_ += tuple ? '(' : '[';
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (i > 0) out_ += ", ";
      write(items[i]);
    }
    if (tuple && items.size() == 1) out_ += ',';
    out_ += tuple ? ')' : ']';
  }

  void put(const Value::Map& map) {
    std::vector<const Value::Map::value_type*> fields;
    for (const auto& field : map) fields.push_back(&field);
    if (as_key_) {
      std::sort(fields.begin(), fields.end(),
                [](const auto* a, const auto* b) { return a->first < b->first; });
    }
    out_ += '{';
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (i > 0) out_ += ", ";
      base::append_python_string(out_, fields[i]->first);
      out_ += ": ";
      write(fields[i]->second);
    }
    out_ += '}';
  }

  std::string& out_;
  ListStyle style_;
  bool as_key_;
};

void append_text_of(std::string& out, const Value& value, LiteralWriter writer) {
  if (value.is_null() || (value.is_real() && std::isnan(value.real()))) return;
  if (value.is_text()) {
    out += value.text();
  } else {
    writer.write(value);
  }
}

}  // namespace

void append_cell(std::string& out, const Value& value, ListStyle style) {
  append_text_of(out, value, LiteralWriter(out, style, false));
}

std::string to_cell(const Value& value, ListStyle style) {
  std::string text;
  append_cell(text, value, style);
  return text;
}

std::string to_key(const Value& value) {
  if (value.is_text()) {
    // In a cell the text "1.0" and the number look the same.
    const Value read = from_cell(value.text());
    return read.is_text() ? value.text() : to_key(read);
  }
  std::string text;
  append_text_of(text, value, LiteralWriter(text, ListStyle::tuple, true));
  return text;
}

}  // namespace malet
