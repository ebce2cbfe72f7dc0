#include "hypnos/physics/restricted/restricted_machine.hpp"

#include <cmath>
#include <stdexcept>
#include <string>
#include <utility>

#include "restricted/log_cosh.hpp"

namespace hypnos {

using Eigen::Index;

namespace {

double multiplications_by_patterns(double V, double H, double K) { return K * (V + H); }

void require_rows(Index found, Index units, char const* layer) {
  if (found != units)
    throw std::domain_error("states of " + std::to_string(found) + " " + layer + " units, but the machine has " +
                            std::to_string(units));
}

}  // namespace

template <class Scalar>
RestrictedMachine<Scalar>::RestrictedMachine(Matrix W, Vector a, Vector b)
    : W_(std::move(W)), a_(std::move(a)), b_(std::move(b)) {
  set_biases(W_.rows(), W_.cols());
}

template <class Scalar>
RestrictedMachine<Scalar>::RestrictedMachine(AxonPatterns<Scalar> xi, Vector a, Vector b)
    : xi_(std::move(xi)), a_(std::move(a)), b_(std::move(b)) {
  if (xi_.visible.cols() != xi_.hidden.cols() || xi_.visible.cols() < 1)
    throw std::domain_error(std::to_string(xi_.visible.cols()) + " patterns of the visible and " +
                            std::to_string(xi_.hidden.cols()) + " of the hidden layer, but each has both parts");
  set_biases(xi_.visible.rows(), xi_.hidden.rows());
  auto const V = static_cast<double>(visible_units()), H = static_cast<double>(hidden_units());
  if (V * H <= multiplications_by_patterns(V, H, static_cast<double>(xi_.visible.cols()))) W_ = weights();
}

template <class Scalar>
void RestrictedMachine<Scalar>::set_biases(Index V, Index H) {
  if (V < 1 || H < 1) throw std::domain_error("a restricted machine needs a visible and a hidden unit");
  if (a_.size() == 0) a_ = Vector::Zero(V);
  if (b_.size() == 0) b_ = Vector::Zero(H);
  if (a_.size() != V || b_.size() != H)
    throw std::domain_error("biases of " + std::to_string(a_.size()) + " visible and " + std::to_string(b_.size()) +
                            " hidden units, but the weights are those of " + std::to_string(V) + " and " +
                            std::to_string(H));
  has_biases_ = (a_.array() != 0).any() || (b_.array() != 0).any();
}

template <class Scalar>
typename RestrictedMachine<Scalar>::Matrix RestrictedMachine<Scalar>::weights() const {
  if (W_.size() > 0) return W_;
  return xi_.visible * xi_.hidden.transpose() / std::sqrt(static_cast<Scalar>(xi_.visible.cols()));
}

template <class Scalar>
double RestrictedMachine<Scalar>::multiplications() const {
  auto const V = static_cast<double>(visible_units()), H = static_cast<double>(hidden_units());
  return W_.size() > 0 ? V * H : multiplications_by_patterns(V, H, static_cast<double>(xi_.visible.cols()));
}

template <class Scalar>
typename RestrictedMachine<Scalar>::Matrix RestrictedMachine<Scalar>::hidden_fields(Batch const& v) const {
  require_rows(v.rows(), visible_units(), "visible");
  Matrix fields(hidden_units(), v.cols());
  if (W_.size() > 0) {
    fields.noalias() = W_.transpose() * v;
  } else {
    Matrix const overlaps = xi_.visible.transpose() * v / std::sqrt(static_cast<Scalar>(xi_.visible.cols()));
    fields.noalias() = xi_.hidden * overlaps;
  }
  if (has_biases_) fields.colwise() += b_;
  return fields;
}

template <class Scalar>
typename RestrictedMachine<Scalar>::Matrix RestrictedMachine<Scalar>::visible_fields(Batch const& h) const {
  require_rows(h.rows(), hidden_units(), "hidden");
  Matrix fields(visible_units(), h.cols());
  if (W_.size() > 0) {
    fields.noalias() = W_ * h;
  } else {
    Matrix const overlaps = xi_.hidden.transpose() * h / std::sqrt(static_cast<Scalar>(xi_.hidden.cols()));
    fields.noalias() = xi_.visible * overlaps;
  }
  if (has_biases_) fields.colwise() += a_;
  return fields;
}

template <class Scalar>
typename RestrictedMachine<Scalar>::Vector RestrictedMachine<Scalar>::free_energies(Batch const& v) const {
  Vector energies = -sums_of_log_2cosh(hidden_fields(v));
  if (has_biases_) energies -= v.transpose() * a_;
  return energies;
}

template <class Scalar>
typename RestrictedMachine<Scalar>::Vector RestrictedMachine<Scalar>::energies(Batch const& v, Batch const& h) const {
  require_rows(h.rows(), hidden_units(), "hidden");
  if (h.cols() != v.cols())
    throw std::domain_error(std::to_string(v.cols()) + " visible and " + std::to_string(h.cols()) +
                            " hidden states, but they are pairs");
  Vector energies = -h.cwiseProduct(hidden_fields(v)).colwise().sum().transpose();
  if (has_biases_) energies -= v.transpose() * a_;
  return energies;
}

template class RestrictedMachine<float>;
template class RestrictedMachine<double>;

}  // namespace hypnos
