#pragma once

#include <doctest/doctest.h>

#include <Eigen/Core>
#include <cmath>
#include <source_location>
#include <string>
#include <vector>

#include "hypnos/base/error.hpp"
#include "settings.hpp"

namespace hypnos {

/// An observable of two dimensions, (rows x columns).
inline Eigen::MatrixXd matrix(Measured const& found, std::string const& name, int rows, int columns) {
  REQUIRE(found.at(name).size() == static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns));
  return Eigen::MatrixXd::Map(found.at(name).data(), columns, rows).transpose();
}

inline double number(Measured const& found, std::string const& name) {
  REQUIRE(found.at(name).size() == 1);
  return found.at(name)[0];
}

/// Not measured, or NaN throughout.
inline bool unknown(Measured const& found, std::string const& name) {
  return std::ranges::all_of(found.at(name), [](double value) { return std::isnan(value); });
}

/// Equal numbers, or both NaN; `tolerance` relative to the larger of 1 and the expected one.
inline void check_close(double value, double expected, double tolerance,
                        std::source_location from = std::source_location::current()) {
  auto const line = from.line();
  CAPTURE(line);
  if (std::isnan(expected)) CHECK(std::isnan(value));
  else CHECK(std::abs(value - expected) <= tolerance * std::fmax(1, std::abs(expected)));
}

/// The settings are refused with a message on `key` that has all the words.
inline void check_refused(std::string const& name, std::string const& settings, std::string const& key,
                          std::vector<std::string> const& words) {
  CAPTURE(settings);
  auto const& subject = experiment(name);
  std::string message, of;
  try {
    subject.check(point(subject, settings));
  } catch (BadInput const& error) {
    message = error.what();
    of = error.key();
  }
  CAPTURE(message);
  CHECK(of == key);
  for (auto const& word : words) {
    CAPTURE(word);
    CHECK(message.find(word) != std::string::npos);
  }
}

/// The names of parameters without effect, in the order of the alphabet.
inline std::vector<std::string> unused(std::string const& name, std::string const& settings) {
  auto const& subject = experiment(name);
  auto names = subject.unused(point(subject, settings));
  std::ranges::sort(names);
  return names;
}

}  // namespace hypnos
