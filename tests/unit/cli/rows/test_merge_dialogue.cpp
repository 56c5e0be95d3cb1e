#include <unistd.h>

#include <array>

#include "catch.hpp"
#include "cli/rows/merge_dialogue.hpp"
#include "malet/error.hpp"
#include "unit/cli/screen/captured_output.hpp"

using malet::FieldConflicts;
using malet::FieldFix;
using malet::MergeSide;
using malet::Prefer;
using malet::RowConflict;
using malet::Value;
using malet::cli::LineInput;
using malet::cli::MergeDialogue;

namespace {

/// A descriptor that gives a text and then its end.
class Typed {
 public:
  explicit Typed(const std::string& text) {
    if (::pipe(ends_.data()) != 0) std::abort();
    const auto written = ::write(ends_[1], text.data(), text.size());
    if (written != static_cast<ssize_t>(text.size())) std::abort();
    ::close(ends_[1]);
  }
  Typed(const Typed&) = delete;
  Typed& operator=(const Typed&) = delete;
  ~Typed() { ::close(ends_[0]); }

  [[nodiscard]] LineInput input() const { return LineInput(ends_[0]); }

 private:
  std::array<int, 2> ends_{};
};

/// self lacks `lr` and has `rate`, other lacks `rate`.
const FieldConflicts fields{"a.tsv",
                            "b.tsv",
                            {{"lr", std::nullopt, Value::List{0.1, 0.2}},
                             {"model", Value::List{"cnn"}, Value::List{"cnn"}},
                             {"rate", Value::List{0.5}, std::nullopt}}};
const RowConflict rows{{{"lr", 0.1}}, {{"loss", 1}}, {{"loss", 2}}};

struct Fixed {
  std::optional<FieldFix> fix;
  std::string shown;
};

Fixed answered(const std::string& text) {
  const Typed typed(text);
  Captured out;
  MergeDialogue dialogue(out.output(), typed.input());
  auto fix = dialogue.ask_field(fields);
  return {std::move(fix), out.text()};
}

}  // namespace

TEST_CASE("lines are read whole, also the last one without an end") {
  const Typed typed("one\r\n\ntwo");
  LineInput input = typed.input();
  CHECK(input.read_line() == "one");
  CHECK(input.read_line() == "");
  CHECK(input.read_line() == "two");
  CHECK_FALSE(input.read_line());
}

TEST_CASE("an answer sets a field where it is missing") {
  const auto [fix, shown] = answered("  set   [64, 32] \n");
  REQUIRE(fix);
  CHECK(fix->kind == FieldFix::Kind::set);
  CHECK(fix->side == MergeSide::self);
  CHECK(fix->field == "lr");
  CHECK(fix->value == Value(Value::List{64, 32}));
  CHECK_THAT(shown, ContainsSubstring("self: a.tsv") && ContainsSubstring("0.1, 0.2") &&
                        ContainsSubstring("(missing)"));
}

TEST_CASE("a field that is merged with another has self's name") {
  const auto fix = answered("m rate\n").fix;
  REQUIRE(fix);
  CHECK(fix->kind == FieldFix::Kind::rename);
  CHECK(fix->side == MergeSide::other);
  CHECK(fix->field == "lr");
  CHECK(fix->new_name == "rate");
}

TEST_CASE("a field is removed, or everything given up") {
  CHECK(answered("remove\n").fix.value().kind == FieldFix::Kind::drop);
  CHECK_FALSE(answered("quit\n").fix);
  CHECK_FALSE(answered("").fix);
}

TEST_CASE("what is no answer is asked again") {
  const auto [fix, shown] = answered("\nyes\nmerge model\nset [1\nr\n");
  CHECK(fix.value().kind == FieldFix::Kind::drop);
  CHECK_THAT(shown, ContainsSubstring("that is none of the answers") &&
                        ContainsSubstring("'[1' is no value"));
}

TEST_CASE("one of two rows is kept, for once or for all to come") {
  const Typed typed("x\nn\no all\n");
  Captured out;
  MergeDialogue dialogue(out.output(), typed.input());
  CHECK(dialogue.ask_row(rows) == Prefer::newest);
  CHECK(dialogue.ask_row(rows) == Prefer::other);
  CHECK(dialogue.ask_row(rows) == Prefer::other);
  const Typed nothing("");
  MergeDialogue silent(out.output(), nothing.input());
  CHECK_FALSE(silent.ask_row(rows));
}

TEST_CASE("flags that fix fields are read") {
  using malet::cli::parse_rename;
  using malet::cli::parse_set;
  const FieldFix set = parse_set("other:a:b=c=d");
  CHECK(set.side == MergeSide::other);
  CHECK(set.field == "a:b");
  CHECK(set.value == Value("c=d"));
  CHECK(parse_set("self:wd=1e-4").value == Value(1e-4));
  CHECK(parse_set("self:wd=").value == Value());
  CHECK(parse_set("self:flag=true").value == Value(true));
  const FieldFix rename = parse_rename("self:rate=lr");
  CHECK(rename.field == "rate");
  CHECK(rename.new_name == "lr");
  for (const char* text : {"", "self", "self:a", "a=b", "me:a=b", "self:=1", "self=a:b"}) {
    CHECK_THROWS_WITH(parse_set(text), ContainsSubstring("self:FIELD=VALUE"));
  }
}
