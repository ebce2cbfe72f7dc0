#include "measurement.hpp"

#include <algorithm>

#include "hypnos/base/streams.hpp"
#include "hypnos/physics/boltzmann/annealing.hpp"
#include "hypnos/physics/boltzmann/autocorrelation.hpp"
#include "hypnos/physics/boltzmann/sampled_moments.hpp"
#include "hypnos/physics/boltzmann/specific_heat.hpp"
#include "hypnos/physics/statistics/comparison.hpp"

namespace hypnos::boltzmann_machine {

namespace {

using Eigen::ArrayXd;

ArrayXd specific_heats(Parameters const& p, Ising const& model, BlockMap const& blocks) {
  ArrayXd curve(std::ssize(p.betas));
  std::ranges::transform(p.betas, curve.begin(), [&](double beta) { return specific_heat(model, beta, blocks); });
  return curve;
}

// --- by chains ---

SampledMoments equilibrium(Parameters const& p, Ising const& model, double beta, HeatBath& chains,
                           BlockMap const& blocks) {
  chains.run(model, beta, p.mc_sweeps, blocks);
  return sampled_moments(chains, model, beta, p.mc_sweeps, blocks);
}

// The chains go from the hottest to the coldest beta.
void sample_specific_heats(Parameters const& p, Ising const& model, HeatBath& chains, BlockMap const& blocks,
                           Observables& o) {
  std::vector<std::size_t> order(p.betas.size());
  std::ranges::generate(order, [k = std::size_t{0}]() mutable { return k++; });
  std::ranges::stable_sort(order, {}, [&](std::size_t k) { return p.betas[k]; });
  o.Cv_curve = o.Cv_curve_error = ArrayXd(std::ssize(p.betas));
  for (auto const k : order) {
    double const beta = p.betas[k];
    auto const sample = equilibrium(p, model, beta, chains, blocks);
    o.Cv_curve(static_cast<Eigen::Index>(k)) = beta * beta * sample.mean.energy_variance;
    o.Cv_curve_error(static_cast<Eigen::Index>(k)) = beta * beta * sample.energy_variance_error;
  }
}

Moments sample(Parameters const& p, Ising const& model, Realization const& realization, Observables& o) {
  auto const blocks = realization.blocks();
  HeatBath annealed(model.size(), p.chains, realization.stream(streams::annealed_chains));
  auto const [log_Z, log_Z_error, effective] = annealed_log_Z(annealed, model, 1, p.mc_sweeps, blocks);
  o.log_likelihood_error = log_Z_error;

  auto sample = equilibrium(p, model, 1, annealed, blocks);
  sample.mean.log_Z = log_Z;
  o.c_1_error = sample.c_error;
  o.m_1_error = sample.m_error;
  o.Cv = sample.mean.energy_variance;
  o.Cv_error = sample.energy_variance_error;
  HeatBath cooled(model.size(), p.chains, realization.stream(streams::cooled_chains));
  sample_specific_heats(p, model, cooled, blocks, o);
  return sample.mean;
}

Autocorrelation time_correlation(Parameters const& p, Ising const& model, Stream stream,
                                 Realization const& realization) {
  auto const blocks = realization.blocks();
  HeatBath chains(model.size(), p.chains, realization.stream(stream));
  chains.run(model, 1, p.mc_sweeps, blocks);
  return autocorrelation(chains, model, 1, p.mc_sweeps, p.lags, blocks);
}

}  // namespace

void measure(Parameters const& p, Lesson const& lesson, Stage const& end, Realization& realization, Observables& o) {
  auto const& model = end.model;
  auto const blocks = realization.blocks();
  auto const& data = lesson.data;
  auto const at_1 = p.sampled() ? sample(p, model, realization, o) : end.at_1;
  if (!p.sampled()) {
    o.Cv = specific_heat(model, 1, blocks);
    o.Cv_curve = specific_heats(p, model, blocks);
  }
  o.J = model.J;
  o.h = model.h;
  o.c_1 = at_1.c;
  o.m_1 = at_1.m;
  o.c_d = data.c;
  o.m_d = data.m;
  o.omega = slope(pairs(at_1.c), pairs(data.c));
  o.rho = pearson(pairs(at_1.c), pairs(data.c));
  o.sigma_J = standard_deviation(pairs(model.J));
  o.unseen_pairs = static_cast<double>(unseen_pairs(data).size());
  o.KL_data_model = kl_divergence(data, model, at_1.log_Z);
  o.log_likelihood = log_likelihood(lesson.samples.value_or(data), model, at_1.log_Z);
  if (lesson.test) o.log_likelihood_test = log_likelihood(*lesson.test, model, at_1.log_Z);
  o.neuron = ArrayXd(std::ssize(lesson.columns));
  std::ranges::copy(lesson.columns, o.neuron.begin());
  if (lesson.model) {
    // ln Z of the generating model from its entropy: S = ln Z + <E>.
    double const log_Z = data.entropy - mean_energy(*lesson.model, data);
    o.KL_model_data = kl_divergence(ensemble(at_1), *lesson.model, log_Z);
    o.sDKL = symmetric_kl_divergence(*lesson.model, data, model, ensemble(at_1));
    o.J_target = lesson.model->J;
    o.Cv_data = specific_heat(*lesson.model, 1, blocks);
    o.Cv_curve_data = specific_heats(p, *lesson.model, blocks);
  }
  if (p.mc_sweeps == 0) return;
  auto const trained = time_correlation(p, model, streams::trained_chains, realization);
  o.autocorrelation = trained.rho;
  o.autocorrelation_error = trained.error;
  o.tau = trained.tau;
  o.tau_error = trained.tau_error;
  if (!lesson.model) return;
  auto const generating = time_correlation(p, *lesson.model, streams::data_chains, realization);
  o.autocorrelation_data = generating.rho;
  o.autocorrelation_data_error = generating.error;
  o.tau_data = generating.tau;
  o.tau_data_error = generating.tau_error;
}

}  // namespace hypnos::boltzmann_machine
