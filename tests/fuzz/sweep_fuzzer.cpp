#include <algorithm>
#include <cmath>
#include <cstdint>

#include "finding.hpp"
#include "hypnos/base/text.hpp"
#include "hypnos/runtime/sweep.hpp"

using namespace hypnos;

namespace {

// The numbers of a single range are ordered, lie between its ends, and reach them.
void check_range(std::string const& piece, std::vector<std::string> const& texts) {
  bool const logarithmic = piece.starts_with("log(");
  auto const parts = split(logarithmic ? piece.substr(4, piece.size() - 5) : piece, ':');
  std::vector<double> values;
  for (auto const& text : texts) {
    auto const value = parse_number(text);
    fuzz::require(value.has_value(), "a range has numbers: " + text);
    fuzz::require(format_number(*value) == text, "a number of a range is written as numbers are: " + text);
    values.push_back(*value);
  }
  double const start = *parse_number(parts.at(0)), stop = *parse_number(parts.at(1)),
               third = *parse_number(parts.at(2));
  fuzz::require(start <= stop ? std::ranges::is_sorted(values) : std::ranges::is_sorted(values, std::greater<>{}),
                "a range goes one way");
  // 12 digits are kept, an end may be missed by 1e-6 of a step, and the smallest numbers have few digits
  double const slack = logarithmic ? 0 : 1e-6 * std::abs(third);
  double const largest = logarithmic ? 0 : std::max(std::abs(start), std::abs(stop));
  auto const near = [&](double a, double b) {
    return std::abs(a - b) <= slack + 1e-11 * std::max(largest, std::abs(b)) + 5e-324;
  };
  fuzz::require(near(values.front(), start) && near(values.back(), stop), "a range reaches its ends");
}

}  // namespace

// Input: the text of a value.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size) {
  std::string const text(bytes, bytes + size);
  std::vector<std::string> values;
  if (!fuzz::accepted([&] { values = expand_values("a", text); })) return 0;
  fuzz::require(!values.empty(), "a text has a value");
  fuzz::require(expand_values("a", joined(values, ", ")) == values, "what is expanded expands to itself");
  if (auto const pieces = split(text, ','); pieces.size() == 1 && pieces[0].find(':') != pieces[0].npos)
    check_range(pieces[0], values);
  return 0;
}
