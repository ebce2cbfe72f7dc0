#include "measurement.hpp"

#include <algorithm>

#include "hypnos/base/streams.hpp"
#include "hypnos/physics/boltzmann/annealing.hpp"
#include "hypnos/physics/boltzmann/autocorrelation.hpp"
#include "hypnos/physics/boltzmann/cooling.hpp"
#include "hypnos/physics/boltzmann/sampled_moments.hpp"
#include "hypnos/physics/boltzmann/specific_heat.hpp"
#include "hypnos/physics/boltzmann/unseen_pairs.hpp"
#include "hypnos/physics/statistics/comparison.hpp"

namespace hypnos::boltzmann_machine {

namespace {

using Eigen::ArrayXd;

// C_v at beta = 1, then at p.betas.
struct SpecificHeatCurve {
  double at_1;
  ArrayXd curve;
};

SpecificHeatCurve specific_heats(Parameters const& p, Ising const& model, Realization& realization) {
  std::vector<double> betas = {1};
  betas.insert(betas.end(), p.betas.begin(), p.betas.end());
  SpecificHeats heats(model, betas, realization.blocks());
  realization.complete(heats, 0.85);
  return {heats.result()(0), heats.result().tail(std::ssize(p.betas))};
}

// By Markov chains, which are brought to equilibrium by as many sweeps as they are measured for.
Moments sample(Parameters const& p, Ising const& model, Realization& realization, Observables& o) {
  auto const blocks = realization.blocks();
  HeatBath annealed(model.size(), p.chains, realization.stream(streams::annealed_chains));
  Annealing annealing(annealed, model, 1, p.mc_sweeps, blocks);
  realization.complete(annealing, 0.72);
  o.log_likelihood_error = annealing.result().error;

  MomentSampling sampling(annealed, model, 1, p.mc_sweeps, p.mc_sweeps, blocks);
  realization.complete(sampling, 0.75);
  auto sample = sampling.result();
  sample.mean.log_Z = annealing.result().log_Z;
  o.c_1_error = sample.c_error;
  o.m_1_error = sample.m_error;
  o.Cv = sample.mean.energy_variance;
  o.Cv_error = sample.energy_variance_error;

  HeatBath cooled(model.size(), p.chains, realization.stream(streams::cooled_chains));
  Cooling cooling(cooled, model, p.betas, p.mc_sweeps, blocks);
  realization.complete(cooling, 0.85);
  o.Cv_curve = cooling.result().Cv;
  o.Cv_curve_error = cooling.result().error;
  return sample.mean;
}

Autocorrelation time_correlation(Parameters const& p, Ising const& model, Stream stream, Realization& realization) {
  HeatBath chains(model.size(), p.chains, realization.stream(stream));
  AutocorrelationMeasurement measurement(chains, model, 1, p.mc_sweeps, p.mc_sweeps, p.lags, realization.blocks());
  realization.complete(measurement);
  return measurement.result();
}

}  // namespace

void measure(Parameters const& p, TrainingData const& training, LearningState const& end, Realization& realization,
             Observables& o) {
  auto const& model = end.model;
  auto const& data = training.data;
  auto const averages = p.sampled() ? sample(p, model, realization, o) : end.at_1;
  if (!p.sampled()) {
    auto const [at_1, curve] = specific_heats(p, model, realization);
    o.Cv = at_1;
    o.Cv_curve = curve;
  }
  o.J = model.J;
  o.h = model.h;
  o.c_1 = averages.c;
  o.m_1 = averages.m;
  o.c_d = data.c;
  o.m_d = data.m;
  o.omega = slope(pairs(averages.c), pairs(data.c));
  o.rho = pearson(pairs(averages.c), pairs(data.c));
  o.sigma_J = standard_deviation(pairs(model.J));
  o.unseen_pairs = static_cast<double>(unseen_pairs(data).size());
  o.KL_data_model = kl_divergence(data, model, averages.log_Z);
  o.log_likelihood = log_likelihood(training.samples.value_or(data), model, averages.log_Z);
  if (training.test) o.log_likelihood_test = log_likelihood(*training.test, model, averages.log_Z);
  o.neuron = ArrayXd(std::ssize(training.columns));
  std::ranges::copy(training.columns, o.neuron.begin());
  if (training.model) {
    // ln Z of the generating model from its entropy: S = ln Z + <E>.
    double const log_Z = data.entropy - mean_energy(*training.model, data);
    o.KL_model_data = kl_divergence(ensemble(averages), *training.model, log_Z);
    o.sDKL = symmetric_kl_divergence(*training.model, data, model, ensemble(averages));
    o.J_target = training.model->J;
    auto const [at_1, curve] = specific_heats(p, *training.model, realization);
    o.Cv_data = at_1;
    o.Cv_curve_data = curve;
  }
  if (p.mc_sweeps == 0) return;
  auto const trained = time_correlation(p, model, streams::trained_chains, realization);
  o.autocorrelation = trained.rho;
  o.autocorrelation_error = trained.error;
  o.tau = trained.tau;
  o.tau_error = trained.tau_error;
  if (!training.model) return;
  auto const generating = time_correlation(p, *training.model, streams::data_chains, realization);
  o.autocorrelation_data = generating.rho;
  o.autocorrelation_data_error = generating.error;
  o.tau_data = generating.tau;
  o.tau_data_error = generating.tau_error;
}

}  // namespace hypnos::boltzmann_machine
