#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <tuple>

#include "hypnos/base/error.hpp"
#include "hypnos/base/text.hpp"
#include "hypnos/data/read.hpp"
#include "hypnos/data/statistics.hpp"
#include "hypnos/experiment/definition.hpp"
#include "hypnos/physics/boltzmann_learning.hpp"
#include "hypnos/physics/comparison.hpp"
#include "hypnos/physics/curie_weiss.hpp"
#include "hypnos/physics/sherrington_kirkpatrick.hpp"
#include "hypnos/physics/specific_heat.hpp"

namespace hypnos {

namespace {

using Eigen::ArrayXd, Eigen::ArrayXXd, Eigen::MatrixXd, Eigen::VectorXd;

constexpr double unmeasured = std::numeric_limits<double>::quiet_NaN();

enum class Data { sk, curie_weiss, file };
enum class Init { hebb, zero, random };
enum class SkVariance { inverse_root, inverse };

struct Parameters {
  Data data = Data::sk;
  std::string file;
  std::string dataset = "samples";
  std::vector<int> neurons = {20};
  int N = 18;
  double beta_d = 0.4;
  SkVariance sk_variance = SkVariance::inverse_root;
  Rule rule = Rule::unlearning;
  double a = 0.3;
  double gamma = 0.1;
  double lambda = 0.06;
  Init init = Init::hebb;
  Stop stop = Stop::slope;
  int max_steps = 100000;
  double tolerance = 1e-9;
  int records = 0;
  double record_until = 0;
  std::vector<double> betas = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0,
                               1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 1.9, 2.0};
  double test_fraction = 0;
  std::string split_by;
};

struct Observables {
  double sDKL = unmeasured, KL_data_model, KL_model_data = unmeasured, Cv, omega, rho, sigma_J, steps, converged;
  double log_likelihood, log_likelihood_test = unmeasured, Cv_data = unmeasured;
  ArrayXd Cv_curve, Cv_curve_data;
  ArrayXXd J, c_1, c_d;
  ArrayXd h, m_1, m_d, neuron;
  ArrayXd sDKL_t, omega_t, rho_t, sigma_J_t, ratio_std_t, loss_t, cosine_t;
};

// --- the data ---

struct Source {
  Ensemble data;                 // what is learnt
  std::optional<Ising> model;    // what generated it; nothing is known of a recording's
  std::optional<Ensemble> test;  // what was held out
  std::vector<int> columns;      // of the recording
};

struct Recording {
  Raster raster;
  std::vector<int> columns;  // the neuron of the file behind each of the raster's
};

int neurons(Parameters const& p) {
  if (p.data != Data::file) return p.N;
  return p.neurons.size() == 1 ? p.neurons[0] : static_cast<int>(p.neurons.size());
}

// The result of `read`, whose mistakes concern the parameter `key`.
template <class Read>
auto concerning(std::string const& key, Read read) {
  try {
    return read();
  } catch (BadInput const& mistake) {
    throw BadInput(key, mistake.what());
  }
}

Recording read(Parameters const& p) {
  if (p.neurons.size() > 1)
    return {concerning("file", [&] { return read_raster(p.file, p.dataset, p.neurons); }), p.neurons};
  auto const everyone = concerning("file", [&] { return read_raster(p.file, p.dataset); });
  // Chosen from the whole recording, so that every split of the samples sees the same neurons.
  auto const columns = concerning("neurons", [&] { return most_active(everyone, p.neurons[0]); });
  return {everyone.with_neurons(columns), columns};
}

// Kept in memory, since every task of a sweep learns from the same recording.
Recording const& recording(Parameters const& p) {
  static std::optional<Recording> last;
  static std::tuple<std::string, std::string, std::vector<int>> read_from;
  if (std::tuple const wanted{p.file, p.dataset, p.neurons}; !last || read_from != wanted) {
    last = read(p);
    read_from = wanted;
  }
  return *last;
}

Ensemble ensemble(Raster const& samples) {
  auto const N = samples.neurons();
  auto const moments = empirical_moments(samples);
  return {VectorXd::Map(moments.m.data(), N), MatrixXd::Map(moments.c.data(), N, N), empirical_entropy(samples)};
}

// The columns of neurons with the same state in every sample: no finite field describes them.
std::vector<std::string> constant_neurons(Ensemble const& data, std::vector<int> const& columns) {
  std::vector<std::string> constant;
  for (std::size_t i = 0; i < columns.size(); ++i)
    if (std::abs(data.m(static_cast<Eigen::Index>(i))) == 1) constant.push_back(std::to_string(columns[i]));
  return constant;
}

// Every sample belongs to a block: those of one label, or itself.
std::vector<int> blocks_of_samples(Parameters const& p, int samples) {
  if (!p.split_by.empty()) return concerning("split_by", [&] { return read_labels(p.file, p.split_by, samples); });
  std::vector<int> own(static_cast<std::size_t>(samples));
  std::iota(own.begin(), own.end(), 0);
  return own;
}

std::vector<int> distinct(std::vector<int> labels) {
  std::ranges::sort(labels);
  auto const repeated = std::ranges::unique(labels);
  labels.erase(repeated.begin(), repeated.end());
  return labels;
}

std::size_t held_out(Parameters const& p, std::size_t blocks) {
  return static_cast<std::size_t>(std::lround(p.test_fraction * static_cast<double>(blocks)));
}

Source recorded(Parameters const& p, Realization& realization) {
  auto const& [raster, columns] = recording(p);
  Source source{{}, {}, {}, columns};
  if (p.test_fraction == 0) {
    source.data = ensemble(raster);
  } else {
    auto const label = blocks_of_samples(p, raster.samples());
    auto labels = distinct(label);
    auto rng = realization.stream(Stream::data_split);
    rng.shuffle(std::span(labels));
    std::set<int> const tested(labels.begin(), labels.begin() + static_cast<long>(held_out(p, labels.size())));
    std::vector<int> train, test;
    for (int t = 0; t < raster.samples(); ++t) (tested.contains(label[t]) ? test : train).push_back(t);
    source.data = ensemble(raster.with_samples(train));
    source.test = ensemble(raster.with_samples(test));
  }
  if (auto const constant = constant_neurons(source.data, columns); !constant.empty())
    throw std::runtime_error("neurons " + joined(constant, ", ") + " never change in the samples to learn from; " +
                             "lower test_fraction = " + format_number(p.test_fraction) + " or choose other neurons");
  return source;
}

double sk_variance(Parameters const& p, int N) {
  return p.sk_variance == SkVariance::inverse ? 1.0 / N : 1 / std::sqrt(N);
}

Source generated(Parameters const& p, Realization& realization) {
  auto rng = realization.stream(Stream::couplings);
  MatrixXd const J = p.data == Data::sk ? sk_couplings(p.N, sk_variance(p, p.N), rng) : curie_weiss_couplings(p.N, 1);
  Ising const model{p.beta_d * J, VectorXd::Zero(p.N)};
  return {ensemble(exact_moments(model, 1, EnergyVariance::no, realization.blocks())), model, {}, {}};
}

// --- the start ---

Ising initial(Parameters const& p, Ensemble const& data, Realization& realization) {
  int const N = neurons(p);
  Ising model{MatrixXd::Zero(N, N), VectorXd::Zero(N)};
  switch (p.init) {
    case Init::hebb:  // Eqs. 10, 11
      model.J = data.c - data.m * data.m.transpose();
      model.J.diagonal().setZero();
      model.h = data.m.array().atanh();
      break;
    case Init::zero: break;
    case Init::random: {
      auto rng = realization.stream(Stream::initial_couplings);
      model.J = sk_couplings(N, sk_variance(p, N), rng);
    }
  }
  return model;
}

std::vector<double> record_times(Parameters const& p) {
  double const last = p.record_until > 0 ? p.record_until : p.lambda * p.max_steps;
  std::vector<double> times(static_cast<std::size_t>(p.records));
  for (int k = 0; k < p.records; ++k) times[k] = k == p.records - 1 ? last : last * k / (p.records - 1);
  return times;
}

// A time that is a whole number of steps up to rounding is this number: there the averages are known.
std::vector<double> in_steps(std::vector<double> times, double lambda) {
  for (double& time : times) {
    time /= lambda;
    if (std::abs(time - std::round(time)) < 1e-9 * time) time = std::round(time);
  }
  return times;
}

// --- the measurement ---

ArrayXd specific_heats(Parameters const& p, Ising const& model, BlockMap const& blocks) {
  ArrayXd curve(std::ssize(p.betas));
  std::ranges::transform(p.betas, curve.begin(), [&](double beta) { return specific_heat(model, beta, blocks); });
  return curve;
}

Observables run(Parameters const& p, Realization& realization) {
  auto const blocks = realization.blocks();
  auto const source = p.data == Data::file ? recorded(p, realization) : generated(p, realization);
  auto const& data = source.data;
  auto const start = initial(p, data, realization);
  auto const c_d = pairs(data.c);
  Law const law{p.rule, p.a, p.gamma};
  Observables o;

  for (auto const member : {&Observables::sDKL_t, &Observables::omega_t, &Observables::rho_t, &Observables::sigma_J_t,
                            &Observables::ratio_std_t, &Observables::loss_t, &Observables::cosine_t})
    o.*member = ArrayXd::Constant(p.records, unmeasured);
  auto const observe = [&](std::size_t record, Stage const& stage) {
    auto const k = static_cast<Eigen::Index>(record);
    auto const c_1 = pairs(stage.at_1.c);
    o.omega_t(k) = slope(c_1, c_d);
    o.rho_t(k) = pearson(c_1, c_d);
    o.sigma_J_t(k) = standard_deviation(pairs(stage.model.J));
    o.ratio_std_t(k) = standard_deviation(c_1.cwiseQuotient(c_d));
    o.loss_t(k) = loss(law, data, stage);
    if (!source.model) return;
    o.sDKL_t(k) = symmetric_kl_divergence(*source.model, data, stage.model, ensemble(stage.at_1));
    o.cosine_t(k) =
        cosine(pairs(stepped(law, data, stage, p.lambda).J - stage.model.J), pairs(source.model->J - start.J));
  };

  Protocol const protocol{p.lambda, p.stop, p.max_steps, p.tolerance, in_steps(record_times(p), p.lambda)};
  auto const [stage, converged] = learn(law, data, start, protocol, observe, blocks);
  auto const& [steps, model, at_1, at_a] = stage;

  o.steps = steps;
  o.converged = converged;
  o.J = model.J;
  o.h = model.h;
  o.c_1 = at_1.c;
  o.m_1 = at_1.m;
  o.c_d = data.c;
  o.m_d = data.m;
  o.omega = slope(pairs(at_1.c), c_d);
  o.rho = pearson(pairs(at_1.c), c_d);
  o.sigma_J = standard_deviation(pairs(model.J));
  o.KL_data_model = kl_divergence(data, model, at_1.log_Z);
  o.log_likelihood = log_likelihood(data, model, at_1.log_Z);
  o.Cv = specific_heat(model, 1, blocks);
  o.Cv_curve = specific_heats(p, model, blocks);
  if (source.model) {
    // ln Z of the generating model from its entropy: S = ln Z + <E>.
    double const log_Z = data.entropy - mean_energy(*source.model, data);
    o.KL_model_data = kl_divergence(ensemble(at_1), *source.model, log_Z);
    o.sDKL = symmetric_kl_divergence(*source.model, data, model, ensemble(at_1));
    o.Cv_data = specific_heat(*source.model, 1, blocks);
    o.Cv_curve_data = specific_heats(p, *source.model, blocks);
  } else {
    o.neuron = ArrayXd(std::ssize(source.columns));
    std::ranges::copy(source.columns, o.neuron.begin());
    if (source.test) o.log_likelihood_test = log_likelihood(*source.test, model, at_1.log_Z);
  }
  return o;
}

// --- mistakes ---

void check_recording(Parameters const& p) {
  if (p.file.empty()) throw BadInput("file", "data = file, but no file is named; give file=PATH");
  int const N = neurons(p);
  if (N < 2 || N > largest_exact_N)
    throw BadInput("neurons", "neurons asks for " + std::to_string(N) + " of them, but exact averages are for 2 to " +
                                  std::to_string(largest_exact_N) + "; give neurons=20 for the 20 most active ones");

  auto const& [raster, columns] = recording(p);
  if (auto const constant = constant_neurons(ensemble(raster), columns); !constant.empty())
    throw BadInput("neurons", p.file + ": neurons " + joined(constant, ", ") +
                                  " never or always fire, and no finite field describes them; choose others with "
                                  "neurons=...");
  if (p.test_fraction == 0) return;
  auto const blocks = distinct(blocks_of_samples(p, raster.samples())).size();
  if (auto const tested = held_out(p, blocks); tested == 0 || tested == blocks)
    throw BadInput("test_fraction", "test_fraction = " + format_number(p.test_fraction) + " holds out " +
                                        std::to_string(tested) + " of " + std::to_string(blocks) +
                                        " blocks of samples, but at least one must be held out and one learnt from");
}

void check_model(Parameters const& p) {
  if (!p.file.empty())
    throw BadInput("file", "file = " + p.file + ", but data is not file, so it would not be read; give data=file");
  if (p.test_fraction > 0)
    throw BadInput("test_fraction", "test_fraction = " + format_number(p.test_fraction) +
                                        ", but samples can be held out of a recording only; give data=file");
}

void check(Parameters const& p) {
  if (!p.split_by.empty() && p.test_fraction == 0)
    throw BadInput("split_by", "split_by = " + p.split_by + ", but test_fraction = 0 holds nothing out; give " +
                                   "test_fraction=0.2");
  if (p.stop == Stop::slope && p.data == Data::curie_weiss)
    throw BadInput("stop",
                   "stop = slope, but all pairs of a Curie-Weiss magnet are alike and no line fits them; "
                   "give stop=convergence");
  if (p.stop == Stop::slope && neurons(p) == 2)
    throw BadInput("stop", "stop = slope, but two neurons have one pair and no line; give stop=convergence");
  if (p.records == 1)
    throw BadInput("records", "records = 1, but a trajectory has a first and a last point; give 0 (none) or more");
  if (double const longest = p.lambda * p.max_steps; p.records > 0 && p.record_until > longest * (1 + 1e-9))
    throw BadInput("record_until", "record_until = " + format_number(p.record_until) +
                                       ", but learning ends at lambda max_steps = " + format_number(longest) +
                                       " at the latest; raise max_steps");
  p.data == Data::file ? check_recording(p) : check_model(p);
}

std::vector<double> indices(Parameters const& p) {
  std::vector<double> own(static_cast<std::size_t>(neurons(p)));
  std::iota(own.begin(), own.end(), 0.0);
  return own;
}

}  // namespace

// The table below is laid out by hand.
// clang-format off
Experiment boltzmann() {
  using P = Parameters;
  using O = Observables;
  auto const infinity = std::numeric_limits<double>::infinity();
  return define(Definition<P, O>{
      .name = "boltzmann",
      .summary = "Exact Boltzmann learning with unlearning, L1 or L2 regularization, from a model or a recording",
      .source = "Ventura, Cocco, Monasson and Zamponi, Unlearning regularization for Boltzmann machines, "
                "Mach. Learn.: Sci. Technol. 5, 025078 (2024)",
      .parameters =
          {parameter("data", &P::data,
                     {{Data::sk, {"sk", "Sherrington-Kirkpatrick spin glass, new couplings each realization (Eq. 43)"}},
                      {Data::curie_weiss, {"curie-weiss", "ferromagnet, J_ij = 1/N (Eq. 32)"}},
                      {Data::file, {"file", "a recording: file, dataset, neurons"}}},
                     "what is learnt: exact averages of a model at beta_d, or those of a recording"),
           parameter("file", &P::file, "", {},
                     "recording, samples x neurons of 0/1 or -1/1: HDF5, MAT v7.3, .npy or text (data = file)"),
           parameter("dataset", &P::dataset, "", {}, "dataset of the recording inside an HDF5 or MAT file"),
           parameter("neurons", &P::neurons, "", {0, 1e6},
                     "one number: that many most active neurons of the file; several: these columns, from 0"),
           parameter("N", &P::N, "", {2, largest_exact_N},
                     "neurons of the generating model; for data = file the number of chosen neurons stands instead"),
           parameter("beta_d", &P::beta_d, "1", {0, 10},
                     "inverse temperature at which the model generates data; learning aims at beta_d J"),
           parameter("sk_variance", &P::sk_variance,
                     {{SkVariance::inverse_root, {"1/sqrt(N)", "the reading of Eq. 43 that fits the paper's figures"}},
                      {SkVariance::inverse, {"1/N", "the usual spin glass, critical at beta = 1"}}},
                     "variance of the SK couplings, and of those of init = random"),
           parameter("rule", &P::rule,
                     {{Rule::unlearning, {"unlearning", "a (c_d - c_a) - (c_1 - c_a); a = 1 plain, a = 0 only -c_1 "
                                                        "(Eqs. 26-29)"}},
                      {Rule::l1, {"l1", "c_d - c_1 - gamma sign(J), stopping at J = 0 (Eqs. 14, 16)"}},
                      {Rule::l2, {"l2", "c_d - c_1 - gamma J (Eqs. 15, 18)"}}},
                     "change of J per step and lambda; that of h has m for c"),
           parameter("a", &P::a, "1", {0, 100},
                     "unlearning: the second inverse temperature; 1 does not regularize (unused by l1, l2)"),
           parameter("gamma", &P::gamma, "1", {0, 100}, "strength of the l1 or l2 penalty (unused by unlearning)"),
           parameter("lambda", &P::lambda, "1", {1e-6, 10}, "learning rate, the time t lambda that a step lasts"),
           parameter("init", &P::init,
                     {{Init::hebb, {"hebb", "J = c_d - m_d m_d, h = atanh m_d (Eqs. 10, 11)"}},
                      {Init::zero, {"zero", "J = 0, h = 0"}},
                      {Init::random, {"random", "Gaussian J of variance sk_variance, h = 0"}}},
                     "where learning starts"),
           parameter("stop", &P::stop,
                     {{Stop::convergence, {"convergence", "no parameter changes by tolerance x lambda in a step"}},
                      {Stop::slope, {"slope", "omega first is 1, interpolated between steps (Sec. IV B); or convergence, "
                                              "should it never be"}},
                      {Stop::steps, {"steps", "after max_steps"}}},
                     "when learning ends"),
           parameter("max_steps", &P::max_steps, "", {0, 1e9}, "steps after which learning ends in any case"),
           parameter("tolerance", &P::tolerance, "1", {0, 1},
                     "of stop = convergence: the largest |change| of J_ij, h_i in a step, divided by lambda"),
           parameter("records", &P::records, "", {0, 1e6}, "points of the trajectories in time; 0: none"),
           parameter("record_until", &P::record_until, "1", {0, infinity},
                     "time of the last record; 0: lambda max_steps. Give it when lambda or max_steps is swept, "
                     "since all points of a sweep share the time axis"),
           parameter("betas", &P::betas, "1", {0, 100}, "inverse temperatures at which C_v is computed"),
           parameter("test_fraction", &P::test_fraction, "1", {0, 0.9},
                     "part of the recording held out for log_likelihood_test, another part each realization"),
           parameter("split_by", &P::split_by, "", {},
                     "dataset of integer labels, one a sample: all samples of a label are held out or none; without "
                     "it single samples are, which flatters the model where neighbours in time are alike")},
      .axes = {{"beta", "1", "inverse temperature; all parameters of the model are multiplied by it",
                [](P const& p) { return p.betas; }},
               {"time", "1", "steps x lambda", record_times},
               {"i", "", "neuron", indices, true},
               {"j", "", "neuron", indices, true}},
      .observables =
          {observable("sDKL", &O::sDKL, {}, "nats",
                      "KL_data_model + KL_model_data (Eq. 20); NaN for recordings, whose model is unknown"),
           observable("KL_data_model", &O::KL_data_model, {}, "nats",
                      "D(data | model), Eq. 5; for recordings with the plug-in entropy of the samples learnt from"),
           observable("KL_model_data", &O::KL_model_data, {}, "nats", "D(model | data); NaN for recordings"),
           observable("Cv", &O::Cv, {}, "1",
                      "specific heat of the inferred model at beta = 1, total, in units of k_B (Eq. 21)"),
           observable("Cv_curve", &O::Cv_curve, {"beta"}, "1", "specific heat of the inferred model (Eq. 21)"),
           observable("omega", &O::omega, {}, "1",
                      "slope of the least-squares line of c_d against c_1 over pairs; NaN if all pairs are alike"),
           observable("rho", &O::rho, {}, "1", "Pearson coefficient of c_1 and c_d over pairs; NaN if all are alike"),
           observable("sigma_J", &O::sigma_J, {}, "1", "standard deviation of the couplings over pairs"),
           observable("steps", &O::steps, {}, "1", "steps of learning, fractional where stop = slope ends between two"),
           observable("converged", &O::converged, {}, "1", "1 if the stop criterion was met, 0 if max_steps ended it"),
           observable("log_likelihood", &O::log_likelihood, {}, "nats",
                      "mean ln P(sample) of the data under the inferred model"),
           observable("log_likelihood_test", &O::log_likelihood_test, {}, "nats",
                      "mean ln P(sample) of the samples held out; NaN if there are none"),
           observable("J", &O::J, {"i", "j"}, "1", "inferred couplings"),
           observable("h", &O::h, {"i"}, "1", "inferred fields"),
           observable("c_1", &O::c_1, {"i", "j"}, "1", "<s_i s_j> of the inferred model at beta = 1"),
           observable("c_d", &O::c_d, {"i", "j"}, "1", "<s_i s_j> of the data"),
           observable("m_1", &O::m_1, {"i"}, "1", "<s_i> of the inferred model at beta = 1"),
           observable("m_d", &O::m_d, {"i"}, "1", "<s_i> of the data"),
           observable("neuron", &O::neuron, {"i"}, "1", "column of the recording, from 0; NaN without a recording"),
           observable("Cv_data", &O::Cv_data, {}, "1",
                      "specific heat of the generating model at beta_d, total; NaN for recordings"),
           observable("Cv_curve_data", &O::Cv_curve_data, {"beta"}, "1",
                      "specific heat of the generating model at beta beta_d: beta = 1 is where it made the data"),
           observable("sDKL_t", &O::sDKL_t, {"time"}, "nats", "sDKL along learning; NaN after its end, as all below"),
           observable("omega_t", &O::omega_t, {"time"}, "1", "omega along learning"),
           observable("rho_t", &O::rho_t, {"time"}, "1", "rho along learning"),
           observable("sigma_J_t", &O::sigma_J_t, {"time"}, "1", "sigma_J along learning"),
           observable("ratio_std_t", &O::ratio_std_t, {"time"}, "1",
                      "standard deviation of c_1 / c_d over pairs (Figs. 10, 11)"),
           observable("loss_t", &O::loss_t, {"time"}, "nats",
                      "what the rule descends: Eq. 24, 14 or 15; at a = 0 its finite part D(uniform | model)"),
           observable("cosine_t", &O::cosine_t, {"time"}, "1",
                      "cosine between the step of J and the way from its start to beta_d J (Eq. 54); NaN for "
                      "recordings")},
      .check = check,
      .cost = [](P const& p) { return std::exp2(neurons(p)); },
      .run = run});
}
// clang-format on

}  // namespace hypnos
