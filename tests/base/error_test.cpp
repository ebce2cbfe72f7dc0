#include "hypnos/base/error.hpp"

#include <doctest/doctest.h>

using namespace hypnos;

TEST_CASE("a message is one line, whatever the user gave") {
  using namespace std::string_literals;
  BadInput const error("x", "x = 1\n\t\x1b[31m\x7f\0, but \xc3\xa9 is a letter"s);
  CHECK(error.what() == "x = 1\\x0a\\x09\\x1b[31m\\x7f\\x00, but \xc3\xa9 is a letter"s);
  CHECK(error.key() == "x");
  CHECK(BadInput("plain").what() == "plain"s);
  CHECK(BadInput("plain").key().empty());
}
