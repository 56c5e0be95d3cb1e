#include "catch.hpp"
#include "malet/error.hpp"
#include "record/table/header.hpp"

using namespace malet::record;

namespace {

using Fields = std::vector<std::string>;

}  // namespace

TEST_CASE("names are padded with blanks by code points where the other line has them") {
  CHECK(name_lines({"lr", "größe"}, {"status", "日本"}) ==
        "  \t  \t     \tstatus\t日本\nid\tlr\tgröße\t      \t  \n");
  CHECK(name_lines({}, {}) == "  \nid\n");
}

TEST_CASE("lines of names are read back") {
  const Names names = parse_name_lines("  \t  \t    \tloss", "id\tlr\tseed\t    ", "log.tsv", 3);
  CHECK(names.grid_fields == Fields{"lr", "seed"});
  CHECK(names.metric_fields == Fields{"loss"});
  CHECK(parse_name_lines("  ", "id", "log.tsv", 3).grid_fields.empty());
  // Any number of blanks will do: editors trim them.
  CHECK(parse_name_lines("\t\tloss", "id\tlr\t", "log.tsv", 3).metric_fields == Fields{"loss"});
}

TEST_CASE("lines of names that are wrong are errors with their line") {
  const auto parse = [](std::string_view metrics, std::string_view grid) {
    return parse_name_lines(metrics, grid, "log.tsv", 3);
  };
  CHECK_THROWS_WITH(parse("x\t  \tloss", "id\tlr\t    "), ContainsSubstring("log.tsv:3: the line"));
  CHECK_THROWS_WITH(parse("  \t  \tloss", "no\tlr\t    "),
                    ContainsSubstring("log.tsv:4: the line"));
  CHECK_THROWS_WITH(parse("  \t  \tloss", "id\tlr"), ContainsSubstring("log.tsv:4: there are 2"));
  CHECK_THROWS_WITH(parse("  \t  \tloss", "id\t  \t    "), ContainsSubstring("column 1 needs"));
  CHECK_THROWS_WITH(parse("  \tlr\tloss", "id\tlr\t    "), ContainsSubstring("column 1 needs"));
  CHECK_THROWS_WITH(parse("  \tloss\t  ", "id\t    \tlr"), ContainsSubstring("'lr' stands behind"));
  CHECK_THROWS_WITH(parse("  \t  \tlr", "id\tlr\t  "), ContainsSubstring("'lr' stands twice"));
  CHECK_THROWS_WITH(parse("  \t \t \t", "id\ta\ta\t"), ContainsSubstring("needs a name"));
  CHECK_THROWS_WITH(parse("  \t   ", "id\t\"a\""), ContainsSubstring("holds a quote"));
  CHECK_THROWS_WITH(parse("  \tid", "id\t  "),
                    ContainsSubstring("log.tsv:4: the column name 'id' is that of the column"));
}
