#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "hypnos/base/expected_fraction.hpp"
#include "hypnos/base/stage.hpp"
#include "hypnos/physics/memories/stabilities.hpp"

namespace hypnos {

/// The rate lambda = r / (q N) as integers, so that q N J stays an integer where learning starts at Hebb's couplings:
/// SymmetricPerceptron(xi, q hebbian_sums(xi), k, r). Of all such pairs the smallest, where lambda is a fraction
/// (fraction.hpp); r = N lambda, q = 1 where it is not.
struct IntegerRate {
  double r, q;

  IntegerRate(int N, double lambda);
};

/// The perceptron with symmetric couplings (Benedetti et al., J. Chem. Phys. 156, 104107 (2022), Eqs. 4 and 5):
///   J_ij -> J_ij + lambda sum_mu (eps_i^mu + eps_j^mu) xi_i^mu xi_j^mu,  J_ii = 0,
///   eps_i^mu = 1 where Delta_i^mu < k, else 0,
/// until no stability Delta_i^mu is below k. A row of zeros has the stability 0.
///
/// Couplings are kept as J = J_0 + lambda C with C of integers. Products of C with the patterns are exact whatever
/// the order of their sums, in single precision while every row of |C| sums up to less than 2^24, and in double
/// precision from then on; so fields carry the roundings of xi J_0, lambda and one sum, in double precision, however
/// many steps were done. J_0 and lambda may be multiplied by a common factor, which only scales J: with integers
/// for both (IntegerRate) all fields are exact, and at k = 0 those that vanish count as satisfied.
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
  /// The same in pieces (stage.hpp): the step is complete when `step_complete()`. In between, all other
  /// functions are of no meaning.
  void advance(double operations = operations_of_a_piece);
  bool step_complete() const { return phase_ == Phase::complete; }
  int steps() const { return steps_; }  ///< complete ones

  /// The couplings, (N x N), symmetric with zero diagonal.
  Eigen::MatrixXd J() const;

  /// Everything that steps change, for an object made of the same arguments.
  template <class Archive>
  void archive(Archive& members) {
    bool in_double = C_.index() == 1;
    members(in_double);
    if (in_double && C_.index() == 0) C_ = Eigen::MatrixXd();
    if (!in_double && C_.index() == 1) C_ = Eigen::MatrixXf();
    std::visit([&](auto& C) { members(C); }, C_);
    members(norms_, violated_, unsatisfied_, range_.min, range_.av, range_.max, steps_, phase_, neuron_, largest_,
            measured_unsatisfied_, measured_.min, measured_.av, measured_.max);
  }

 private:
  enum class Phase { complete, update, measurement };

  /// Where bits of neuron i stand.
  std::size_t place(Eigen::Index i, Eigen::Index w) const;
  void begin_measurement();
  // Of neurons neuron_, ..., end - 1.
  template <class Real>
  void update(Eigen::MatrixX<Real>& C, Eigen::Index end);
  template <class Real>
  void measure(Eigen::MatrixX<Real> const& C, Eigen::Index end);
  template <class Real>
  double norm(Eigen::Index i, Real const* c) const;

  double k_, lambda_;
  Eigen::MatrixXd J_0_;
  Eigen::MatrixXf xi_;
  Eigen::MatrixXd fields_0_;  // xi_i^mu (xi J_0)_i^mu
  std::variant<Eigen::MatrixXf, Eigen::MatrixXd> C_;
  Eigen::Index words_;
  Eigen::VectorXd norms_;  // of the rows of J
  // Bit b of word w is pattern 32 w + b: whether xi = +1 on neuron i, and whether the constraint is violated. Bits of
  // one neuron are patterns here, other than in SpinStates, since sums run over patterns.
  std::vector<std::uint32_t> up_, violated_;
  std::int64_t unsatisfied_ = 0;
  StabilityRange range_{};
  int steps_ = 0;

  // The step under way.
  Phase phase_ = Phase::complete;
  Eigen::Index neuron_ = 0;  // that comes next
  double largest_ = 0;       // of |C| so far
  std::int64_t measured_unsatisfied_ = 0;
  StabilityRange measured_{};
};

/// Perceptron learning until no constraint is violated, at most max_steps steps. A stage (stage.hpp).
class PerceptronLearning {
 public:
  /// Stabilities are recorded after the given numbers of steps, increasing. `expected_steps`: for fraction(); without
  /// it max_steps.
  PerceptronLearning(SymmetricPerceptron perceptron, int max_steps, std::vector<int> records = {},
                     std::optional<double> expected_steps = {});

  bool done() const;
  void advance(double operations = operations_of_a_piece);
  double fraction() const { return done() ? 1 : expected_fraction(perceptron_.steps(), expected_steps_, max_steps_); }

  template <class Archive>
  void archive(Archive& members) {
    members(perceptron_, record_, delta_min_, delta_av_, delta_max_);
  }

  SymmetricPerceptron const& perceptron() const { return perceptron_; }
  // Smallest, mean and largest stability by record. Once converged, nothing changes any more.
  Eigen::ArrayXd const& delta_min() const { return delta_min_; }
  Eigen::ArrayXd const& delta_av() const { return delta_av_; }
  Eigen::ArrayXd const& delta_max() const { return delta_max_; }

 private:
  void record();

  SymmetricPerceptron perceptron_;
  int max_steps_;
  std::vector<int> records_;
  double expected_steps_;
  Eigen::Index record_ = 0;
  Eigen::ArrayXd delta_min_, delta_av_, delta_max_;
};

}  // namespace hypnos
