#include "hypnos/physics/memories/centred_unlearning.hpp"

#include <stdexcept>
#include <utility>

#include "hypnos/physics/dynamics/plain_relaxation.hpp"
#include "hypnos/physics/memories/hebb.hpp"
#include "hypnos/physics/memories/plain_unlearning.hpp"

namespace hypnos {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

// A state with the fields on its neurons, which the loops of plain_relaxation.hpp update as they assign spins. The
// couplings change with every dream, so Relaxation would make its integers anew each time, which takes longer than the
// dream.
class StateInFields {
 public:
  StateInFields(MatrixXd const& C, VectorXd s, double b) : C_(C), s_(std::move(s)), h_(C * (s_.array() - b).matrix()) {}

  struct Spin {
    StateInFields& of;
    Index i;
    operator double() const { return of.s_(i); }
    Spin& operator=(double s) {
      of.h_ += (s - of.s_(i)) * of.C_.col(i);
      of.s_(i) = s;
      return *this;
    }
  };
  Spin operator()(Index i) { return {*this, i}; }
  Index size() const { return s_.size(); }
  double field(Index i) const { return h_(i); }
  VectorXd const& spins() const { return s_; }

 private:
  MatrixXd const& C_;
  VectorXd s_, h_;
};

}  // namespace

CentredUnlearning::CentredUnlearning(MatrixXd const& xi, double b, Fraction lambda, Order order, UnlearningEnd end,
                                     Rng const& stream)
    : xi_(xi.transpose()), b_(b), lambda_(lambda), order_(order), end_(end), stream_(stream) {
  if (xi.rows() < 1 || !(xi.array().abs() == 1).all())
    throw std::domain_error("unlearning needs patterns of +1 and -1");
  if (!(b > -1 && b < 1)) throw std::domain_error("the mean of a pattern of +1 and -1 lies between them");
  MatrixXd const centred = xi.array() - b;
  MatrixXd const sums = hebbian_sums(centred);
  C_ = lambda.q / 2. * (sums + sums.transpose());  // symmetric, with its rounding
  fields_ = C_ * centred.transpose();
  look_for_stability();
}

void CentredUnlearning::advance(double operations) {
  double const N = static_cast<double>(C_.cols()), of_a_dream = 5 * N * N + 4 * static_cast<double>(fields_.size());
  double left = operations;
  do {
    dream();
    left -= of_a_dream;
  } while (left >= of_a_dream && !done());
}

VectorXd CentredUnlearning::dreamt_state() const {
  Rng numbers = numbers_of_dream(stream_, dreams_);
  VectorXd start(C_.cols());
  for (double& s : start) s = numbers.uniform() < (1 + b_) / 2 ? 1 : -1;
  StateInFields state(C_, start, b_);
  auto const field = [&](Index i) { return state.field(i); };
  plain_relaxation(state, field, order_, numbers, Relaxation::no_limit);
  return state.spins();
}

void CentredUnlearning::dream() {
  VectorXd const S = dreamt_state().array() - b_;
  MatrixXd const centred = xi_.array() - b_;
  for (Index j = 0; j < S.size(); ++j) C_.col(j) -= lambda_.r * (S(j) * S);  // symmetric, too
  C_.diagonal().setZero();
  Eigen::RowVectorXd const overlaps = S.transpose() * centred;
  fields_ -= lambda_.r * (S * overlaps - S.cwiseAbs2().asDiagonal() * centred);
  ++dreams_;
  look_for_stability();
}

void CentredUnlearning::look_for_stability() {
  if (!dreams_in_ && (xi_.array() * fields_.array() > 0).all()) dreams_in_ = dreams_;
}

}  // namespace hypnos
