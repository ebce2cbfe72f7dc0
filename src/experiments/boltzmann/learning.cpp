#include "learning.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "hypnos/base/streams.hpp"
#include "hypnos/physics/boltzmann/hebbian_start.hpp"
#include "hypnos/physics/boltzmann/persistent_chains.hpp"
#include "hypnos/physics/boltzmann/quasi_newton.hpp"
#include "hypnos/physics/boltzmann/sherrington_kirkpatrick.hpp"
#include "hypnos/physics/statistics/comparison.hpp"

namespace hypnos::boltzmann_machine {

namespace {

using Eigen::ArrayXd, Eigen::ArrayXXd, Eigen::MatrixXd, Eigen::VectorXd;

// --- the start ---

MatrixXd random_couplings(Parameters const& p, double variance, Realization const& realization) {
  auto rng = realization.stream(streams::initial_couplings);
  MatrixXd J;
  for (int start = 0; start <= p.start; ++start) J = sk_couplings(p.size(), variance, rng);
  return J;
}

Ising initial(Parameters const& p, Ensemble const& data, Realization const& realization) {
  auto const N = data.m.size();
  switch (p.init) {
    case Init::hebb: return hebbian_start(data);
    case Init::zero: break;
    case Init::random: return {random_couplings(p, sk_variance(p), realization), VectorXd::Zero(N)};
    case Init::random_as_hebb: {
      double const deviation = standard_deviation(pairs(hebbian_start(data).J));
      return {random_couplings(p, deviation * deviation, realization), VectorXd::Zero(N)};
    }
  }
  return {MatrixXd::Zero(N, N), VectorXd::Zero(N)};
}

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

// Steps of the rule with a record of the trajectory: one stage of the task.
class RecordedLearning {
 public:
  RecordedLearning(Parameters const& p, TrainingData const& training, Ising const& start, Averages averages,
                   PersistentChains* chains, Observables& o)
      : p_(p),
        training_(training),
        J_start_(start.J),
        chains_(chains),
        o_(o),
        learning_(p.learning_rule(), training.data, start,
                  {p.lambda, p.stop, p.max_steps, p.tolerance, in_steps(record_times(p), p.lambda)},
                  std::move(averages),
                  [this](std::size_t k, LearningState const& state) { record(static_cast<Eigen::Index>(k), state); }) {}
  RecordedLearning(RecordedLearning const&) = delete;
  RecordedLearning& operator=(RecordedLearning const&) = delete;

  bool done() const { return learning_.done(); }
  // At most about 50 ms of steps, at least one. An exception leaves it after a whole number of steps.
  void advance() {
    auto const steps = std::clamp(0.05 / seconds_of_step(p_), 1., 256.);
    for (int k = 0; k < steps && !done(); ++k) learning_.advance();
  }
  double fraction() const { return learning_.fraction(); }
  Learned result() const { return learning_.result(); }

  template <class Archive>
  void archive(Archive& members) {
    members(learning_, o_.projection_t);
    for (auto const member : trajectories) members(o_.*member);
    if (chains_) members(*chains_);
  }

 private:
  void record(Eigen::Index k, LearningState const& state) {
    auto const& data = training_.data;
    auto const rule = p_.learning_rule();
    auto const c_1 = pairs(state.at_1.c), c_d = pairs(data.c);
    o_.omega_t(k) = slope(c_1, c_d);
    o_.rho_t(k) = pearson(c_1, c_d);
    o_.sigma_J_t(k) = standard_deviation(pairs(state.model.J));
    o_.ratio_std_t(k) = standard_deviation(c_1.cwiseQuotient(c_d));
    o_.loss_t(k) = rule.loss(data, state);
    if (chains_) o_.c_1_error_t(k) = chains_->c_error();
    for (Eigen::Index coupling = 0; coupling < o_.projection_t.cols(); ++coupling)
      o_.projection_t(k, coupling) = state.model.J(0, coupling + 1);
    if (!training_.model) return;
    o_.sDKL_t(k) = symmetric_kl_divergence(*training_.model, data, state.model, ensemble(state.at_1));
    MatrixXd const step = rule.stepped(data, state, p_.lambda).J - state.model.J;
    o_.cosine_t(k) = cosine(pairs(step), pairs(training_.model->J - J_start_));
  }

  Parameters const& p_;
  TrainingData const& training_;
  MatrixXd J_start_;
  PersistentChains* chains_;
  Observables& o_;
  Learning learning_;
};

Learned sampled(Parameters const& p, TrainingData const& training, Ising const& start, Realization& realization,
                Observables& o) {
  auto const betas = p.learning_rule().betas();
  std::vector<Rng> streams = {realization.stream(streams::learning_chains),
                              realization.stream(streams::learning_chains_at_a)};
  streams.erase(streams.begin() + std::ssize(betas), streams.end());
  PersistentChains chains(p.size(), p.chains, p.sweeps, streams, realization.blocks());
  for (std::size_t k = 0; k < betas.size(); ++k) {
    auto thermalization = chains.thermalization(k, start, betas[k], p.mc_sweeps);
    realization.complete(thermalization, 0.1);
  }
  RecordedLearning learning(p, training, start, chains.averages(), &chains, o);
  realization.complete(learning, learnt);
  return learning.result();
}

}  // namespace

double seconds_of_enumeration(Parameters const& p) { return 1e-10 * std::exp2(p.size()); }

double seconds_of_sweeps(Parameters const& p, double sweeps) {
  double const N = p.size();
  return 1e-9 * p.chains * sweeps * N * (N + 60) / 80;
}

double seconds_of_step(Parameters const& p) {
  double const averages = p.sampled() ? seconds_of_sweeps(p, p.sweeps) : seconds_of_enumeration(p);
  return 5e-6 + static_cast<double>(p.learning_rule().betas().size()) * averages;
}

// omega is 1 after times of about 1, correlations have converged after about 30 by the tolerances in use; quasi-Newton
// searches take about 100 averages.
double expected_steps(Parameters const& p) {
  double const most = p.max_steps;
  if (p.stop == Stop::steps) return most;
  if (p.optimizer == Optimizer::quasi_newton) return std::min(most, 100.0);
  return std::min(most, (p.stop == Stop::slope ? 1.0 : 30.0) / p.lambda);
}

std::vector<double> record_times(Parameters const& p) {
  double const last = p.record_until > 0 ? p.record_until : p.lambda * p.max_steps;
  std::vector<double> times(static_cast<std::size_t>(p.records));
  for (int k = 0; k < p.records; ++k) times[k] = k == p.records - 1 ? last : last * k / (p.records - 1);
  return times;
}

Learned learned(Parameters const& p, TrainingData const& training, Realization& realization, Observables& o) {
  for (auto const member : trajectories) o.*member = ArrayXd::Constant(p.records, unmeasured);
  o.projection_t = ArrayXXd::Constant(p.records, std::min(2, p.size() - 1), unmeasured);
  auto const start = initial(p, training.data, realization);
  if (p.sampled()) return sampled(p, training, start, realization, o);
  auto const averages = exact_averages(realization.blocks());
  if (p.optimizer == Optimizer::quasi_newton) {
    QuasiNewton search(p.learning_rule(), training.data, start, p.tolerance, p.max_steps, averages);
    realization.complete(search, learnt);
    return search.result();
  }
  RecordedLearning learning(p, training, start, averages, nullptr, o);
  realization.complete(learning, learnt);
  return learning.result();
}

}  // namespace hypnos::boltzmann_machine
