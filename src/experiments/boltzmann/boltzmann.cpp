#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "hypnos/base/error.hpp"
#include "hypnos/base/streams.hpp"
#include "hypnos/base/text.hpp"
#include "hypnos/experiment/definition.hpp"
#include "hypnos/physics/dynamics/heat_bath.hpp"
#include "learning.hpp"
#include "measurement.hpp"
#include "parameters.hpp"
#include "training_data.hpp"

namespace hypnos {

namespace boltzmann_machine {

namespace {

Observables run(Parameters const& p, Realization& realization) {
  Observables o;
  auto const training = training_data(p, realization);
  auto const [end, converged] = learned(p, training, realization, o);
  o.steps = end.steps;
  o.converged = converged;
  measure(p, training, end, realization, o);
  return o;
}

// --- mistakes ---

void check_quasi_newton(Parameters const& p) {
  if (p.stop != Stop::convergence)
    throw BadInput("optimizer", "optimizer = quasi-newton finds fixed points only; give stop=convergence");
  if (p.sampled())
    throw BadInput("optimizer", "optimizer = quasi-newton needs moments = exact; give optimizer=gradient");
  if (p.records > 0)
    throw BadInput("records", "records = " + std::to_string(p.records) +
                                  ", but optimizer = quasi-newton has no trajectory; give optimizer=gradient");
}

void check_sampled(Parameters const& p) {
  if (p.stop == Stop::convergence)
    throw BadInput("stop",
                   "stop = convergence, but averages of moments = sampled scatter by more than any tolerance; "
                   "give stop=steps or stop=slope");
  if (p.mc_sweeps == 0)
    throw BadInput("mc_sweeps",
                   "moments = sampled measures the learnt model by mc_sweeps sweeps, but mc_sweeps = 0; "
                   "give mc_sweeps=1000");
}

void check(Parameters const& p) {
  if (!p.split_by.empty() && p.test_fraction == 0)
    throw BadInput("split_by", "split_by = " + p.split_by + ", but test_fraction = 0 holds nothing out; give " +
                                   "test_fraction=0.2");
  if (p.stop == Stop::slope && p.data == Data::curie_weiss)
    throw BadInput("stop",
                   "stop = slope, but all pairs of a Curie-Weiss magnet are alike and no line fits them; "
                   "give stop=convergence");
  if (p.stop == Stop::slope && p.size() == 2)
    throw BadInput("stop", "stop = slope, but two neurons have one pair and no line; give stop=convergence");
  if (p.records == 1)
    throw BadInput("records",
                   "records = 1, but a trajectory has a first and a last point; give 2 or more, or 0 for none");
  if (double const longest = p.lambda * p.max_steps; p.records > 0 && p.record_until > longest * (1 + 1e-9))
    throw BadInput("record_until", "record_until = " + format_number(p.record_until) +
                                       ", but learning ends at lambda max_steps = " + format_number(longest) +
                                       " at the latest; raise max_steps");
  if (p.optimizer == Optimizer::quasi_newton) check_quasi_newton(p);
  if (p.sampled()) check_sampled(p);
  if (p.mc_sweeps > 0 && p.lags >= p.mc_sweeps)
    throw BadInput("lags", "lags = " + std::to_string(p.lags) +
                               ", but time correlations are measured over mc_sweeps = " + std::to_string(p.mc_sweeps) +
                               " sweeps; give lags below it");
  check_training_data(p);
}

// --- choices ---

std::vector<std::pair<Rule, Choice>> rules() {
  std::vector<std::pair<Rule, Choice>> choices;
  for (auto const& [rule, name, formula, with] : learning_rules())
    choices.push_back({rule, {std::string(name), std::string(formula)}});
  return choices;
}

// --- axes ---

std::vector<double> indices(Parameters const& p) { return counted(p.size()); }

std::vector<double> lags(Parameters const& p) { return counted(p.mc_sweeps > 0 ? p.lags + 1 : 0); }

std::vector<double> projected(Parameters const& p) { return counted(std::min(2, p.size() - 1), 1); }

std::vector<std::string> unused(Parameters const& p) {
  std::vector<std::string> names;
  auto const only_if = [&](bool used, std::vector<std::string> const& some) {
    if (!used) names.insert(names.end(), some.begin(), some.end());
  };
  bool const recorded = p.data == Data::file, random = p.init == Init::random || p.init == Init::random_as_hebb;
  only_if(recorded, {"dataset", "neurons"});
  only_if(!recorded, {"N", "beta_d"});
  only_if(p.data == Data::sk || p.init == Init::random, {"sk_variance"});
  only_if(p.rule == Rule::unlearning, {"a"});
  only_if(p.rule == Rule::l1 || p.rule == Rule::l2, {"gamma"});
  only_if(random, {"start"});
  only_if(p.stop != Stop::steps && !p.sampled(), {"tolerance"});
  only_if(p.sampled() || p.mc_sweeps > 0, {"chains"});
  only_if(p.sampled(), {"sweeps"});
  only_if(p.mc_sweeps > 0, {"lags"});
  only_if(p.records > 0, {"record_until"});
  return names;
}

// Of 10^9 operations a second.
double cost(Parameters const& p) {
  double const models = p.data == Data::file ? 1 : 2, curve = static_cast<double>(p.betas.size()) + 1;
  double seconds = expected_steps(p) * seconds_of_step(p);
  if (!p.sampled() && p.records > 0)  // averages between two steps
    seconds += p.records * (seconds_of_step(p) - 5e-6);
  if (models == 2 || !p.sampled()) seconds += models * curve * (5e-6 + seconds_of_enumeration(p));
  // annealing, cooling and a measurement of the same length; time correlations of each model
  if (p.sampled()) seconds += seconds_of_sweeps(p, 4.0 * p.mc_sweeps);
  if (p.mc_sweeps > 0) seconds += models * seconds_of_sweeps(p, 2.0 * p.mc_sweeps);
  return 1e9 * seconds;
}

}  // namespace

}  // namespace boltzmann_machine

Experiment boltzmann() {
  using namespace boltzmann_machine;
  using P = Parameters;
  using O = Observables;
  auto const infinity = std::numeric_limits<double>::infinity();
  return define(Definition<P, O>{
      .name = "boltzmann",
      .summary = "Boltzmann learning with unlearning, L1 or L2 regularization, from a model or a recording",
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
                     "one number: that many most active neurons of the file; several: these columns, from 0; a list is "
                     "not swept"),
           parameter("N", &P::N, "", {2, largest_sampled_N},
                     "neurons of the generating model; refused for data = file, whose neurons are chosen by `neurons`"),
           parameter("beta_d", &P::beta_d, "1", {0, 10},
                     "inverse temperature at which the model generates data; learning aims at beta_d J"),
           parameter("sk_variance", &P::sk_variance,
                     {{SkVariance::inverse_root, {"1/sqrt(N)", "the reading of Eq. 43 that fits the paper's figures"}},
                      {SkVariance::inverse, {"1/N", "the usual spin glass, critical at beta = 1"}}},
                     "variance of the SK couplings, and of those of init = random"),
           parameter("pseudocount", &P::pseudocount, "1", {0, 1e9},
                     "samples, spread evenly over all states, that a recording is thought to have besides its own: "
                     "silent neurons, identical ones and pairs that never fire together then have finite parameters"),
           parameter("rule", &P::rule, rules(), "change of J per step and lambda; that of h has m for c"),
           parameter("a", &P::a, "1", {0, 1e4},
                     "unlearning: the second inverse temperature; 1 does not regularize (unused by l1, l2)"),
           parameter(
               "gamma", &P::gamma, "1", {0, 100},
               "strength of the l1 or l2 penalty, of the couplings and of the fields alike (unused by unlearning)"),
           parameter("lambda", &P::lambda, "1", {1e-6, 10}, "learning rate, the time t lambda that a step lasts"),
           parameter("init", &P::init,
                     {{Init::hebb, {"hebb", "J = c_d - m_d m_d, h = atanh m_d (Eqs. 10, 11)"}},
                      {Init::zero, {"zero", "J = 0, h = 0"}},
                      {Init::random, {"random", "Gaussian J of variance sk_variance, h = 0"}},
                      {Init::random_as_hebb,
                       {"random-as-hebb",
                        "Gaussian J with the standard deviation of hebb's, "
                        "h = 0 (Sec. V)"}}},
                     "where learning starts"),
           parameter("start", &P::start, "", {0, 1e6}, "which of many random starts of a realization, from 0"),
           parameter("stop", &P::stop,
                     {{Stop::convergence, {"convergence", "no parameter changes by tolerance x lambda in a step"}},
                      {Stop::slope,
                       {"slope",
                        "omega first is 1, interpolated between steps (Sec. IV B); or convergence, "
                        "if omega never is 1"}},
                      {Stop::steps, {"steps", "after max_steps"}}},
                     "when learning ends"),
           parameter("optimizer", &P::optimizer,
                     {{Optimizer::gradient, {"gradient", "steps of the rule; the definition of all trajectories"}},
                      {Optimizer::quasi_newton,
                       {"quasi-newton",
                        "limited-memory BFGS: the fixed point in far fewer steps, "
                        "for stop = convergence; keeps no checkpoints"}}},
                     "how the fixed point is found"),
           parameter("max_steps", &P::max_steps, "", {0, 1e9},
                     "steps after which learning ends in any case (quasi-newton: averages taken)"),
           parameter("tolerance", &P::tolerance, "1", {0, 1},
                     "of stop = convergence: the largest |change| of J_ij, h_i in a step, divided by lambda"),
           parameter("moments", &P::moments,
                     {{Source::exact, {"exact", "sums over all 2^N states, N <= " + std::to_string(largest_exact_N)}},
                      {Source::sampled, {"sampled", "averages over persistent heat bath chains, with errors"}}},
                     "the model's averages"),
           parameter("chains", &P::chains, "", {HeatBath::fewest_chains, HeatBath::most_chains},
                     "independent Markov chains"),
           parameter("sweeps", &P::sweeps, "", {1, 1e6}, "moments = sampled: sweeps of every chain in a step"),
           parameter("mc_sweeps", &P::mc_sweeps, "", {0, 1e9},
                     "sweeps of the trained model's chains: time correlations are measured over so many, and with "
                     "moments = sampled all final averages; as many before that are discarded; 0: none"),
           parameter("lags", &P::lags, "", {1, 1e6}, "the largest lag of the time correlations, sweeps"),
           parameter("records", &P::records, "", {0, 1e6}, "points of the trajectories in time, 2 or more; 0: none"),
           parameter("record_until", &P::record_until, "1", {0, infinity},
                     "time of the last record; 0: lambda max_steps. Give it when lambda or max_steps is swept, "
                     "since all points of a sweep share the time axis"),
           parameter("betas", &P::betas, "1", {0, 100}, "inverse temperatures at which C_v is computed"),
           parameter("test_fraction", &P::test_fraction, "1", {0, 0.999},
                     "part of the recording held out for log_likelihood_test, another part each realization"),
           parameter(
               "split_by", &P::split_by, "", {},
               "dataset of integer labels, one a sample: all samples of a label are held out or none; without "
               "it single samples are, and log_likelihood_test is too high if successive samples are correlated")},
      .axes = {{"beta", "1", "inverse temperature; all parameters of the model are multiplied by it",
                [](P const& p) { return p.betas; }},
               {"time", "1", "steps x lambda", record_times},
               {"lag", "sweeps", "difference of two times of a Markov chain", lags, true},
               {"coupling", "", "1: J_01, 2: J_02", projected, true},
               {"i", "", "neuron", indices, true},
               {"j", "", "neuron", indices, true}},
      .observables =
          {observable("sDKL", &O::sDKL, {},
                      "nats", "KL_data_model + KL_model_data (Eq. 20); NaN for recordings, whose model is unknown",
                      R"(sD_\mathrm{KL})"),
           observable(
               "KL_data_model", &O::KL_data_model, {}, "nats",
               "D(data | model), Eq. 5; for recordings with the plug-in entropy of the samples learnt from",
               R"(D_\mathrm{KL}(p_d \| p))"),
           observable("KL_model_data", &O::KL_model_data, {}, "nats", "D(model | data); NaN for recordings",
                      R"(D_\mathrm{KL}(p \| p_d))"),
           observable("Cv", &O::Cv, {}, "1",
                      "specific heat of the inferred model at beta = 1, total, in units of k_B (Eq. 21)", "C_v"),
           observable("Cv_error", &O::Cv_error, {}, "1",
                      "standard error of Cv over chains; NaN if exact, or if all chains agree"),
           observable("Cv_curve", &O::Cv_curve, {"beta"}, "1", "specific heat of the inferred model (Eq. 21)",
                      R"(C_v(\beta))"),
           observable("Cv_curve_error", &O::Cv_curve_error, {"beta"}, "1",
                      "standard errors over chains; NaN if exact, or if all chains agree"),
           observable("omega", &O::omega, {}, "1",
                      "slope of the least-squares line of c_d against c_1 over pairs; NaN if all pairs are alike"),
           observable("rho", &O::rho, {}, "1", "Pearson coefficient of c_1 and c_d over pairs; NaN if all are alike"),
           observable("sigma_J", &O::sigma_J, {}, "1", "standard deviation of the couplings over pairs"),
           observable(
               "steps", &O::steps, {}, "1",
               "steps of learning, fractional where stop = slope ends between two; quasi-newton: averages taken"),
           observable(
               "converged", &O::converged, {}, "1",
               "1 if the stop criterion was met, 0 if max_steps ended it; means over samples include the latter"),
           observable("unseen_pairs", &O::unseen_pairs, {}, "1",
                      "pairs of neurons that never show one of their four joint states in what is learnt: without "
                      "regularization their couplings grow for ever"),
           observable("log_likelihood", &O::log_likelihood, {},
                      "nats", "mean ln P(sample) of the data under the inferred model"),
           observable(
               "log_likelihood_error", &O::log_likelihood_error, {}, "nats",
               "standard error of ln Z in it and in log_likelihood_test (annealed chains); NaN if exact"),
           observable("log_likelihood_test", &O::log_likelihood_test, {},
                      "nats", "mean ln P(sample) of the samples held out; NaN if there are none"),
           observable("J", &O::J, {"i", "j"}, "1", "inferred couplings"),
           observable("J_target", &O::J_target, {"i", "j"}, "1", "couplings beta_d J of the generating model"),
           observable("h", &O::h, {"i"}, "1", "inferred fields"),
           observable("c_1", &O::c_1, {"i", "j"}, "1", "<s_i s_j> of the inferred model at beta = 1"),
           observable("c_1_error", &O::c_1_error, {"i", "j"}, "1",
                      "standard errors of c_1 over chains; NaN if exact, and where all chains agree, as for neurons "
                      "that flip in no chain: then it is unknown"),
           observable("c_d", &O::c_d, {"i", "j"}, "1", "<s_i s_j> of the data"),
           observable("m_1", &O::m_1, {"i"}, "1", "<s_i> of the inferred model at beta = 1"),
           observable("m_1_error", &O::m_1_error, {"i"}, "1",
                      "standard errors of m_1 over chains; NaN like those of c_1; 0 without fields, where m_1 = 0 by "
                      "symmetry"),
           observable("m_d", &O::m_d, {"i"}, "1", "<s_i> of the data"),
           observable("neuron", &O::neuron, {"i"}, "1", "column of the recording, from 0; NaN without a recording"),
           observable("Cv_data", &O::Cv_data, {}, "1",
                      "specific heat of the generating model at beta_d, total; NaN for recordings",
                      R"(C_v^\mathrm{data})"),
           observable("Cv_curve_data", &O::Cv_curve_data, {"beta"}, "1",
                      "specific heat of the generating model at beta beta_d: beta = 1 is where it made the data",
                      R"(C_v^\mathrm{data}(\beta))"),
           observable("autocorrelation", &O::autocorrelation, {"lag"}, "1",
                      "of configurations of the inferred model at beta = 1 some sweeps apart (Fig. 8), 1 at lag 0"),
           observable("autocorrelation_error", &O::autocorrelation_error, {"lag"}, "1",
                      "standard errors over chains; NaN where all chains agree"),
           observable("tau", &O::tau, {}, "sweeps",
                      "integrated autocorrelation time 1/2 + sum over lags; NaN if lags is too short for it"),
           observable("tau_error", &O::tau_error, {}, "sweeps", "standard error over chains"),
           observable("autocorrelation_data", &O::autocorrelation_data, {"lag"}, "1",
                      "the same of the generating model; NaN for recordings, as all below"),
           observable("autocorrelation_data_error", &O::autocorrelation_data_error, {"lag"}, "1",
                      "standard errors over chains; NaN where all chains agree"),
           observable("tau_data", &O::tau_data, {}, "sweeps", "integrated autocorrelation time"),
           observable("tau_data_error", &O::tau_data_error, {}, "sweeps", "standard error over chains"),
           observable("sDKL_t", &O::sDKL_t, {"time"}, "nats", "sDKL along learning; NaN after its end, as all below"),
           observable("omega_t", &O::omega_t, {"time"}, "1", "omega along learning"),
           observable("rho_t", &O::rho_t, {"time"}, "1", "rho along learning"),
           observable("sigma_J_t", &O::sigma_J_t, {"time"}, "1", "sigma_J along learning"),
           observable("ratio_std_t", &O::ratio_std_t, {"time"}, "1",
                      "standard deviation of c_1 / c_d over pairs (Figs. 10, 11)"),
           observable(
               "c_1_error_t", &O::c_1_error_t, {"time"}, "1",
               "root mean square of the standard error of c_1 in the step over pairs that have one; NaN if exact"),
           observable("projection_t", &O::projection_t, {"time", "coupling"}, "1", "J_01 and J_02 along learning"),
           observable("loss_t", &O::loss_t, {"time"},
                      "nats", "what the rule descends: Eq. 24, 14 or 15; at a = 0 its finite part D(uniform | model)"),
           observable("cosine_t", &O::cosine_t, {"time"}, "1",
                      "cosine between the step of J and the way from its start to beta_d J (Eq. 54); NaN for "
                      "recordings")},
      .streams = {streams::couplings, streams::initial_couplings, streams::data_split, streams::learning_chains,
                  streams::learning_chains_at_a, streams::trained_chains, streams::data_chains,
                  streams::annealed_chains, streams::cooled_chains},
      .trials = {"N=8 init=random records=4 record_until=1 max_steps=200 mc_sweeps=100 lags=60 chains=64",
                 "N=8 moments=sampled stop=steps max_steps=600 chains=64 sweeps=2 mc_sweeps=60 lags=5 records=3 "
                 "record_until=0.2 betas=0.5,1",
                 "N=6 a=0.7 optimizer=quasi-newton stop=convergence betas=1",
                 "data=file file={recording} neurons=3 test_fraction=0.5 split_by=repeat pseudocount=1 stop=steps "
                 "max_steps=5 betas=1"},
      .shared_by_team = true,
      .check = check,
      .cost = cost,
      .unused = unused,
      .run = run});
}

}  // namespace hypnos
