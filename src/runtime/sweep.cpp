#include "hypnos/runtime/sweep.hpp"

#include <cmath>
#include <cstdio>

#include "hypnos/base/error.hpp"
#include "hypnos/base/text.hpp"

namespace hypnos {

namespace {

constexpr int most_values = 1'000'000;

std::string rounded(double value) {
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%.12g", value);
  return format_number(*parse_number(buffer));
}

[[noreturn]] void refuse(std::string const& key, std::string const& piece, std::string const& expected) {
  throw BadInput(key, key + " = " + piece + ", but " + expected);
}

struct Triple {
  double start, stop, third;
};

Triple three_numbers(std::string const& key, std::string const& piece, std::string const& inner,
                     std::string const& form) {
  auto const parts = split(inner, ':');
  auto const start = parse_number(parts.at(0));
  auto const stop = parts.size() == 3 ? parse_number(parts[1]) : std::nullopt;
  auto const third = parts.size() == 3 ? parse_number(parts[2]) : std::nullopt;
  if (!start || !stop || !third) refuse(key, piece, "a range is written " + form);
  return {*start, *stop, *third};
}

std::vector<std::string> linear(std::string const& key, std::string const& piece) {
  auto const [start, stop, step] = three_numbers(key, piece, piece, "start:stop:step, as in 0.1:0.9:0.1");
  if (step == 0 || (stop - start) / step < 0) refuse(key, piece, "the step must lead from start to stop");
  double const steps = (stop - start) / step;
  if (steps >= most_values) refuse(key, piece, "a range may have at most 1000000 values");
  double const whole = std::round(steps);
  // 1e-6 of a step: far above the rounding of typed decimals, far below any intended offset
  if (std::abs(steps - whole) > 1e-6)
    refuse(key, piece,
           "steps of " + format_number(step) + " do not reach the end; it would be " +
               rounded(start + std::floor(steps) * step) + " or " + rounded(start + std::ceil(steps) * step));
  std::vector<std::string> values;
  for (int k = 0; k <= static_cast<int>(whole); ++k) {
    double const value = start + k * step;
    // 0.4 - 20 x 0.02 is not 0 but 1e-17
    values.push_back(rounded(std::abs(value) < 1e-9 * std::abs(step) ? 0 : value));
  }
  return values;
}

std::vector<std::string> logarithmic(std::string const& key, std::string const& piece) {
  std::string const form = "log(start:stop:count), as in log(1e-4:1e-1:4)";
  if (piece.back() != ')') refuse(key, piece, "a range is written " + form);
  auto const [start, stop, count] = three_numbers(key, piece, piece.substr(4, piece.size() - 5), form);
  if (start <= 0 || stop <= 0) refuse(key, piece, "both ends of a logarithmic range must be positive");
  if (count != std::trunc(count) || count < 2 || count > most_values)
    refuse(key, piece, "the count of a logarithmic range must be a whole number from 2 to 1000000");
  std::vector<std::string> values;
  for (int k = 0; k < static_cast<int>(count); ++k)  // by logarithms, because stop / start may overflow
    values.push_back(rounded(std::exp(std::lerp(std::log(start), std::log(stop), k / (count - 1)))));
  return values;
}

}  // namespace

std::vector<std::string> expand_values(std::string const& key, std::string const& text) {
  std::vector<std::string> values;
  for (auto const& piece : split(text, ',')) {
    std::vector<std::string> more{piece};
    if (piece.empty() && text.find(',') != text.npos) refuse(key, text, "a piece between commas is empty");
    if (piece.starts_with("log(")) more = logarithmic(key, piece);
    else if (piece.find(':') != piece.npos) more = linear(key, piece);
    values.insert(values.end(), more.begin(), more.end());
  }
  return values;
}

}  // namespace hypnos
