#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <variant>
#include <vector>

#include "hypnos/physics/memories/stabilities.hpp"

namespace hypnos {

/// The perceptron with symmetric couplings (Benedetti et al., J. Chem. Phys. 156, 104107 (2022), Eqs. 4 and 5):
///   J_ij -> J_ij + lambda sum_mu (eps_i^mu + eps_j^mu) xi_i^mu xi_j^mu,  J_ii = 0,
///   eps_i^mu = 1 where Delta_i^mu < k, else 0,
/// until no stability Delta_i^mu is below k. A row of zeros has the stability 0.
///
/// Couplings are kept as J = J_0 + lambda C with C of whole numbers. Products of C with the patterns are exact whatever
/// the order of their sums, in single precision while every row of |C| sums up to less than 2^24, and in double
/// precision from then on; so fields carry the roundings of xi J_0, lambda and one sum, in double precision, however
/// many steps were done. J_0 and lambda may be multiplied by a common factor, which only scales J: with whole numbers
/// for both (hebbian_sums and N lambda in the place of Hebb's couplings and lambda) all fields are exact, and at k = 0
/// those that vanish count as satisfied.
class SymmetricPerceptron {
 public:
  /// xi (P x N), entries +-1; J_0 (N x N) symmetric with zero diagonal; lambda > 0. Anything else, or a number that is
  /// not finite, is a std::domain_error.
  SymmetricPerceptron(Eigen::MatrixXd const& xi, Eigen::MatrixXd const& J_0, double k, double lambda);

  /// How many of the P N constraints Delta >= k the couplings violate.
  std::int64_t unsatisfied() const { return unsatisfied_; }
  bool converged() const { return unsatisfied_ == 0; }
  /// Of the couplings as they are.
  StabilityRange const& range() const { return range_; }

  /// One update, and the stabilities after it: one product (P x N)(N x N) in single precision and a pass over the
  /// couplings. Changes nothing if converged.
  void step();

  /// The couplings, (N x N), symmetric with zero diagonal.
  Eigen::MatrixXd J() const;

  /// The state of learning, of a perceptron made with the same arguments.
  template <class Archive>
  void archive(Archive& members) {
    bool single = std::holds_alternative<Sums<float>>(sums_);
    members(single);
    if (single && !std::holds_alternative<Sums<float>>(sums_)) sums_.emplace<Sums<float>>();
    if (!single && !std::holds_alternative<Sums<double>>(sums_)) sums_.emplace<Sums<double>>();
    std::visit([&](auto& sums) { members(sums.C); }, sums_);
    members(norms_, violated_, unsatisfied_, range_.min, range_.av, range_.max);
  }

 private:
  template <class Real>
  struct Sums {
    Eigen::MatrixX<Real> C, fields;  // (N x N), and xi C (P x N)
  };
  /// Where bits of neuron i stand.
  std::size_t place(Eigen::Index i, Eigen::Index w) const;
  template <class Real>
  double update(Eigen::MatrixX<Real>& C);
  template <class Real>
  double norm(Eigen::Index i, Real const* c) const;
  template <class Real>
  void measure(Sums<Real>& sums);

  double k_, lambda_;
  Eigen::MatrixXd J_0_;
  Eigen::MatrixXf xi_;
  Eigen::MatrixXd fields_0_;  // xi_i^mu (xi J_0)_i^mu
  std::variant<Sums<float>, Sums<double>> sums_;
  Eigen::Index words_;
  Eigen::VectorXd norms_;  // of the rows of J
  // Bit b of word w is pattern 32 w + b: whether xi = +1 on neuron i, and whether the constraint is violated.
  std::vector<std::uint32_t> up_, violated_;
  std::int64_t unsatisfied_ = 0;
  StabilityRange range_{};
};

}  // namespace hypnos
