#include <string>
#include <utility>
#include <vector>

#include "base/text/shell_words.hpp"
#include "catch.hpp"
#include "malet/error.hpp"

using malet::base::shell_line;
using malet::base::shell_word;
using malet::base::split_words;
using Words = std::vector<std::string>;

TEST_CASE("a command is split at blanks and line breaks") {
  CHECK(split_words("a b") == Words{"a", "b"});
  CHECK(split_words("  a \t b\nc\r\n") == Words{"a", "b", "c"});
  CHECK(split_words("").empty());
  CHECK(split_words(" \n").empty());
}

TEST_CASE("single quotes keep everything") {
  CHECK(split_words(R"('a  b' '\$"')") == Words{"a  b", R"(\$")"});
  CHECK(split_words("'two\nlines'") == Words{"two\nlines"});
}

TEST_CASE("double quotes keep all but a backslash before $ ` \" \\ and line break") {
  CHECK(split_words(R"("a 'b'")") == Words{"a 'b'"});
  CHECK(split_words(R"("\$ \` \" \\")") == Words{R"($ ` " \)"});
  CHECK(split_words(R"("\n \a \'")") == Words{R"(\n \a \')"});
  CHECK(split_words("\"one\\\nline\"") == Words{"oneline"});
}

TEST_CASE("a backslash outside of quotes keeps the next character") {
  CHECK(split_words(R"(a\ b \' \\ \n)") == Words{"a b", "'", "\\", "n"});
  CHECK(split_words("a \\\n  b\\\nc") == Words{"a", "bc"});
}

TEST_CASE("quoted and unquoted parts are one argument") {
  CHECK(split_words(R"(--name='a b'"c d"\ e)") == Words{"--name=a bc d e"});
}

TEST_CASE("empty arguments are kept") {
  CHECK(split_words(R"(a '' "" b)") == Words{"a", "", "", "b"});
}

TEST_CASE("what a shell would expand stays as it is") {
  const Words words = {"$HOME", "*.py",   "~",      "#no", "`date`", "$(date)",    "a|b",
                       "a;",    "x>file", "(a&&b)", "!",   ">out",   "2>/dev/null"};
  std::string command;
  for (const std::string& word : words) command += word + " ";
  CHECK(split_words(command) == words);
}

TEST_CASE("an operator of the shell is refused, and told how to get one") {
  for (const std::string word : {"|", "||", "&", "&&", ";", ">", ">>", "<", "2>", "2>&1", "&>"}) {
    CHECK_THROWS_WITH(split_words("a " + word + " b"),
                      "the command has the argument " + word +
                          ", but no shell runs: write sh -c '...' for pipes and redirections, or "
                          "quote it");
    CHECK(split_words("a '" + word + "' \"" + word + "\"") == Words{"a", word, word});
  }
  CHECK_THROWS_AS(split_words("a &"), malet::Error);
  CHECK(split_words(R"(a \| \&\&)") == Words{"a", "|", "&&"});
  CHECK(split_words("sh -c 'a | b > c'") == Words{"sh", "-c", "a | b > c"});
}

TEST_CASE("what is not closed is an error that says where it began") {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"a 'b c", "the command has an unclosed ' at byte 3"},
      {"a \"b 'c'", "the command has an unclosed \" at byte 3"},
      {"\"\\\"", "the command has an unclosed \" at byte 1"},
      {"\"a\\", "the command has an unclosed \" at byte 1"},
      {"a\\", "the command has a backslash with nothing behind it at byte 2"},
      {std::string("a\0b", 3), "the command has a NUL byte at byte 2"},
  };
  for (const auto& [command, message] : cases) CHECK_THROWS_WITH(split_words(command), message);
}

TEST_CASE("a shell's word is split into itself") {
  for (const char* text : {"", "plain", "a b", "it's", "\"", "$HOME", "a\nb", "\\", "*", "-x=1",
                           "{lr}", "a;b", "#", "~", "é", "%j", "'", "''"}) {
    CHECK(split_words(shell_word(text)) == std::vector<std::string>{text});
  }
  CHECK(shell_word("train.py:train") == "train.py:train");
  CHECK(shell_word("it's") == "'it'\\''s'");
  CHECK(shell_line({"srun", "a b", "c"}) == "srun 'a b' c");
}
