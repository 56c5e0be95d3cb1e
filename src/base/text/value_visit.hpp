#pragma once

#include "malet/value.hpp"

namespace malet::base {

/// Calls `visit` with the content of a value: nullptr, bool, std::int64_t, double, std::string,
/// Value::List or Value::Map.
template <typename Visit>
void visit_value(const Value& value, Visit&& visit) {
  switch (value.type()) {
    case Value::Type::null:
      return visit(nullptr);
    case Value::Type::boolean:
      return visit(value.boolean());
    case Value::Type::integer:
      return visit(value.integer());
    case Value::Type::real:
      return visit(value.real());
    case Value::Type::text:
      return visit(value.text());
    case Value::Type::list:
      return visit(value.list());
    case Value::Type::map:
      return visit(value.map());
  }
}

}  // namespace malet::base
