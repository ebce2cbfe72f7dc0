#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <variant>
#include <vector>

namespace hypnos {

/// What a user may give for a parameter.
enum class Kind { integer, real, choice, text, integers, reals, flag };

/// One value of a parameter: of kind integer | real | choice, text | integers, reals | flag.
using Value = std::variant<std::int64_t, double, std::string, std::vector<double>, bool>;

/// The closed interval of admissible numbers.
struct Range {
  double lowest = -std::numeric_limits<double>::infinity();
  double highest = std::numeric_limits<double>::infinity();
};

struct Choice {
  std::string name, description;
};

/// The declaration of a parameter, without the types of the experiment.
struct ParameterInfo {
  std::string name;
  Kind kind = Kind::real;
  std::string unit;  ///< "" for counts, texts and choices, "1" for other numbers without a unit
  Range range;
  std::vector<Choice> choices;
  std::string description;
  Value preset = {};        ///< the default
  std::string symbol = {};  ///< in LaTeX, without dollar signs; empty: the name

  /// A list is one value of this parameter, not a sweep over it.
  bool takes_list() const { return kind == Kind::integers || kind == Kind::reals; }
  bool is_text() const { return kind == Kind::choice || kind == Kind::text; }
};

/// One value from its text, checked against kind, range and choices. A real number may be a fraction, 1/3. Grids of
/// `integers` and `reals` are read by the sweep grammar and come here number by number. Throws BadInput(name, …).
Value parse_value(ParameterInfo const& parameter, std::string const& text);

/// The text that parse_value reads back as the same value (lists: joined by ", ").
std::string format_value(Value const& value);

/// "[0, 2]", ">= 0", "any": the range in words.
std::string describe_range(ParameterInfo const& parameter);

}  // namespace hypnos
