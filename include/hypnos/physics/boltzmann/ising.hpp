#pragma once

#include <Eigen/Core>

namespace hypnos {

/// N binary neurons s_i = +-1 with energy E(s) = -sum_{i<j} J_ij s_i s_j - sum_i h_i s_i
/// (Ventura, Cocco, Monasson and Zamponi, Unlearning regularization for Boltzmann machines, Eq. 2).
/// J (N x N) is symmetric with zero diagonal, each pair counts once; h (N).
struct Ising {
  Eigen::MatrixXd J;
  Eigen::VectorXd h;

  int size() const { return static_cast<int>(h.size()); }
  bool has_field() const { return (h.array() != 0).any(); }
  template <class Archive>
  void archive(Archive& members) {
    members(J, h);
  }
};

}  // namespace hypnos
