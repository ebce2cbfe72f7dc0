#include "hypnos/base/error.hpp"

#include <doctest/doctest.h>

namespace hypnos::error_test {

TEST_CASE("a message is one line, whatever the user gave") {
  using namespace std::string_literals;
  BadInput const error("x", "x = 1\n\t\x1b[31m\x7f\0, but \xc3\xa9 is a letter"s);
  CHECK(error.what() == "x = 1\\x0a\\x09\\x1b[31m\\x7f\\x00, but \xc3\xa9 is a letter"s);
  CHECK(error.key() == "x");
  CHECK(BadInput("plain").what() == "plain"s);
  CHECK(BadInput("plain").key().empty());
}

TEST_CASE("a message that quotes a long value keeps its beginning and its end") {
  std::string const value(1'000'000, '7');
  std::string const message = BadInput("x", "job.ini:3: x = " + value + ", but must lie in [0, 1]").what();
  CHECK(message.size() <= 1000);
  CHECK(message.starts_with("job.ini:3: x = 777"));
  CHECK(message.ends_with("777, but must lie in [0, 1]"));
  CHECK(message.find(" [...] ") != message.npos);
}

}  // namespace hypnos::error_test
