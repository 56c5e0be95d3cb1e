#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "base/text/number_text.hpp"
#include "base/text/python_text.hpp"
#include "malet/value.hpp"

// Cells and key texts of log.tsv: values as Python literals.
namespace malet {

namespace {

void append_integer(std::string& out, std::int64_t value) {
  char text[24];
  const auto end = std::to_chars(text, text + sizeof text, value);
  out.append(text, end.ptr);
}

/// Writes values as they stand inside lists and maps, where text is quoted and null has a name.
class LiteralWriter {
 public:
  LiteralWriter(std::string& out, ListStyle style, bool as_key)
      : out_(out), style_(style), as_key_(as_key) {}

  void write(const Value& value) {
    switch (value.type()) {
      case Value::Type::null:
        out_ += "None";
        return;
      case Value::Type::boolean:
        out_ += value.boolean() ? "True" : "False";
        return;
      case Value::Type::integer:
        append_integer(out_, value.integer());
        return;
      case Value::Type::real:
        write_real(value.real());
        return;
      case Value::Type::text:
        base::append_python_string(out_, value.text());
        return;
      case Value::Type::list:
        write_list(value.list());
        return;
      case Value::Type::map:
        write_map(value.map());
        return;
    }
  }

  void write_real(double value) {
    if (as_key_ && std::isfinite(value) && std::trunc(value) == value) {
      base::append_integral(out_, value);
    } else {
      base::append_real(out_, value);
    }
  }

 private:
  void write_list(const Value::List& items) {
    const bool tuple = style_ == ListStyle::tuple;
    out_ += tuple ? '(' : '[';
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (i > 0) out_ += ", ";
      write(items[i]);
    }
    if (tuple && items.size() == 1) out_ += ',';
    out_ += tuple ? ')' : ']';
  }

  void write_map(const Value::Map& map) {
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
    // A cell does not tell the text "1.0" from the number.
    const Value read = from_cell(value.text());
    return read.is_text() ? value.text() : to_key(read);
  }
  std::string text;
  append_text_of(text, value, LiteralWriter(text, ListStyle::tuple, true));
  return text;
}

}  // namespace malet
