#include "hypnos/physics/memories/support_vector_machine.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include "memories/aligned_fields.hpp"

namespace hypnos {

using Eigen::ArrayXd;
using Eigen::Index;
using Eigen::MatrixXd;

namespace {

// The test of what is ready costs as much as an iteration.
constexpr int iterations_between_tests = 10;

}  // namespace

SupportVectorMachineLearning::SupportVectorMachineLearning(MatrixXd const& xi, MatrixXd const& x, double tolerance,
                                                           int most_iterations)
    : x_(x), tolerance_(tolerance), most_iterations_(most_iterations) {
  auto const P = xi.rows(), N = xi.cols();
  if (P < 1 || N < 2 || !(xi.array().abs() == 1).all())
    throw std::domain_error("a support vector machine needs patterns of +1 and -1 on two or more neurons");
  if (x.rows() != P || x.cols() != N || !x.allFinite())
    throw std::domain_error("a support vector machine needs a finite input for every pattern and neuron");
  if (!(tolerance > 0)) throw std::domain_error("a support vector machine needs a tolerance above 0");

  gram_ = x * x.transpose();
  // The largest curvature; the term j = i, which is subtracted, only lowers it.
  step_ = 1 / Eigen::SelfAdjointEigenSolver<MatrixXd>(gram_, Eigen::EigenvaluesOnly).eigenvalues()(P - 1);

  machine_ = {MatrixXd::Zero(N, N), ArrayXd::Zero(N), ArrayXd::Constant(N, std::numeric_limits<double>::infinity()), 0};
  for (Index i = 0; i < N; ++i) neurons_.push_back(i);
  signs_ = xi;
  own_ = x;
  b_ = y_ = MatrixXd::Zero(P, N);
  t_ = ArrayXd::Ones(N);
}

double SupportVectorMachineLearning::fraction() const {
  return done() ? 1 : static_cast<double>(machine_.iterations) / most_iterations_;
}

void SupportVectorMachineLearning::advance(double operations) {
  auto const P = static_cast<double>(x_.rows());
  // Products of whole groups of columns: their bits do not depend on how columns are grouped.
  constexpr Index group = 64;
  auto const at_once = group * std::max<Index>(1, static_cast<Index>(operations / (P * P * group)));
  auto const count = std::min(at_once, rows() - row_);
  if (phase_ == Phase::iteration) {
    iterate(count);
    row_ += count;
    if (row_ < rows()) return;
    ++machine_.iterations;
    if (machine_.iterations % iterations_between_tests == 0 || machine_.iterations == most_iterations_)
      phase_ = Phase::test;
  } else {
    test(count);
    row_ += count;
    if (row_ < rows()) return;
    if (std::ssize(open_) < rows()) {
      std::vector<Index> neurons;
      for (auto const row : open_) neurons.push_back(neurons_[static_cast<std::size_t>(row)]);
      neurons_ = neurons;
      signs_ = MatrixXd(signs_(Eigen::all, open_));
      own_ = MatrixXd(own_(Eigen::all, open_));
      b_ = MatrixXd(b_(Eigen::all, open_));
      y_ = MatrixXd(y_(Eigen::all, open_));
      t_ = ArrayXd(t_(open_));
    }
    open_.clear();
    phase_ = Phase::iteration;
  }
  row_ = 0;
}

// Of `count` rows from row_ on.
MatrixXd SupportVectorMachineLearning::fields(MatrixXd const& weights, Index count) const {
  return aligned_fields(gram_, weights.middleCols(row_, count), signs_.middleCols(row_, count),
                        own_.middleCols(row_, count));
}

void SupportVectorMachineLearning::iterate(Index count) {
  MatrixXd const gradient = 1 - fields(y_, count).array();
  for (Index k = row_; k < row_ + count; ++k) {
    auto const signs = signs_.col(k).array();
    ArrayXd const a = (y_.col(k).array() * signs + step_ * gradient.col(k - row_).array()).max(0);
    ArrayXd const change = a * signs - b_.col(k).array();
    double& t = t_(k);
    bool const against_gradient = ((y_.col(k).array() - a * signs) * change).sum() > 0;
    double const next = against_gradient ? 1 : (1 + std::sqrt(1 + 4 * t * t)) / 2;
    double const momentum = against_gradient ? 0 : (t - 1) / next;
    b_.col(k).array() += change;
    y_.col(k) = b_.col(k).array() + momentum * change;
    t = next;
  }
}

// Rows that are ready, and in the last test all rows, become couplings.
void SupportVectorMachineLearning::test(Index count) {
  bool const last = machine_.iterations == most_iterations_;
  MatrixXd const aligned = fields(b_, count);
  // Sums of P products of up to N, times the bound: what is smaller than that is no margin.
  double const rounding =
      std::numeric_limits<double>::epsilon() * static_cast<double>(x_.size()) * x_.cwiseAbs2().maxCoeff();
  for (Index k = row_; k < row_ + count; ++k) {
    auto const fields = aligned.col(k - row_);
    double const sum = signs_.col(k).dot(b_.col(k));
    // |w_i|^2 = sum_mu a_mu (aligned field)_mu
    double const squared = signs_.col(k).cwiseProduct(b_.col(k)).dot(fields);
    double const norm = std::sqrt(std::max(squared, 0.));
    double const margin = norm > 0 ? fields.minCoeff() / norm : 0, bound = norm / sum;
    bool const ready = margin >= (1 - tolerance_) * bound && norm > 0;
    if (!ready) open_.push_back(k);
    if (!ready && !last) continue;
    auto const i = neurons_[static_cast<std::size_t>(k)];
    machine_.bound(i) = bound;
    if (margin <= rounding / bound) continue;
    machine_.margin(i) = margin;
    machine_.J.row(i) = (x_.transpose() * b_.col(k)).transpose() / norm;
    machine_.J(i, i) = 0;
  }
}

SupportVectorMachine support_vector_machine(MatrixXd const& xi, MatrixXd const& x, double tolerance,
                                            int most_iterations) {
  return completed(SupportVectorMachineLearning(xi, x, tolerance, most_iterations)).machine();
}

SupportVectorMachine support_vector_machine(MatrixXd const& xi, double tolerance, int most_iterations) {
  return support_vector_machine(xi, xi, tolerance, most_iterations);
}

double asymmetry(MatrixXd const& J) { return (J - J.transpose()).norm() / (J + J.transpose()).norm(); }

}  // namespace hypnos
