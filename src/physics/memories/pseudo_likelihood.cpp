#include "hypnos/physics/memories/pseudo_likelihood.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "memories/aligned_fields.hpp"

namespace hypnos {

using Eigen::ArrayXd;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

// Fields are sums of changes; they are computed anew after so many iterations.
constexpr int iterations_between_products = 16;

// At a large bound the loss is steep: the bound is doubled when the minimum at the one before is so near.
constexpr double first_bound = 1, tolerance_of_bounds = 0.1;

// The loss of aligned fields x, with weights a = -dL/dx and curvatures a (2 - a), all times exp(2 max(0, min x)), so
// that no loss is too small.
struct Loss {
  double value;
  ArrayXd a, curvature;

  explicit Loss(ArrayXd const& x) : a(x.size()), curvature(x.size()) {
    double const shift = std::max(0.0, x.minCoeff());
    ArrayXd const e = (-2 * x.abs()).exp();           // at most 1
    ArrayXd const scaled = (-2 * (x - shift)).exp();  // at most 1 where x >= 0
    auto const positive = x >= 0;
    a = positive.select(2 * scaled / (1 + e), 2 / (1 + e));
    curvature = positive.select(4 * scaled / (1 + e).square(), 4 * e / (1 + e).square());
    // ln(1 + y) = y - ... : for small y the series, since exp(-2 x) may vanish where `scaled` does not
    constexpr double small = 1e-8;
    ArrayXd const ratio = (e > small).select(e.log1p() / e.max(small), 1 - e / 2);
    value = positive.select(scaled * ratio, -2 * x + e.log1p()).sum();
  }
};

// The angle in (0, pi / 2] at which the loss of fields norm (x cos + y sin) has a minimum, nearly: Newton's method for
// the derivative of ln L within an interval that contains a sign change. It falls at 0.
double best_angle(ArrayXd const& x, ArrayXd const& y, double norm) {
  double low = 0, high = M_PI / 2, angle = 0, first = 0;
  for (int k = 0; k < 12; ++k) {
    double const cosine = std::cos(angle), sine = std::sin(angle);
    ArrayXd const fields = norm * (cosine * x + sine * y), change = norm * (cosine * y - sine * x);
    Loss const loss(fields);
    double const slope = -(loss.a * change).sum() / loss.value;
    double const curvature = ((loss.curvature * change.square()).sum() + (loss.a * fields).sum()) / loss.value;
    if (k == 0) first = slope;
    else if (std::abs(slope) < 0.01 * std::abs(first)) break;
    (slope < 0 ? low : high) = angle;
    double const next = angle - slope / (curvature - slope * slope);
    angle = next > low && next < high ? next : (low + high) / 2;
  }
  return angle;
}

// The length in (0, most] at which the loss of fields norm x is smallest: it is a convex function of the length.
double best_norm(ArrayXd const& x, double most) {
  auto const falls = [&](double norm) { return (Loss(norm * x).a * x).sum() > 0; };
  if (falls(most)) return most;
  double low = 0, high = most;
  for (int k = 0; k < 60; ++k) {
    double const middle = (low + high) / 2;
    (falls(middle) ? low : high) = middle;
  }
  return (low + high) / 2;
}

}  // namespace

PseudoLikelihoodLearning::PseudoLikelihoodLearning(MatrixXd const& xi, double Lambda, double tolerance,
                                                   int most_iterations)
    : xi_(xi), gram_(xi * xi.transpose()), Lambda_(Lambda), tolerance_(tolerance), most_iterations_(most_iterations) {
  auto const P = xi.rows(), N = xi.cols();
  if (P < 1 || N < 2 || !(xi.array().abs() == 1).all())
    throw std::domain_error("pseudo-likelihood needs patterns of +1 and -1 on two or more neurons");
  if (!(Lambda > 0) || !std::isfinite(Lambda) || !(tolerance > 0))
    throw std::domain_error("pseudo-likelihood needs Lambda and a tolerance above 0");
  double const log_loss = std::log(static_cast<double>(P) * std::log(2.0));  // of w = 0
  found_ = {MatrixXd::Zero(N, N), ArrayXd::Constant(N, log_loss), ArrayXd::Zero(N), 0};
  // From Hebb's couplings. Where they vanish, they are the minimum.
  MatrixXd const hebb = aligned_fields(gram_, xi, xi);
  std::vector<Index> rows;
  for (Index i = 0; i < N; ++i)
    if (hebb.col(i).sum() > 0.5) rows.push_back(i);  // the square of their length, an integer
  neurons_ = rows;
  signs_ = xi(Eigen::all, rows);
  Eigen::RowVectorXd const length = hebb(Eigen::all, rows).colwise().sum().cwiseSqrt();
  w_ = signs_.array().rowwise() / length.array();
  w_fields_ = hebb(Eigen::all, rows).array().rowwise() / length.array();
  norm_ = bound_ = ArrayXd::Constant(std::ssize(rows), std::min(Lambda, first_bound));
  for (Index k = 0; k < std::ssize(rows); ++k) norm_(k) = best_norm(w_fields_.col(k), bound_(k));
  d_ = d_fields_ = g_fields_ = MatrixXd::Zero(P, std::ssize(rows));
  g_squared_ = ArrayXd::Zero(std::ssize(rows));
}

void PseudoLikelihoodLearning::advance(double operations) {
  auto const P = static_cast<double>(xi_.rows());
  // Products of whole groups of columns: their bits do not depend on how columns are grouped.
  constexpr Index group = 64;
  auto const at_once = group * std::max<Index>(1, static_cast<Index>(operations / (P * (P + 500) * group)));
  auto const rows = std::ssize(neurons_), count = std::min(at_once, rows - row_);
  auto const signs = signs_.middleCols(row_, count);
  if (found_.iterations % iterations_between_products == 0)
    w_fields_.middleCols(row_, count) = aligned_fields(gram_, w_.middleCols(row_, count), signs);

  // v = sum_mu a_mu xi_i^mu xi^mu / L, minus the gradient of ln L with respect to norm w
  MatrixXd v(xi_.rows(), count);
  ArrayXd loss(count);
  for (Index k = 0; k < count; ++k) {
    Loss const now(norm_(row_ + k) * w_fields_.col(row_ + k).array());
    v.col(k) = now.a * signs.col(k).array() / now.value;
    loss(k) = now.value;
  }
  MatrixXd const v_fields = aligned_fields(gram_, v, signs);
  bool const last = found_.iterations + 1 == most_iterations_;
  for (Index k = 0; k < count; ++k) {
    auto const row = row_ + k;
    ArrayXd const a = v.col(k).array() * signs.col(k).array();
    double const along = (a * w_fields_.col(row).array()).sum();
    double const length = std::sqrt(std::max(0.0, (a * v_fields.col(k).array()).sum()));
    double const gap = bound_(row) * length - norm_(row) * along;
    bool const at_last_bound = bound_(row) == Lambda_, ready = at_last_bound && gap <= tolerance_;
    if (ready || last) {
      auto const i = neurons_[static_cast<std::size_t>(row)];
      found_.J.row(i) = norm_(row) * (xi_.transpose() * w_.col(row)).transpose();
      found_.J(i, i) = 0;
      found_.log_loss(i) = std::log(loss(k)) - 2 * std::max(0.0, norm_(row) * w_fields_.col(row).minCoeff());
      found_.gap(i) = gap + (Lambda_ - bound_(row)) * length;
    }
    if (ready) continue;
    open_.push_back(row);
    if (last) continue;
    if (!at_last_bound && gap <= tolerance_of_bounds) {
      bound_(row) = std::min(2 * bound_(row), Lambda_);
      lengthen(row);
    } else {
      iterate(row, v.col(k), v_fields.col(k));
    }
  }
  row_ += count;
  if (row_ < rows) return;
  row_ = 0;
  ++found_.iterations;
  if (std::ssize(open_) < rows) {
    std::vector<Index> neurons;
    for (auto const row : open_) neurons.push_back(neurons_[static_cast<std::size_t>(row)]);
    neurons_ = neurons;
    for (auto* const columns : {&signs_, &w_, &w_fields_, &d_, &d_fields_, &g_fields_})
      *columns = MatrixXd((*columns)(Eigen::all, open_));
    norm_ = ArrayXd(norm_(open_));
    bound_ = ArrayXd(bound_(open_));
    g_squared_ = ArrayXd(g_squared_(open_));
  }
  open_.clear();
}

void PseudoLikelihoodLearning::iterate(Index k, VectorXd const& v, VectorXd const& v_fields) {
  auto w = w_.col(k), w_fields = w_fields_.col(k), d = d_.col(k), d_fields = d_fields_.col(k);
  auto const product = [&](VectorXd const& b, VectorXd const& fields) {
    return b.cwiseProduct(signs_.col(k)).dot(fields);
  };
  // The gradient on the sphere; conjugate directions of Polak and Ribiere, or the gradient.
  double const along = product(v, w_fields);
  VectorXd const g = v - along * w, g_fields = v_fields - along * w_fields;
  double const squared = product(g, g_fields);
  double const beta = g_squared_(k) > 0 ? std::max(0.0, (squared - product(g, g_fields_.col(k))) / g_squared_(k)) : 0.0;
  d = g + beta * d;
  d_fields = g_fields + beta * d_fields;
  if (product(d, g_fields) <= 0) {
    d = g;
    d_fields = g_fields;
  }
  g_fields_.col(k) = g_fields;
  g_squared_(k) = squared;
  double const length = std::sqrt(product(d, d_fields));
  if (!(length > 0)) return;
  // A step along the great circle takes w and the direction with it.
  double const angle = best_angle(w_fields, d_fields / length, norm_(k));
  double const cosine = std::cos(angle), sine = std::sin(angle);
  VectorXd const w_before = w, fields_before = w_fields;
  w = cosine * w + sine / length * d;
  w_fields = cosine * w_fields + sine / length * d_fields;
  d = cosine * d - sine * length * w_before;
  d_fields = cosine * d_fields - sine * length * fields_before;
  lengthen(k);
}

void PseudoLikelihoodLearning::lengthen(Index k) {
  double const norm = best_norm(w_fields_.col(k), bound_(k));
  if (norm != norm_(k)) g_squared_(k) = 0;  // the loss is another function on the sphere
  norm_(k) = norm;
}

PseudoLikelihood pseudo_likelihood(MatrixXd const& xi, double Lambda, double tolerance, int most_iterations) {
  return completed(PseudoLikelihoodLearning(xi, Lambda, tolerance, most_iterations)).found();
}

}  // namespace hypnos
