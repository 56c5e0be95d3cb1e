#include "base/yaml/yaml.hpp"
#include "catch.hpp"

// The wanted texts are what PyYAML 6.0 writes: yaml.dump(map, default_flow_style=False). The script
// tests/e2e/pyyaml_dump.py compares any number of random maps.
using malet::base::yaml::dump;

namespace {

/// The dump of a map given as a Python literal.
std::string dumped(std::string_view literal) {
  return dump(malet::from_cell(literal).map());
}

}  // namespace

TEST_CASE("an empty map is written in flow style") {
  CHECK(dump({}) == "{}\n");
}

TEST_CASE("words: as PyYAML writes it") {
  CHECK(dumped(
            "{'k00': 'yes', 'k01': 'No', 'k02': 'on', 'k03': 'OFF', 'k04': 'y', 'k05': 'true', 'k"
            "06': 'Null', 'k07': '~', 'k08': '.nan', 'k09': '.inf', 'k10': '1', 'k11': '-1', 'k12"
            "': '+1', 'k13': '010', 'k14': '0x1F', 'k15': '0o7', 'k16': '0b101', 'k17': '0x_', 'k"
            "18': '1_000', 'k19': '1:30', 'k20': '1:60', 'k21': '1e5', 'k22': '1.0e+5', 'k23': '."
            "5', 'k24': '-.5', 'k25': '5.', 'k26': '08', 'k27': '...', 'k28': '---', 'k29': '-', "
            "'k30': '-x', 'k31': '?', 'k32': '?x', 'k33': ':', 'k34': ':x', 'k35': 'x:', 'k36': '"
            "x:y', 'k37': '#x', 'k38': 'x#y', 'k39': ',', 'k40': '[a', 'k41': '{a', 'k42': '&', '"
            "k43': '*', 'k44': '!', 'k45': '|', 'k46': '>', 'k47': '%', 'k48': '@', 'k49': '`', '"
            "k50': '=', 'k51': '<<', 'k52': '<', 'k53': '2020-01-01', 'k54': '2020-1-1', 'k55': '"
            "2020-01-01T00:00:00Z', 'k56': '99999999999999999999', 'k57': \"it's\", 'k58': '/data/x"
            "', 'k59': 'http://x:80/y', 'k60': 'v1.0'}") ==
        "k00: 'yes'\n"
        "k01: 'No'\n"
        "k02: 'on'\n"
        "k03: 'OFF'\n"
        "k04: y\n"
        "k05: 'true'\n"
        "k06: 'Null'\n"
        "k07: '~'\n"
        "k08: '.nan'\n"
        "k09: '.inf'\n"
        "k10: '1'\n"
        "k11: '-1'\n"
        "k12: '+1'\n"
        "k13: '010'\n"
        "k14: '0x1F'\n"
        "k15: 0o7\n"
        "k16: '0b101'\n"
        "k17: '0x_'\n"
        "k18: '1_000'\n"
        "k19: '1:30'\n"
        "k20: 1:60\n"
        "k21: 1e5\n"
        "k22: '1.0e+5'\n"
        "k23: '.5'\n"
        "k24: -.5\n"
        "k25: '5.'\n"
        "k26: 08\n"
        "k27: '...'\n"
        "k28: '---'\n"
        "k29: '-'\n"
        "k30: -x\n"
        "k31: '?'\n"
        "k32: ?x\n"
        "k33: ':'\n"
        "k34: :x\n"
        "k35: 'x:'\n"
        "k36: x:y\n"
        "k37: '#x'\n"
        "k38: x#y\n"
        "k39: ','\n"
        "k40: '[a'\n"
        "k41: '{a'\n"
        "k42: '&'\n"
        "k43: '*'\n"
        "k44: '!'\n"
        "k45: '|'\n"
        "k46: '>'\n"
        "k47: '%'\n"
        "k48: '@'\n"
        "k49: '`'\n"
        "k50: '='\n"
        "k51: '<<'\n"
        "k52: <\n"
        "k53: '2020-01-01'\n"
        "k54: 2020-1-1\n"
        "k55: '2020-01-01T00:00:00Z'\n"
        "k56: '99999999999999999999'\n"
        "k57: it's\n"
        "k58: /data/x\n"
        "k59: http://x:80/y\n"
        "k60: v1.0\n");
}

TEST_CASE("words as keys: as PyYAML writes it") {
  CHECK(dumped(
            "{'yes': 0, 'No': 1, 'on': 2, 'OFF': 3, 'y': 4, 'true': 5, 'Null': 6, '~': 7, '.nan':"
            " 8, '.inf': 9, '1': 10, '-1': 11, '+1': 12, '010': 13, '0x1F': 14, '0o7': 15, '0b101"
            "': 16, '0x_': 17, '1_000': 18, '1:30': 19, '1:60': 20, '1e5': 21, '1.0e+5': 22, '.5'"
            ": 23, '-.5': 24, '5.': 25, '08': 26, '...': 27, '---': 28, '-': 29, '-x': 30, '?': 3"
            "1, '?x': 32, ':': 33, ':x': 34, 'x:': 35, 'x:y': 36, '#x': 37, 'x#y': 38, ',': 39, '"
            "[a': 40, '{a': 41, '&': 42, '*': 43, '!': 44, '|': 45, '>': 46, '%': 47, '@': 48, '`"
            "': 49, '=': 50, '<<': 51, '<': 52, '2020-01-01': 53, '2020-1-1': 54, '2020-01-01T00:"
            "00:00Z': 55, '99999999999999999999': 56, \"it's\": 57, '/data/x': 58, 'http://x:80/y':"
            " 59, 'v1.0': 60}") ==
        "'!': 44\n"
        "'#x': 37\n"
        "'%': 47\n"
        "'&': 42\n"
        "'*': 43\n"
        "'+1': 12\n"
        "',': 39\n"
        "'-': 29\n"
        "'---': 28\n"
        "-.5: 24\n"
        "'-1': 11\n"
        "-x: 30\n"
        "'...': 27\n"
        "'.5': 23\n"
        "'.inf': 9\n"
        "'.nan': 8\n"
        "/data/x: 58\n"
        "'010': 13\n"
        "08: 26\n"
        "'0b101': 16\n"
        "0o7: 15\n"
        "'0x1F': 14\n"
        "'0x_': 17\n"
        "'1': 10\n"
        "'1.0e+5': 22\n"
        "'1:30': 19\n"
        "1:60: 20\n"
        "'1_000': 18\n"
        "1e5: 21\n"
        "'2020-01-01': 53\n"
        "'2020-01-01T00:00:00Z': 55\n"
        "2020-1-1: 54\n"
        "'5.': 25\n"
        "'99999999999999999999': 56\n"
        "':': 33\n"
        ":x: 34\n"
        "<: 52\n"
        "'<<': 51\n"
        "'=': 50\n"
        "'>': 46\n"
        "'?': 31\n"
        "?x: 32\n"
        "'@': 48\n"
        "'No': 1\n"
        "'Null': 6\n"
        "'OFF': 3\n"
        "'[a': 40\n"
        "'`': 49\n"
        "http://x:80/y: 59\n"
        "it's: 57\n"
        "'on': 2\n"
        "'true': 5\n"
        "v1.0: 60\n"
        "x#y: 38\n"
        "'x:': 35\n"
        "x:y: 36\n"
        "y: 4\n"
        "'yes': 0\n"
        "'{a': 41\n"
        "'|': 45\n"
        "'~': 7\n");
}

TEST_CASE("nothing inside: as PyYAML writes it") {
  CHECK(dumped("{'list': [], 'map': {}, 'text': '', 'null': None}") ==
        "list: []\n"
        "map: {}\n"
        "'null': null\n"
        "text: ''\n");
}

TEST_CASE("numbers: as PyYAML writes it") {
  CHECK(
      dumped("{'a': 1.0, 'b': 1e-05, 'c': 1e+20, 'd': 1.5e-07, 'e': inf, 'f': -inf, 'g': nan, 'h':"
             " -0.0, 'i': 0.1, 'j': 1e+16, 'k': 123456789012345.6, 'l': -9223372036854775808, 'm':"
             " True}") ==
      "a: 1.0\n"
      "b: 1.0e-05\n"
      "c: 1.0e+20\n"
      "d: 1.5e-07\n"
      "e: .inf\n"
      "f: -.inf\n"
      "g: .nan\n"
      "h: -0.0\n"
      "i: 0.1\n"
      "j: 1.0e+16\n"
      "k: 123456789012345.6\n"
      "l: -9223372036854775808\n"
      "m: true\n");
}

TEST_CASE("keys are sorted by code point: as PyYAML writes it") {
  CHECK(dumped("{'b': 1, 'B': 2, 'a': 3, '\\xe9': 4, 'a b': 5, '_': 6}") ==
        "B: 2\n"
        "_: 6\n"
        "a: 3\n"
        "a b: 5\n"
        "b: 1\n"
        "\"\\xE9\": 4\n");
}

TEST_CASE("blanks and breaks: as PyYAML writes it") {
  CHECK(dumped("{'a': ' x', 'b': 'x ', 'c': 'a\\nb', 'd': 'a\\n\\nb\\n', 'e': 'a \\nb', 'f': 'a\\n "
               "b', 'g'"
               ": '\\n', 'h': 'a\\tb', 'i': '\\n\\nx', 'j': 'a: b', 'k': 'a #b', 'l': \"'\", 'm': "
               "'\"', 'n'"
               ": 'a\\\\b', 'o': 'a\\\\b\\n'}") ==
        "a: ' x'\n"
        "b: 'x '\n"
        "c: 'a\n"
        "\n"
        "  b'\n"
        "d: 'a\n"
        "\n"
        "\n"
        "  b\n"
        "\n"
        "  '\n"
        "e: \"a \\nb\"\n"
        "f: \"a\\n b\"\n"
        "g: '\n"
        "\n"
        "  '\n"
        "h: \"a\\tb\"\n"
        "i: '\n"
        "\n"
        "\n"
        "  x'\n"
        "j: 'a: b'\n"
        "k: 'a #b'\n"
        "l: ''''\n"
        "m: '\"'\n"
        "n: a\\b\n"
        "o: 'a\\b\n"
        "\n"
        "  '\n");
}

TEST_CASE("what is not ASCII is escaped: as PyYAML writes it") {
  CHECK(dumped("{'a': 'gr\\xf6\\xdfe', 'b': '\\u65e5\\u672c', 'c': '\\U0001f600', 'd': "
               "'\\xa0\\u2028\\x85\\uf"
               "eff', 'e': '\\x00\\x07\\x1b\\x7f', 'gr\\xf6\\xdfe': 1}") ==
        "a: \"gr\\xF6\\xDFe\"\n"
        "b: \"\\u65E5\\u672C\"\n"
        "c: \"\\U0001F600\"\n"
        "d: \"\\_\\L\\N\\uFEFF\"\n"
        "e: \"\\0\\a\\e\\x7F\"\n"
        "\"gr\\xF6\\xDFe\": 1\n");
}

TEST_CASE("bytes that are no UTF-8 are escaped one by one") {
  CHECK(dump({{"a", malet::Value("x\xFFy")}}) == "a: \"x\\xFFy\"\n");
}
