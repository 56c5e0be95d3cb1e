#include <fmt/format.h>

#include <cmath>
#include <iterator>

#include "base/text/number_text.hpp"
#include "base/text/python_text.hpp"
#include "base/text/value_visit.hpp"
#include "malet/value.hpp"

// Written by hand because JSON libraries write null for infinities and NaN, which are results of
// trainings and must stay different.
namespace malet {

namespace {

class JsonWriter {
 public:
  JsonWriter(std::string& out, int indent, NonFinite non_finite)
      : out_(out), indent_(indent), non_finite_(non_finite) {}

  void write(const Value& value) {
    base::visit_value(value, [this](const auto& content) { put(content); });
  }

 private:
  void put(std::nullptr_t) { out_ += "null"; }
  void put(bool value) { out_ += value ? "true" : "false"; }
  void put(std::int64_t value) { out_ += std::to_string(value); }

  void put(double value) {
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

  void put(const std::string& text) {
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
        out_.append(text, i, length);
      }
      i += length;
    }
    out_ += '"';
  }

  void write_ascii(char c) {
    constexpr std::string_view special = "\"\\\n\t";
    if (const auto at = special.find(c); at != std::string_view::npos) {
      out_.append("\\").append(1, "\"\\nt"[at]);
    } else if (static_cast<unsigned char>(c) < 0x20) {
      fmt::format_to(std::back_inserter(out_), "\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out_ += c;
    }
  }

  void put(const Value::List& items) {
    open('[');
    for (std::size_t i = 0; i < items.size(); ++i) {
      next(i == 0, false);
      write(items[i]);
    }
    close(']', items.empty(), false);
  }

  void put(const Value::Map& fields) {
    open('{');
    for (std::size_t i = 0; i < fields.size(); ++i) {
      next(i == 0, true);
      put(fields[i].first);
      out_ += ": ";
      write(fields[i].second);
    }
    close('}', fields.empty(), true);
  }

  void open(char bracket) {
    out_ += bracket;
    ++level_;
  }

  // In an indented document deeper lists stay on one line: each row gets a line, a series does not
  // break.
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
