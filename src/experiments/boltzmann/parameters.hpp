#pragma once

#include <Eigen/Core>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "hypnos/physics/boltzmann/learning.hpp"

namespace hypnos::boltzmann_machine {

constexpr double unmeasured = std::numeric_limits<double>::quiet_NaN();

enum class Data { sk, curie_weiss, file };
enum class Init { hebb, zero, random, random_as_hebb };
enum class SkVariance { inverse_root, inverse };
enum class Optimizer { gradient, quasi_newton };
enum class Source { exact, sampled };

struct Parameters {
  Data data = Data::sk;
  std::string file;
  std::string dataset = "samples";
  std::vector<int> neurons = {20};
  int N = 18;
  double beta_d = 0.4;
  SkVariance sk_variance = SkVariance::inverse_root;
  double pseudocount = 0;
  Rule rule = Rule::unlearning;
  double a = 0.3;
  double gamma = 0.1;
  double lambda = 0.06;
  Init init = Init::hebb;
  int start = 0;
  Stop stop = Stop::slope;
  Optimizer optimizer = Optimizer::gradient;
  int max_steps = 100000;
  double tolerance = 1e-9;
  Source moments = Source::exact;
  int chains = 1024;
  int sweeps = 10;
  int mc_sweeps = 0;
  int lags = 100;
  int records = 0;
  double record_until = 0;
  std::vector<double> betas = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0,
                               1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 1.9, 2.0};
  double test_fraction = 0;
  std::string split_by;

  bool sampled() const { return moments == Source::sampled; }
  /// The number of neurons.
  int size() const {
    if (data != Data::file) return N;
    return neurons.size() == 1 ? neurons[0] : static_cast<int>(neurons.size());
  }
  LearningRule learning_rule() const { return hypnos::learning_rule(rule, a, gamma); }
};

/// The largest number of neurons of a recording whose averages are sampled: a step costs N^2 per chain and sweep.
constexpr int largest_sampled_N = 1000;

/// Variance of the SK couplings.
inline double sk_variance(Parameters const& p) {
  return p.sk_variance == SkVariance::inverse ? 1.0 / p.size() : 1 / std::sqrt(p.size());
}

struct Observables {
  using Curve = Eigen::ArrayXd;
  using Matrix = Eigen::ArrayXXd;

  double sDKL = unmeasured, KL_data_model, KL_model_data = unmeasured, Cv, Cv_error = unmeasured;
  double omega, rho, sigma_J, steps, converged, unseen_pairs;
  double log_likelihood, log_likelihood_error = unmeasured, log_likelihood_test = unmeasured, Cv_data = unmeasured;
  double tau = unmeasured, tau_error = unmeasured, tau_data = unmeasured, tau_data_error = unmeasured;
  Curve Cv_curve, Cv_curve_error, Cv_curve_data;
  Matrix J, J_target, c_1, c_1_error, c_d;
  Curve h, m_1, m_1_error, m_d, neuron;
  Curve autocorrelation, autocorrelation_error, autocorrelation_data, autocorrelation_data_error;
  Curve sDKL_t, omega_t, rho_t, sigma_J_t, ratio_std_t, loss_t, cosine_t, c_1_error_t;
  Matrix projection_t;
};

}  // namespace hypnos::boltzmann_machine
