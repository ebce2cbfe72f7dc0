#include "hypnos/experiment/parameter.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>

#include "hypnos/base/error.hpp"
#include "hypnos/base/text.hpp"

namespace hypnos {

namespace {

double number_in_range(ParameterInfo const& parameter, std::string const& text) {
  bool const whole = parameter.kind == Kind::integer || parameter.kind == Kind::integers;
  auto const expected = whole ? " must be a whole number" : " must be a number";
  auto const number = parse_number(text);
  if (text.empty()) throw BadInput(parameter.name, parameter.name + " is empty, but" + expected);
  if (!number) throw BadInput(parameter.name, parameter.name + " = " + text + ", but " + parameter.name + expected);
  if (whole && (std::trunc(*number) != *number || std::abs(*number) > 0x1p53))
    throw BadInput(parameter.name, parameter.name + " = " + text + ", but " + parameter.name + expected);
  if (*number < parameter.range.lowest || *number > parameter.range.highest)
    throw BadInput(parameter.name, parameter.name + " = " + text + ", but must lie in " + describe_range(parameter) +
                                       " (" + parameter.description + ")");
  return *number;
}

}  // namespace

Value parse_value(ParameterInfo const& parameter, std::string const& text) {
  switch (parameter.kind) {
    case Kind::integer: return static_cast<std::int64_t>(number_in_range(parameter, text));
    case Kind::real: return number_in_range(parameter, text);
    case Kind::text:
      // a job's text has a line a key and is stored as a text of C
      if (std::ranges::any_of(text, [](unsigned char c) { return c < ' ' || c == 0x7f; }))
        throw BadInput(parameter.name, parameter.name + " = " + text + ", but a text has no control characters");
      return text;
    case Kind::choice: {
      std::vector<std::string> names;
      for (auto const& choice : parameter.choices) {
        if (choice.name == text) return text;
        names.push_back(choice.name);
      }
      throw BadInput(parameter.name,
                     parameter.name + " = " + text + ", but must be " + joined(names, " | ") + suggestion(text, names));
    }
    case Kind::flag: {
      std::string word = text;
      std::ranges::transform(word, word.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
      for (auto const* const yes : {"true", "yes", "on", "1"})
        if (word == yes) return true;
      for (auto const* const no : {"false", "no", "off", "0"})
        if (word == no) return false;
      throw BadInput(parameter.name,
                     parameter.name + " = " + text + ", but must be true or false (" + parameter.description + ")");
    }
    case Kind::integers:
    case Kind::reals: return std::vector<double>{number_in_range(parameter, text)};
  }
  return {};
}

std::string format_value(Value const& value) {
  struct {
    std::string operator()(bool flag) const { return flag ? "true" : "false"; }
    std::string operator()(std::int64_t number) const { return std::to_string(number); }
    std::string operator()(double number) const { return format_number(number); }
    std::string operator()(std::string const& text) const { return text; }
    std::string operator()(std::vector<double> const& numbers) const {
      std::vector<std::string> pieces;
      for (double const number : numbers) pieces.push_back(format_number(number));
      return joined(pieces, ", ");
    }
  } const format;
  return std::visit(format, value);
}

std::string describe_range(ParameterInfo const& parameter) {
  auto const [lowest, highest] = parameter.range;
  bool const below = std::isfinite(lowest), above = std::isfinite(highest);
  if (below && above) return "[" + format_number(lowest) + ", " + format_number(highest) + "]";
  if (below) return "[" + format_number(lowest) + ", inf)";
  if (above) return "(-inf, " + format_number(highest) + "]";
  return "(-inf, inf)";
}

}  // namespace hypnos
