#include <cmath>
#include <limits>

#include "catch.hpp"
#include "malet/error.hpp"
#include "record/table/number_series.hpp"

using namespace malet;
using namespace malet::record;

namespace {

NumberSeries series_of(const Value::List& list) {
  NumberSeries series;
  series.append(Value(list));
  return series;
}

}  // namespace

TEST_CASE("numbers come back with their kinds and bits") {
  const Value::List list = {1,
                            2,
                            0.5,
                            -0.0,
                            std::numeric_limits<std::int64_t>::min(),
                            std::numeric_limits<double>::infinity(),
                            5e-324};
  const NumberSeries series = series_of(list);
  CHECK(Value(series.list()) == Value(list));
  CHECK(std::signbit(series.list()[3].real()));
  CHECK(series.back() == Value(5e-324));
  CHECK(series.stretches().size() == 4);
}

TEST_CASE("only lists of numbers are series") {
  CHECK(NumberSeries::from_value(Value(Value::List{1, 2.5, std::nan("")})).has_value());
  for (const Value& value :
       {Value(1), Value(Value::List{}), Value(Value::List{1, Value()}), Value(Value::List{true}),
        Value(Value::List{"a"}), Value(Value::List{Value(Value::List{1})})}) {
    CHECK_FALSE(NumberSeries::from_value(value).has_value());
  }
}

TEST_CASE("a series whose beginning is elsewhere knows its length and last element") {
  NumberSeries series(7, Value(3));
  CHECK(series.size() == 7);
  CHECK(series.back() == Value(3));
  series.append(Value(0.25));
  CHECK(series.size() == 8);
  const NumberSeries taken = series.take();
  CHECK(taken.begin() == 7);
  CHECK(Value(taken.list()) == Value(Value::List{0.25}));
  CHECK(series.size() == 8);
  CHECK(series.begin() == 8);
  CHECK(series.back() == Value(0.25));
}

TEST_CASE("putting a piece drops what was behind its beginning") {
  NumberSeries series = series_of({1, 2, 3, 4.5});
  NumberSeries piece(2);
  piece.append(Value(Value::List{9, 8.5}));
  series.put(piece);
  CHECK(Value(series.list()) == Value(Value::List{1, 2, 9, 8.5}));
  series.put(piece);
  CHECK(Value(series.list()) == Value(Value::List{1, 2, 9, 8.5}));
  series.put(NumberSeries());
  CHECK(series.size() == 0);
  CHECK_THROWS_AS(series.put(piece), Error);
}

TEST_CASE("cutting below what is here forgets the last element") {
  NumberSeries series(5, Value(1));
  series.append(Value(2));
  series.cut(5);
  CHECK(series.back() == Value(1));
  series.cut(3);
  CHECK(series.size() == 3);
  CHECK(series.begin() == 3);
  CHECK(series.back().is_null());
}

TEST_CASE("stretches can be had from a position on") {
  NumberSeries series(10);
  series.append(Value(Value::List{1, 2, 0.5, 0.25}));
  const auto all = series.stretches(11);
  REQUIRE(all.size() == 2);
  CHECK(all[0].position == 11);
  CHECK(all[0].words.size() == 1);
  CHECK(all[1].position == 12);
  CHECK(all[1].kind == NumberKind::real);
  CHECK(series.stretches(14).empty());
}
