#include "hypnos/physics/memories/support_vector_machine.hpp"

#include <Eigen/Eigenvalues>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

namespace hypnos {

using Eigen::ArrayXd;
using Eigen::Index;
using Eigen::MatrixXd;

namespace {

// Looking whether rows are ready costs as much as an iteration.
constexpr int iterations_between_looks = 10;

// The rows that are not ready. Weights carry the sign of their pattern's neuron: b_mu = a_mu xi_i^mu, one column a row.
struct Rows {
  std::vector<Index> neuron;
  MatrixXd signs, b, y;  // y: where the gradient is taken
  ArrayXd t;             // of the momentum

  Index size() const { return std::ssize(neuron); }

  void keep(std::vector<Index> const& columns) {
    std::vector<Index> kept;
    for (auto const column : columns) kept.push_back(neuron[static_cast<std::size_t>(column)]);
    neuron = kept;
    signs = MatrixXd(signs(Eigen::all, columns));
    b = MatrixXd(b(Eigen::all, columns));
    y = MatrixXd(y(Eigen::all, columns));
    t = ArrayXd(t(columns));
  }
};

// xi_i^mu sum_{j != i} w_ij xi_j^mu, where w_i = sum_nu b_nu xi^nu: with all j, less what j = i adds.
MatrixXd aligned_fields(MatrixXd const& gram, MatrixXd const& signs, MatrixXd const& b) {
  Eigen::RowVectorXd const own = signs.cwiseProduct(b).colwise().sum();
  return ((gram * b).cwiseProduct(signs)).rowwise() - own;
}

void iterate(MatrixXd const& gram, double step, Rows& rows) {
  MatrixXd const gradient = 1 - aligned_fields(gram, rows.signs, rows.y).array();
  for (Index k = 0; k < rows.size(); ++k) {
    auto const signs = rows.signs.col(k).array();
    ArrayXd const a = (rows.y.col(k).array() * signs + step * gradient.col(k).array()).max(0);
    ArrayXd const change = a * signs - rows.b.col(k).array();
    double& t = rows.t(k);
    bool const astray = ((rows.y.col(k).array() - a * signs) * change).sum() > 0;
    double const next = astray ? 1 : (1 + std::sqrt(1 + 4 * t * t)) / 2;
    double const momentum = astray ? 0 : (t - 1) / next;
    rows.b.col(k).array() += change;
    rows.y.col(k) = rows.b.col(k).array() + momentum * change;
    t = next;
  }
}

}  // namespace

SupportVectorMachine support_vector_machine(MatrixXd const& xi, double tolerance, int most_iterations) {
  auto const P = xi.rows(), N = xi.cols();
  if (P < 1 || N < 2 || !(xi.array().abs() == 1).all())
    throw std::domain_error("a support vector machine needs patterns of +1 and -1 on two or more neurons");
  if (!(tolerance > 0)) throw std::domain_error("a support vector machine needs a tolerance above 0");

  MatrixXd const gram = xi * xi.transpose();
  // The largest curvature; what is taken away for j = i only lowers it.
  double const step = 1 / Eigen::SelfAdjointEigenSolver<MatrixXd>(gram, Eigen::EigenvaluesOnly).eigenvalues()(P - 1);

  SupportVectorMachine machine{MatrixXd::Zero(N, N), ArrayXd::Zero(N),
                               ArrayXd::Constant(N, std::numeric_limits<double>::infinity()), 0};
  Rows rows{{}, xi, MatrixXd::Zero(P, N), MatrixXd::Zero(P, N), ArrayXd::Ones(N)};
  for (Index i = 0; i < N; ++i) rows.neuron.push_back(i);

  while (rows.size() > 0 && machine.iterations < most_iterations) {
    iterate(gram, step, rows);
    ++machine.iterations;
    bool const last = machine.iterations == most_iterations;
    if (machine.iterations % iterations_between_looks != 0 && !last) continue;

    MatrixXd const aligned = aligned_fields(gram, rows.signs, rows.b);
    std::vector<Index> open;
    for (Index k = 0; k < rows.size(); ++k) {
      double const sum = rows.signs.col(k).dot(rows.b.col(k));
      // |w_i|^2 = sum_mu a_mu (aligned field)_mu
      double const squared = rows.signs.col(k).cwiseProduct(rows.b.col(k)).dot(aligned.col(k));
      double const norm = std::sqrt(std::max(squared, 0.));
      double const margin = norm > 0 ? aligned.col(k).minCoeff() / norm : 0, bound = norm / sum;
      bool const ready = margin >= (1 - tolerance) * bound && norm > 0;
      if (!ready) open.push_back(k);
      if (!ready && !last) continue;
      auto const i = rows.neuron[static_cast<std::size_t>(k)];
      machine.bound(i) = bound;
      // Sums of P products of up to N rounded over: what is smaller than that is no margin.
      double const rounding = std::numeric_limits<double>::epsilon() * static_cast<double>(P * N) / bound;
      if (margin <= rounding) continue;
      machine.margin(i) = margin;
      machine.J.row(i) = (xi.transpose() * rows.b.col(k)).transpose() / norm;
      machine.J(i, i) = 0;
    }
    if (std::ssize(open) < rows.size()) rows.keep(open);
  }
  return machine;
}

double asymmetry(MatrixXd const& J) { return (J - J.transpose()).norm() / (J + J.transpose()).norm(); }

}  // namespace hypnos
