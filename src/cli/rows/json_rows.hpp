#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "malet/value.hpp"

namespace malet::cli {

/// Takes text piece by piece; tells whether more is wanted, so that writers end early once nobody
/// reads any more.
using Sink = std::function<bool(std::string_view)>;

/// Writes a JSON object whose last field is a long list, one item per line, without ever holding
/// all of it.
class JsonRows {
 public:
  /// \param head the fields before the list.
  JsonRows(const Value::Map& head, std::string_view list_name, Sink sink);
  /// Tells whether more is wanted.
  bool add(const Value& item);
  void finish();

 private:
  Sink sink_;
  bool empty_ = true;
};

}  // namespace malet::cli
