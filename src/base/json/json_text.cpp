#include <charconv>
#include <cmath>

#include "base/text/number_text.hpp"
#include "base/text/python_text.hpp"
#include "malet/value.hpp"

// Written here because the JSON libraries at hand write null for infinities and NaN, which are
// results of trainings and must be told apart.
namespace malet {

namespace {

class JsonWriter {
 public:
  JsonWriter(std::string& out, int indent, NonFinite non_finite)
      : out_(out), indent_(indent), non_finite_(non_finite) {}

  void write(const Value& value) {
    switch (value.type()) {
      case Value::Type::null:
        out_ += "null";
        return;
      case Value::Type::boolean:
        out_ += value.boolean() ? "true" : "false";
        return;
      case Value::Type::integer:
        out_ += std::to_string(value.integer());
        return;
      case Value::Type::real:
        write_real(value.real());
        return;
      case Value::Type::text:
        write_text(value.text());
        return;
      case Value::Type::list:
        write_list(value.list());
        return;
      case Value::Type::map:
        write_map(value.map());
        return;
    }
  }

 private:
  void write_real(double value) {
    if (std::isfinite(value)) {
      base::append_real(out_, value);
      return;
    }
    const bool python = non_finite_ == NonFinite::python;
    if (std::isnan(value)) {
      out_ += python ? "NaN" : "null";
      return;
    }
    if (value < 0) out_ += '-';
    out_ += python ? "Infinity" : "1e999";
  }

  void write_text(std::string_view text) {
    out_ += '"';
    for (std::size_t i = 0; i < text.size();) {
      const std::size_t length = base::utf8_length(text, i);
      if (length == 0) {
        out_ += "\\ufffd";
        ++i;
        continue;
      }
      if (length == 1) {
        write_ascii(text[i]);
      } else {
        out_.append(text.substr(i, length));
      }
      i += length;
    }
    out_ += '"';
  }

  void write_ascii(char c) {
    static constexpr std::string_view digits = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out_ += '\\';
      out_ += c;
    } else if (c == '\n') {
      out_ += "\\n";
    } else if (c == '\t') {
      out_ += "\\t";
    } else if (byte < 0x20) {
      out_ += "\\u00";
      out_ += digits[byte >> 4U];
      out_ += digits[byte & 15U];
    } else {
      out_ += c;
    }
  }

  void write_list(const Value::List& items) {
    open('[');
    for (std::size_t i = 0; i < items.size(); ++i) {
      next(i == 0, false);
      write(items[i]);
    }
    close(']', items.empty(), false);
  }

  void write_map(const Value::Map& fields) {
    open('{');
    for (std::size_t i = 0; i < fields.size(); ++i) {
      next(i == 0, true);
      write_text(fields[i].first);
      out_ += ": ";
      write(fields[i].second);
    }
    close('}', fields.empty(), true);
  }

  void open(char bracket) {
    out_ += bracket;
    ++level_;
  }

  // Lists stay on one line within an indented document unless they hold maps: rows, then, stand one
  // below the other and series do not.
  void next(bool first, bool in_map) {
    if (!first) out_ += ',';
    if (indent_ > 0 && (in_map || level_ <= 2)) {
      break_line();
    } else if (!first) {
      out_ += ' ';
    }
  }

  void close(char bracket, bool empty, bool is_map) {
    const bool broken = indent_ > 0 && !empty && (is_map || level_ <= 2);
    --level_;
    if (broken) break_line();
    out_ += bracket;
  }

  void break_line() {
    out_ += '\n';
    out_.append(static_cast<std::size_t>(indent_ * level_), ' ');
  }

  std::string& out_;
  int indent_;
  NonFinite non_finite_;
  int level_ = 0;
};

}  // namespace

std::string to_json(const Value& value, int indent, NonFinite non_finite) {
  std::string text;
  JsonWriter(text, indent, non_finite).write(value);
  return text;
}

}  // namespace malet
