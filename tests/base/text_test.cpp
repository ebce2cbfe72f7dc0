#include "hypnos/base/text.hpp"

#include <doctest/doctest.h>

#include <limits>

namespace hypnos::text_test {

TEST_CASE("a number written and read back is the same number") {
  for (double const value : {0.1, 1.0 / 3, -1e-300, 5e-324, 1.7976931348623157e308, 0.0, 123456789.0})
    CHECK(parse_number(format_number(value)) == value);
  CHECK(format_number(0.1) == "0.1");
  CHECK(format_number(1e-4) == "0.0001");
  CHECK(format_number(2147483648) == "2147483648");
  CHECK(format_number(0x1p53) == "9007199254740992");
  CHECK(format_number(-3) == "-3");
  CHECK(format_number(std::numeric_limits<double>::quiet_NaN()) == "nan");
}

TEST_CASE("only a finite number that fills the whole text is a number") {
  CHECK(parse_number("+0.5") == 0.5);
  CHECK(parse_number("1e-3") == 1e-3);
  for (auto const* text : {"", "0.1x", "x", "nan", "inf", "0.1 ", "1e999", "--1", "+-1", "++1", "0x10", "1,5"})
    CHECK_FALSE(parse_number(text).has_value());
}

TEST_CASE("separators inside parentheses do not split") {
  CHECK(split("1, log(1:2:3) ,x", ',') == std::vector<std::string>{"1", "log(1:2:3)", "x"});
  CHECK(split("f(a,b),c", ',') == std::vector<std::string>{"f(a,b)", "c"});
  CHECK(split("", ',') == std::vector<std::string>{""});
  CHECK(split("1,,2", ',') == std::vector<std::string>{"1", "", "2"});
}

TEST_CASE("joined pieces split into the same pieces, empty ones too") {
  for (auto const& pieces : {std::vector<std::string>{"a", "b"}, {"", "a"}, {"a", ""}, {"", ""}, {"a", "", "b"}})
    CHECK(split(joined(pieces, ", "), ',') == pieces);
}

TEST_CASE("a typing mistake is answered with the word that was meant") {
  std::vector<std::string> const names{"alpha", "beta_d", "lambda", "a"};
  CHECK(suggestion("alhpa", names) == " (did you mean 'alpha'?)");
  CHECK(suggestion("lamda", names) == " (did you mean 'lambda'?)");
  CHECK(suggestion("temperature", names).empty());
  // a single letter is within one edit of every other letter, which is no help
  CHECK(suggestion("x", names).empty());
}

TEST_CASE("a shortened text is no longer than was asked, and no character of it is cut") {
  CHECK(shortened("abc", 3) == "abc");
  CHECK(shortened("0123456789abcdefghijklmnopqrstuvwxyz", 19) == "01234567 [...] wxyz");
  std::string two_bytes;
  for (int k = 0; k < 100; ++k) two_bytes += "\xc3\xa9";
  for (std::size_t most = 20; most < 40; ++most) {
    auto const text = shortened(two_bytes, most);
    CHECK(text.size() <= most);
    auto const gap = text.find(" [...] ");
    REQUIRE(gap != text.npos);
    CHECK(gap % 2 == 0);
    CHECK((text.size() - gap - 7) % 2 == 0);
  }
}

TEST_CASE("a printable text has no control characters") {
  CHECK(printable("a\x1b[2J\n\xc3\xa9") == "a\\x1b[2J\\x0a\xc3\xa9");
  CHECK(printable("\xc2\x9b"
                  "1m\xc2\xa0") ==
        "\\xc2\\x9b"
        "1m\xc2\xa0");  // CSI as one character
  CHECK(printable("\xb9 \xe2\x82 \xf0\x9f\x98\x80\xc3") == "\\xb9 \\xe2\\x82 \xf0\x9f\x98\x80\\xc3");
}

TEST_CASE("upper and lower case count as nearly the same") {
  CHECK(suggestion("sdkl", {"omega", "sDKL"}) == " (did you mean 'sDKL'?)");
  CHECK(suggestion("n", {"N", "k"}) == " (did you mean 'N'?)");
  CHECK(suggestion("CV_CURVE", {"Cv", "Cv_curve", "J"}) == " (did you mean 'Cv_curve'?)");
  CHECK(suggestion("T", {"t", "T_2"}) == " (did you mean 't'?)");
  CHECK(suggestion("x", {"y"}).empty());
}

}  // namespace hypnos::text_test
