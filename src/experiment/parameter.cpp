#include "hypnos/experiment/parameter.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <optional>

#include "hypnos/base/error.hpp"
#include "hypnos/base/text.hpp"

namespace hypnos {

namespace {

// A decimal, or a fraction of two: 1/3.
std::optional<double> parse_real(std::string const& text) {
  auto const slash = text.find('/');
  if (slash == text.npos) return parse_number(text);
  auto const above = parse_number(trimmed(text.substr(0, slash))),
             below = parse_number(trimmed(text.substr(slash + 1)));
  if (!above || !below || *below == 0 || !std::isfinite(*above / *below)) return std::nullopt;
  return *above / *below;
}

// Digits are read as they are, since a double rounds numbers beyond 2^53.
std::optional<std::int64_t> parse_digits(std::string const& text) {
  std::int64_t number = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

BadInput not_a(char const* expected, ParameterInfo const& parameter, std::string const& text) {
  if (text.empty()) return {parameter.name, parameter.name + " is empty, but must be " + expected};
  return {parameter.name, parameter.name + " = " + text + ", but " + parameter.name + " must be " + expected};
}

BadInput out_of_range(ParameterInfo const& parameter, std::string const& text) {
  return {parameter.name, parameter.name + " = " + text + ", but must lie in " + describe_range(parameter) + " (" +
                              parameter.description + ")"};
}

double real_in_range(ParameterInfo const& parameter, std::string const& text) {
  auto const number = parse_real(text);
  if (!number) throw not_a("a number", parameter, text);
  if (*number < parameter.range.lowest || *number > parameter.range.highest) throw out_of_range(parameter, text);
  return *number;
}

std::int64_t integer_in_range(ParameterInfo const& parameter, std::string const& text) {
  auto const number = parse_number(text);
  if (!number || std::trunc(*number) != *number) throw not_a("a whole number", parameter, text);
  auto const [lowest, highest] = parameter.range;
  if (*number < lowest || *number > highest || std::abs(*number) > 0x1p53) throw out_of_range(parameter, text);
  auto const digits = parse_digits(text).value_or(static_cast<std::int64_t>(*number));
  // the double may have been rounded into the range
  if (constexpr auto most = std::int64_t{1} << 53; digits < -most || digits > most) throw out_of_range(parameter, text);
  return digits;
}

}  // namespace

Value parse_value(ParameterInfo const& parameter, std::string const& text) {
  switch (parameter.kind) {
    case Kind::integer: return integer_in_range(parameter, text);
    case Kind::real: return real_in_range(parameter, text);
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
    case Kind::integers: return std::vector<double>{static_cast<double>(integer_in_range(parameter, text))};
    case Kind::reals: return std::vector<double>{real_in_range(parameter, text)};
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
