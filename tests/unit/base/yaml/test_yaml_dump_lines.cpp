#include "base/yaml/yaml.hpp"
#include "catch.hpp"

// How texts are cut into lines. The wanted texts are from PyYAML 6.0, as in test_yaml_dump.cpp.
using malet::base::yaml::dump;

namespace {

/// The dump of a map given as a Python literal.
std::string dumped_lines(std::string_view literal) {
  return dump(malet::from_cell(literal).map());
}

}  // namespace

TEST_CASE("lists in maps are not indented: as PyYAML writes it") {
  CHECK(dumped_lines(
            "{'a': [1, [2, [3, {'x': 1, 'y': [4]}]], {'b': [5]}, []], 'c': {'d': {'e': [6]}, 'f':"
            " 1}}") ==
        "a:\n"
        "- 1\n"
        "- - 2\n"
        "  - - 3\n"
        "    - x: 1\n"
        "      y:\n"
        "      - 4\n"
        "- b:\n"
        "  - 5\n"
        "- []\n"
        "c:\n"
        "  d:\n"
        "    e:\n"
        "    - 6\n"
        "  f: 1\n");
}

TEST_CASE("plain text is folded at 80: as PyYAML writes it") {
  CHECK(dumped_lines(
            "{'a': 'word word word word word word word word word word word word word word word wo"
            "rd word word word word word word word word word word word word word word end', 'nest"
            "ed': {'deep': ['word word word word word word word word word word word word word wor"
            "d word word word word word word word word word word word word word word word word en"
            "d']}, 'b': 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
            "xxxxxxxxxxxxxxxxxxxxxxxxxxxx y z', 'c': 'two  blanks two  blanks two  blanks two  bl"
            "anks two  blanks two  blanks two  blanks two  blanks two  blanks two  blanks two  bl"
            "anks two  blanks end'}") ==
        "a: word word word word word word word word word word word word word word word wo"
        "rd\n"
        "  word word word word word word word word word word word word word word end\n"
        "b: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
        "xxxxxxxxxxxxxxxxxxxxxxx\n"
        "  y z\n"
        "c: two  blanks two  blanks two  blanks two  blanks two  blanks two  blanks two  "
        "blanks\n"
        "  two  blanks two  blanks two  blanks two  blanks two  blanks end\n"
        "nested:\n"
        "  deep:\n"
        "  - word word word word word word word word word word word word word word word w"
        "ord\n"
        "    word word word word word word word word word word word word word word end\n");
}

TEST_CASE("quoted text is folded at 80: as PyYAML writes it") {
  CHECK(dumped_lines(
            "{'a': 'it: is it: is it: is it: is it: is it: is it: is it: is it: is it: is it: is "
            "it: is it: is it: is it: is it: is it: is it: is it: is it: is end', 'b': \"it's it's"
            " it's it's it's it's it's it's it's it's it's it's it's it's it's it's it's it's it'"
            "s it's it's it's it's it's it's it's it's it's it's it's end\", 'c': ' x x x x x x x "
            "x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x "
            "x x x x x x x x x x x x x x x x x x x x x ', 'd': 'line\\nword word word word word wo"
            "rd word word word word word word word word word word word word word word word word w"
            "ord word word word word word word word \\nend'}") ==
        "a: 'it: is it: is it: is it: is it: is it: is it: is it: is it: is it: is it: is"
        " it:\n"
        "  is it: is it: is it: is it: is it: is it: is it: is it: is end'\n"
        "b: it's it's it's it's it's it's it's it's it's it's it's it's it's it's it's it"
        "'s\n"
        "  it's it's it's it's it's it's it's it's it's it's it's it's it's it's end\n"
        "c: ' x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x"
        " x\n"
        "  x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x '\n"
        "d: \"line\\nword word word word word word word word word word word word word word "
        "word\\\n"
        "  \\ word word word word word word word word word word word word word word word \\"
        "n\\\n"
        "  end\"\n");
}

TEST_CASE("escaped text is folded at 80: as PyYAML writes it") {
  CHECK(
      dumped_lines(
          "{'a': '\\xe9 word \\xe9 word \\xe9 word \\xe9 word \\xe9 word \\xe9 word \\xe9 word "
          "\\xe9 wo"
          "rd \\xe9 word \\xe9 word \\xe9 word \\xe9 word \\xe9 word \\xe9 word \\xe9 word "
          "\\xe9 word \\"
          "xe9 word \\xe9 word \\xe9 word \\xe9 word end', 'b': "
          "'\\xe9\\xe9\\xe9\\xe9\\xe9\\xe9\\xe9\\xe9\\"
          "xe9\\xe9\\xe9\\xe9\\xe9\\xe9\\xe9\\xe9\\xe9\\xe9\\xe9\\xe9\\xe9\\xe9\\xe9\\xe9\\xe9\\"
          "xe9\\xe9\\xe9\\xe9\\"
          "xe9\\xe9\\xe9\\xe9\\xe9\\xe9\\xe9\\xe9\\xe9\\xe9\\xe9\\xe9\\xe9\\xe9\\xe9\\xe9\\xe9\\"
          "xe9\\xe9\\xe9\\xe9\\"
          "xe9\\xe9\\xe9\\xe9\\xe9\\xe9\\xe9\\xe9\\xe9\\xe9', 'c': "
          "'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
          "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\\tyyyyyyyyyyyyyyyyyy"
          "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy',"
          " 'd': '\\t                                                                           "
          "                         x'}") ==
      "a: \"\\xE9 word \\xE9 word \\xE9 word \\xE9 word \\xE9 word \\xE9 word \\xE9 word \\xE9 w"
      "ord\\\n"
      "  \\ \\xE9 word \\xE9 word \\xE9 word \\xE9 word \\xE9 word \\xE9 word \\xE9 word \\xE9 w"
      "ord\\\n"
      "  \\ \\xE9 word \\xE9 word \\xE9 word \\xE9 word end\"\n"
      "b: "
      "\"\\xE9\\xE9\\xE9\\xE9\\xE9\\xE9\\xE9\\xE9\\xE9\\xE9\\xE9\\xE9\\xE9\\xE9\\xE9\\xE9\\xE9\\xE9"
      "\\xE9"
      "\\xE9\\\n"
      "  "
      "\\xE9\\xE9\\xE9\\xE9\\xE9\\xE9\\xE9\\xE9\\xE9\\xE9\\xE9\\xE9\\xE9\\xE9\\xE9\\xE9\\xE9\\xE9\\"
      "xE9\\x"
      "E9\\\n"
      "  "
      "\\xE9\\xE9\\xE9\\xE9\\xE9\\xE9\\xE9\\xE9\\xE9\\xE9\\xE9\\xE9\\xE9\\xE9\\xE9\\xE9\\xE9\\xE9\\"
      "xE9\\x"
      "E9\"\n"
      "c: \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
      "xxxxxxxxxxxxxxxxxxxxxxxx\\t\\\n"
      "  yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy"
      "yyyyyyyyyyyyyyyyyyyyyy\"\n"
      "d: \"\\t                                                                          "
      " \\\n"
      "  \\                         x\"\n");
}

TEST_CASE("lines of exactly 80 are not folded: as PyYAML writes it") {
  CHECK(dumped_lines(
            "{'a': 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx "
            "y z', 'b': 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
            "xxxxx y z', 'c': 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
            "xxxxxxxxxxxx y z', 'd': \"'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
            "xxxxxxxxxxxxxxxxx y z\", 'e': \"'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
            "xxxxxxxxxxxxxxxxxxxxxxx y z\", 'f': '\\txxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
            "xxxxxxxxxxxxxxxxxxxxxxxxxxx y z', 'g': '\\txxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
            "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx y z', 'h': '\\txxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
            "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx y z'}") ==
        "a: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx "
        "y\n"
        "  z\n"
        "b: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
        " y\n"
        "  z\n"
        "c: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
        "x\n"
        "  y z\n"
        "d: '''xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
        "x\n"
        "  y z'\n"
        "e: '''xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
        "xx\n"
        "  y z'\n"
        "f: \"\\txxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx "
        "y\\\n"
        "  \\ z\"\n"
        "g: \"\\txxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
        " y\\\n"
        "  \\ z\"\n"
        "h: \"\\txxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
        "x\\\n"
        "  \\ y z\"\n");
}

TEST_CASE("long keys stand behind a question mark: as PyYAML writes it") {
  CHECK(dumped_lines(
            "{'kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk"
            "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk': 1, 'lllllllllllllllllllllllllllllllllllll"
            "llllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllll"
            "ll': [1, 2], 'mmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmm"
            "mmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmm': {'a': [1]}, 'line\\nbr"
            "eak': 'x', '': 'empty', 'nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn"
            "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn word word': [[1],"
            " {}]}") ==
        "? ''\n"
        ": empty\n"
        "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk"
        "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk: 1\n"
        "? 'line\n"
        "\n"
        "  break'\n"
        ": x\n"
        "? llllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllll"
        "lllllllllllllllllllllllllllllllllllllllllllll\n"
        ": - 1\n"
        "  - 2\n"
        "? mmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmm"
        "mmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmm\n"
        ": a:\n"
        "  - 1\n"
        "? nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn"
        "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn\n"
        "  word word\n"
        ": - - 1\n"
        "  - {}\n");
}
