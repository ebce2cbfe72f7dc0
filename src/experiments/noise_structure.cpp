#include "hypnos/base/streams.hpp"
#include "hypnos/experiment/definition.hpp"
#include "hypnos/physics/boltzmann/sherrington_kirkpatrick.hpp"
#include "hypnos/physics/memories/hebb.hpp"
#include "hypnos/physics/memories/noise_weights.hpp"
#include "parts/noisy_samples.hpp"
#include "parts/random_patterns.hpp"
#include "parts/stability_histogram.hpp"

namespace hypnos {

namespace {

constexpr Stream configurations("noise-structure/configurations");

enum class Landscape { hebb, sk };

struct Parameters {
  RandomPatterns patterns;
  Landscape landscape = Landscape::hebb;
  NoisySamples noise;
  int configurations = 10;
  StabilityHistogram histogram{.delta_width = 0.25};
  double omega_width = 0.25;
};

struct Observables {
  double omega_emp_0, omega_slope, pearson, Omega_emp_0, Omega_slope, Omega_pearson;
  double energy, unstable, m_t, unreached;
  Eigen::ArrayXXd density;
};

// But for tails, weights in the landscapes of both networks lie within.
Bins omega_bins(Parameters const& p) { return bins_between(-8, 8, p.omega_width); }

// Configurations of one network, and their weights. A stage (stage.hpp); a piece is a configuration.
class Sampling {
 public:
  // couplings: J times scale
  Sampling(Parameters const& p, Eigen::MatrixXd const& xi, Eigen::MatrixXd const& J, double scale, Rng const& stream)
      : law_(p.noise.law(p.patterns)),
        count_(p.configurations),
        scale_(scale),
        patterns_(xi),
        network_(J),
        statistics_(xi, J, scale),
        stream_(stream) {
    law_.T /= scale;
    statistics_.set_bins(p.histogram.bins(), omega_bins(p));
  }

  bool done() const { return next_ == count_; }
  double fraction() const { return static_cast<double>(next_) / count_; }

  void advance() {
    BufferedRandom random(stream_.substream(static_cast<std::uint32_t>(next_)));
    auto const nu = random.below(static_cast<std::uint32_t>(patterns_.count()));
    auto const [state, reached] = sample_configuration(network_, patterns_[nu], law_, random);
    auto const spins = state.state();
    statistics_.add(spins[0], nu);
    energy_ += scale_ * state.energy() / state.size();
    unstable_ += static_cast<double>(state.unstable()) / state.size();
    overlap_ += overlap(spins[0], patterns_[nu]);
    unreached_ += reached ? 0 : 1;
    ++next_;
  }

  template <class Archive>
  void archive(Archive& members) {
    members(next_, statistics_, energy_, unstable_, overlap_, unreached_);
  }

  Observables observables() const {
    auto const omega = statistics_.omega(), Omega = statistics_.Omega();
    return {
        omega.intercept,      omega.slope,      omega.pearson,      Omega.intercept,   Omega.slope,
        Omega.pearson,        energy_ / count_, unstable_ / count_, overlap_ / count_, static_cast<double>(unreached_),
        statistics_.density()};
  }

 private:
  ConfigurationLaw law_;
  int count_;
  double scale_;
  SpinStates patterns_;
  IntegerNetwork network_;
  WeightStatistics statistics_;
  Rng stream_;
  int next_ = 0, unreached_ = 0;
  double energy_ = 0, unstable_ = 0, overlap_ = 0;
};

Observables run(Parameters const& p, Realization& realization) {
  auto const xi = p.patterns.drawn(realization);
  auto const stream = realization.stream(configurations);
  auto const sampled = [&](Eigen::MatrixXd const& J, double scale) {
    Sampling sampling(p, xi, J, scale, stream);
    realization.complete(sampling);
    return sampling.observables();
  };
  double const N = p.patterns.N;
  // Hebb's couplings as integers, so that fields that vanish are exactly 0
  if (p.landscape == Landscape::hebb) return sampled(hebbian_sums(xi), 1 / N);
  auto rng = realization.stream(streams::initial_couplings);
  return sampled(sk_couplings(p.patterns.N, 1 / N, rng), 1);
}

double cost(Parameters const& p) {
  double const N = p.patterns.N, P = p.patterns.count();
  return p.configurations * (p.noise.cost(p.patterns) + 2 * N * N + 30 * N * P) + P * N * N;
}

}  // namespace

Experiment noise_structure() {
  using P = Parameters;
  using O = Observables;
  return define(Definition<P, O>{
      .name = "noise-structure",
      .summary =
          "Weights of training configurations from the landscape of a network against the stabilities of patterns",
      .source = "Benedetti and Ventura, arXiv:2302.13417, Sec. IV and App. A 2",
      .parameters = {part(&P::patterns),
                     parameter("landscape", &P::landscape,
                               {{Landscape::hebb, {"hebb", "Hebb's couplings of the patterns (Eq. 7)"}},
                                {Landscape::sk,
                                 {"sk", "Sherrington-Kirkpatrick: independent Gaussian J_ij = J_ji of variance 1/N"}}},
                               "couplings of the network"),
                     part(&P::noise, &P::patterns),
                     parameter("configurations", &P::configurations, "", {1, 1'000'000},
                               "training configurations of a network; each gives N P weights"),
                     part(&P::histogram),
                     parameter("omega_width", &P::omega_width, "1", {0.01, 4},
                               "width of the bins of weights, from -8 to 8")},
      .axes = {{"omega", "1", "weight omega_i^mu, centre of a bin", [](P const& p) { return omega_bins(p).centres(); },
                true, R"(\omega)"}},
      .observables =
          {observable(
               "omega_emp_0", &O::omega_emp_0, {}, "1",
               "weight at Delta = 0 on the line fitted to all (Delta_i^mu, omega_i^mu), omega_i^mu of Eq. 20 with "
               "its 1 / sigma_i; good training configurations have it below 0 (Eq. 23)",
               R"(\omega_\mathrm{emp}(0))"),
           observable("omega_slope", &O::omega_slope, {}, "1", "slope of this line"),
           observable("pearson", &O::pearson, {}, "1", "Pearson coefficient of omega_i^mu and Delta_i^mu", R"(\rho)"),
           observable("Omega_emp_0", &O::Omega_emp_0, {}, "1", "the same as omega_emp_0 for Omega_i^mu of Eq. A8",
                      R"(\Omega_\mathrm{emp}(0))"),
           observable("Omega_slope", &O::Omega_slope, {}, "1", "slope of that line"),
           observable("Omega_pearson", &O::Omega_pearson, {}, "1", "Pearson coefficient of Omega_i^mu and Delta_i^mu",
                      R"(\rho_\Omega)"),
           observable("energy", &O::energy, {}, "1",
                      "energy per neuron of the configurations, -1/2 sum_ij J_ij S_i S_j / N (Eq. 24)", "E / N"),
           observable("unstable", &O::unstable, {}, "1",
                      "fraction of unstable neurons of the configurations, the saddle "
                      "index"),
           observable("m_t", &O::m_t, {}, "1", "mean overlap of the configurations with their pattern", "m_t"),
           observable("unreached", &O::unreached, {}, "1", "saddles whose fraction f was not reached"),
           observable("density", &O::density, {"delta", "omega"}, "1",
                      "density of (Delta_i^mu, omega_i^mu); its integral is the part of the points within the bins",
                      R"(\rho(\Delta, \omega))")},
      .streams = {configurations, streams::initial_couplings},
      .trials = {"N=30 configurations=3", "N=30 landscape=sk samples=kawasaki configurations=3 sweeps=5",
                 "N=30 samples=saddles configurations=2"},
      .cost = cost,
      .run = run});
}

}  // namespace hypnos
