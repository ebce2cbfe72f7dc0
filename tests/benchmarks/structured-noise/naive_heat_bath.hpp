#pragma once

#include <random>
#include <vector>

/// The obvious heat bath of one network: for every update a scalar product in double precision, an exponential, and
/// numbers of the standard library.
class NaiveHeatBath {
 public:
  /// J (N x N) by rows.
  NaiveHeatBath(int N, double T, std::vector<double> J);
  /// Updates neurons chosen at random.
  void update(int count);

 private:
  int N_;
  double T_;
  std::vector<double> J_, s_;
  std::mt19937 random_{1};
};
