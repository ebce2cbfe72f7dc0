#pragma once

#include <cmath>
#include <vector>

namespace hypnos {

/// The numbers of steps after which records are taken: 0 and `records` more up to `last` at equal distances, rounded to
/// whole numbers.
inline std::vector<double> recorded_steps(double last, int records) {
  std::vector<double> steps;
  for (int record = 0; record <= records; ++record) steps.push_back(std::round(record * last / records));
  return steps;
}

}  // namespace hypnos
