#include "learning.hpp"

#include <cmath>
#include <optional>

#include "hypnos/base/streams.hpp"
#include "hypnos/physics/boltzmann/quasi_newton.hpp"
#include "hypnos/physics/boltzmann/sampled_moments.hpp"
#include "hypnos/physics/boltzmann/sherrington_kirkpatrick.hpp"
#include "hypnos/physics/statistics/comparison.hpp"

namespace hypnos::boltzmann_machine {

namespace {

using Eigen::ArrayXd, Eigen::ArrayXXd, Eigen::MatrixXd, Eigen::VectorXd;

// --- the start ---

MatrixXd random_couplings(Parameters const& p, double variance, Realization const& realization) {
  auto rng = realization.stream(streams::initial_couplings);
  MatrixXd J;
  for (int start = 0; start <= p.start; ++start) J = sk_couplings(neurons(p), variance, rng);
  return J;
}

MatrixXd hebbian_couplings(Ensemble const& data) {  // Eq. 10
  MatrixXd J = data.c - data.m * data.m.transpose();
  J.diagonal().setZero();
  return J;
}

Ising initial(Parameters const& p, Ensemble const& data, Realization const& realization) {
  auto const N = data.m.size();
  switch (p.init) {
    case Init::hebb: return {hebbian_couplings(data), data.m.array().atanh()};  // Eqs. 10, 11
    case Init::zero: break;
    case Init::random: return {random_couplings(p, sk_variance(p), realization), VectorXd::Zero(N)};
    case Init::random_as_hebb: {
      double const deviation = standard_deviation(pairs(hebbian_couplings(data)));
      return {random_couplings(p, deviation * deviation, realization), VectorXd::Zero(N)};
    }
  }
  return {MatrixXd::Zero(N, N), VectorXd::Zero(N)};
}

// --- sampled averages ---

// Persistent chains (Tieleman, ICML 2008), of their own at each of the two temperatures: the model changes little in a
// step, so they stay near equilibrium.
class Chains {
 public:
  Chains(Parameters const& p, Realization& realization)
      : sweeps_(p.sweeps),
        blocks_(realization.blocks()),
        at_1_(neurons(p), p.chains, realization.stream(streams::learning_chains)),
        at_a_(neurons(p), p.chains, realization.stream(streams::learning_chains_at_a)) {}

  // From random states to those of the model.
  void settle(Ising const& model, double a, int sweeps) {
    at_1_.run(model, 1, sweeps, blocks_);
    at_a_.run(model, a, sweeps, blocks_);
  }

  Moments average(Ising const& model, double beta) {
    auto const sample = sampled_moments(beta == 1 ? at_1_ : at_a_, model, beta, sweeps_, blocks_);
    if (beta == 1)
      c_1_error_ = std::sqrt(pairs(sample.c_error).squaredNorm() / static_cast<double>(pairs(sample.c_error).size()));
    return sample.mean;
  }

  // Root mean square over pairs of the errors of the last averages at beta = 1.
  double c_1_error() const { return c_1_error_; }

  template <class Visit>
  void visit(Visit const& visitor) {
    visitor(c_1_error_);
    visitor(at_1_);
    visitor(at_a_);
  }

 private:
  int sweeps_;
  BlockMap blocks_;
  HeatBath at_1_, at_a_;
  double c_1_error_ = unmeasured;
};

// --- the trajectory ---

// A time that is a whole number of steps up to rounding is this number: there the averages are known.
std::vector<double> in_steps(std::vector<double> times, double lambda) {
  for (double& time : times) {
    time /= lambda;
    if (std::abs(time - std::round(time)) < 1e-9 * time) time = std::round(time);
  }
  return times;
}

constexpr auto trajectories = {&Observables::sDKL_t,    &Observables::omega_t,     &Observables::rho_t,
                               &Observables::sigma_J_t, &Observables::ratio_std_t, &Observables::loss_t,
                               &Observables::cosine_t,  &Observables::c_1_error_t};

void observe(Parameters const& p, Lesson const& lesson, MatrixXd const& J_start, Stage const& stage, Eigen::Index k,
             Observables& o) {
  auto const c_1 = pairs(stage.at_1.c), c_d = pairs(lesson.data.c);
  o.omega_t(k) = slope(c_1, c_d);
  o.rho_t(k) = pearson(c_1, c_d);
  o.sigma_J_t(k) = standard_deviation(pairs(stage.model.J));
  o.ratio_std_t(k) = standard_deviation(c_1.cwiseQuotient(c_d));
  o.loss_t(k) = loss(law(p), lesson.data, stage);
  for (Eigen::Index coupling = 0; coupling < o.projection_t.cols(); ++coupling)
    o.projection_t(k, coupling) = stage.model.J(0, coupling + 1);
  if (!lesson.model) return;
  o.sDKL_t(k) = symmetric_kl_divergence(*lesson.model, lesson.data, stage.model, ensemble(stage.at_1));
  MatrixXd const step = stepped(law(p), lesson.data, stage, p.lambda).J - stage.model.J;
  o.cosine_t(k) = cosine(pairs(step), pairs(lesson.model->J - J_start));
}

}  // namespace

Law law(Parameters const& p) { return {p.rule, p.a, p.gamma}; }

std::vector<double> record_times(Parameters const& p) {
  double const last = p.record_until > 0 ? p.record_until : p.lambda * p.max_steps;
  std::vector<double> times(static_cast<std::size_t>(p.records));
  for (int k = 0; k < p.records; ++k) times[k] = k == p.records - 1 ? last : last * k / (p.records - 1);
  return times;
}

Learned learned(Parameters const& p, Lesson const& lesson, Realization& realization, Observables& o) {
  auto const& data = lesson.data;
  auto const from = initial(p, data, realization);
  for (auto const member : trajectories) o.*member = ArrayXd::Constant(p.records, unmeasured);
  o.projection_t = ArrayXXd::Constant(p.records, std::min<Eigen::Index>(2, data.m.size() - 1), unmeasured);

  std::optional<Chains> chains;
  auto averages = exact_averages(realization.blocks());
  if (p.sampled()) {
    chains.emplace(p, realization);
    averages = {[&](Ising const& model, double beta) { return chains->average(model, beta); }, false};
  }
  if (p.optimizer == Optimizer::quasi_newton)
    return quasi_newton(law(p), data, from, p.tolerance, p.max_steps, averages);

  if (chains) chains->settle(from, p.a, p.mc_sweeps);
  Stage const start = measured(law(p), 0, from, averages);
  auto const record = [&](std::size_t k, Stage const& stage) {
    auto const row = static_cast<Eigen::Index>(k);
    observe(p, lesson, from.J, stage, row, o);
    if (chains) o.c_1_error_t(row) = chains->c_1_error();
  };
  Protocol const protocol{p.lambda, p.stop, p.max_steps, p.tolerance, in_steps(record_times(p), p.lambda)};
  return learn(law(p), data, start, protocol, record, averages);
}

}  // namespace hypnos::boltzmann_machine
