#include <unistd.h>

#include <Eigen/Core>
#include <cmath>
#include <filesystem>
#include <set>
#include <stdexcept>

#include "hypnos/base/streams.hpp"
#include "hypnos/hdf5/file.hpp"
#include "hypnos/physics/boltzmann/annealing.hpp"
#include "hypnos/physics/boltzmann/autocorrelation.hpp"
#include "hypnos/physics/boltzmann/cooling.hpp"
#include "hypnos/physics/boltzmann/learning.hpp"
#include "hypnos/physics/boltzmann/persistent_chains.hpp"
#include "hypnos/physics/boltzmann/sampled_moments.hpp"
#include "hypnos/physics/boltzmann/sherrington_kirkpatrick.hpp"
#include "settings.hpp"

// Every observable of `boltzmann`, computed again from what the store keeps (J, h, c_d, m_d, J_target) by sums over all
// states, and every standard error compared with the scatter over realizations.

namespace hypnos::boltzmann_wiring_test {

using Eigen::ArrayXd, Eigen::MatrixXd, Eigen::VectorXd;

namespace {

// --- sums over all states ---

struct Distribution {
  MatrixXd s;  // (states x N)
  ArrayXd E, P;
  double log_Z = 0;

  explicit Distribution(Ising const& model, double beta = 1) : s(1 << model.size(), model.size()) {
    for (int i = 0; i < model.size(); ++i)
      for (int state = 0; state < s.rows(); ++state) s(state, i) = state >> i & 1 ? 1 : -1;
    E = -(s * model.J).cwiseProduct(s).rowwise().sum() / 2 - s * model.h;
    P = (-beta * E).exp();
    log_Z = std::log(P.sum());
    P /= P.sum();
  }
  MatrixXd c() const { return s.transpose() * P.matrix().asDiagonal() * s; }
  VectorXd m() const { return s.transpose() * P.matrix(); }
  double variance() const { return (P * E.square()).sum() - std::pow((P * E).sum(), 2); }
};

double divergence(ArrayXd const& p, ArrayXd const& q) { return (p > 0).select(p * (p / q).log(), 0).sum(); }

double Cv(Ising const& model, double beta) { return beta * beta * Distribution(model, beta).variance(); }

// --- numbers of pairs i < j ---

ArrayXd of_pairs(MatrixXd const& matrix) {
  std::vector<double> numbers;
  for (int i = 0; i < matrix.rows(); ++i)
    for (int j = i + 1; j < matrix.cols(); ++j) numbers.push_back(matrix(i, j));
  return ArrayXd::Map(numbers.data(), std::ssize(numbers));
}

double covariance(ArrayXd const& x, ArrayXd const& y) { return ((x - x.mean()) * (y - y.mean())).mean(); }

double deviation(ArrayXd const& x) { return std::sqrt(covariance(x, x)); }

double omega(MatrixXd const& c_1, MatrixXd const& c_d) {
  return covariance(of_pairs(c_1), of_pairs(c_d)) / covariance(of_pairs(c_1), of_pairs(c_1));
}

double rho(MatrixXd const& c_1, MatrixXd const& c_d) {
  return covariance(of_pairs(c_1), of_pairs(c_d)) / deviation(of_pairs(c_1)) / deviation(of_pairs(c_d));
}

// --- what is stored ---

double number(Measured const& run, std::string const& name) {
  REQUIRE(run.at(name).size() == 1);
  return run.at(name)[0];
}

VectorXd vector(Measured const& run, std::string const& name) {
  return VectorXd::Map(run.at(name).data(), std::ssize(run.at(name)));
}

MatrixXd matrix(Measured const& run, std::string const& name) {
  auto const N = std::lround(std::sqrt(static_cast<double>(run.at(name).size())));
  return MatrixXd::Map(run.at(name).data(), N, N);
}

Ising inferred(Measured const& run) { return {matrix(run, "J"), vector(run, "h")}; }

Ising target(Measured const& run) {
  auto const J = matrix(run, "J_target");
  return {J, VectorXd::Zero(J.rows())};
}

// Sums of some 30 terms of order 1.
constexpr double rounding = 1e-12;

bool close(double a, double b) { return std::abs(a - b) < rounding * std::max(1., std::abs(b)); }

bool close(MatrixXd const& a, MatrixXd const& b) { return (a - b).cwiseAbs().maxCoeff() < rounding; }

// --- learning without fields ---

struct PlainRule {
  std::string settings;
  double a, l1, l2;
};

std::vector<PlainRule> const rules = {{"a=0.6", 0.6, 0, 0},
                                      {"a=0", 0, 0, 0},
                                      {"a=1.4", 1.4, 0, 0},
                                      {"rule=l1 gamma=0.05 a=0.6", 1, 0.05, 0},
                                      {"rule=l2 gamma=0.3 a=0.6", 1, 0, 0.3}};

Ising without_field(MatrixXd const& J) { return {J, VectorXd::Zero(J.rows())}; }

MatrixXd stepped(PlainRule const& rule, MatrixXd const& c_d, MatrixXd const& J, double lambda) {
  MatrixXd const c_1 = Distribution(without_field(J)).c(), c_a = Distribution(without_field(J), rule.a).c();
  MatrixXd next = J + lambda * (rule.a * (c_d - c_a) - (c_1 - c_a) - rule.l2 * J);
  next.diagonal().setZero();
  return next.unaryExpr(
      [&](double x) { return std::abs(x) < lambda * rule.l1 ? 0 : x - std::copysign(lambda * rule.l1, x); });
}

double loss(PlainRule const& rule, ArrayXd const& P_d, MatrixXd const& J) {
  Distribution const at_1(without_field(J)), at_a(without_field(J), rule.a);
  double const uniform = 1. / static_cast<double>(P_d.size());
  double const L = rule.a == 0 ? divergence(ArrayXd::Constant(P_d.size(), uniform), at_1.P)
                               : divergence(P_d, at_1.P) + (rule.a - 1) / rule.a * divergence(P_d, at_a.P);
  return L + rule.l1 * of_pairs(J).abs().sum() + rule.l2 / 2 * of_pairs(J).square().sum();
}

// --- a recording ---

constexpr int samples = 60, neurons = 4;

// Correlated neurons of different activity, the last of them the least active; labels 1 to 4 of 15 samples each.
class LabelledRecording {
 public:
  LabelledRecording()
      : path_(std::filesystem::temp_directory_path() / ("hypnos-wiring-" + std::to_string(getpid()) + ".h5")) {
    Rng rng(3, 0, Stream("test/recording"));
    s.resize(samples, neurons);
    for (int t = 0; t < samples; ++t) {
      double const drive = rng.uniform();
      for (int i = 0; i < neurons; ++i) s(t, i) = rng.uniform() < 0.1 + 0.6 * drive - 0.06 * i ? 1 : -1;
    }
    std::vector<std::uint8_t> bits, labels;
    for (int t = 0; t < samples; ++t) {
      for (int i = 0; i < neurons; ++i) bits.push_back(s(t, i) > 0);
      labels.push_back(static_cast<std::uint8_t>(label(t)));
    }
    auto file = hdf5::File::create(path_);
    file.create<std::uint8_t>("samples", {samples, neurons}, 0).write(std::span<std::uint8_t const>(bits));
    file.create<std::uint8_t>("trial", {samples}, 0).write(std::span<std::uint8_t const>(labels));
  }
  LabelledRecording(LabelledRecording const&) = delete;
  LabelledRecording& operator=(LabelledRecording const&) = delete;
  ~LabelledRecording() { std::filesystem::remove(path_); }

  static int label(int t) { return 1 + t % 4; }
  std::string settings() const { return "data=file file=" + path_.string() + " "; }

  MatrixXd s;  // (samples x neurons)

 private:
  std::filesystem::path path_;
};

// --- errors ---

constexpr int realizations = 300;

// Whether the mean square of the stated errors is the variance of x over realizations. Their ratio is chi-square with 299
// degrees of freedom, divided by 299: outside these bounds with a probability of 1e-7. Errors that are 1.5 times too
// large or too small are outside with a probability of 0.999995.
void check_error(std::string const& name, ArrayXd const& x, ArrayXd const& error) {
  CAPTURE(name);
  REQUIRE(x.size() == realizations);
  double const ratio = (x - x.mean()).square().sum() / (realizations - 1) / error.square().mean();
  CAPTURE(ratio);
  CHECK(ratio > 0.6235);
  CHECK(ratio < 1.4983);
}

std::vector<Measured> repeated(std::string const& settings) {
  std::vector<Measured> runs;
  for (std::uint32_t r = 0; r < realizations; ++r) runs.push_back(measured("boltzmann", settings, r));
  return runs;
}

ArrayXd over(std::vector<Measured> const& runs, std::string const& name, std::size_t k) {
  ArrayXd x(std::ssize(runs));
  std::ranges::transform(runs, x.begin(), [&](Measured const& run) { return run.at(name).at(k); });
  return x;
}

void check_errors(std::vector<Measured> const& runs, std::string const& name, std::vector<std::size_t> const& which) {
  for (auto const k : which)
    check_error(name + " " + std::to_string(k), over(runs, name, k), over(runs, name + "_error", k));
}

}  // namespace

TEST_CASE("boltzmann: exact observables and trajectories follow from the couplings") {
  int const N = 5, steps = 24;
  double const lambda = 0.11, beta_d = 0.7;
  std::vector<double> const betas = {0.3, 1.7};
  for (auto const& rule : rules) {
    CAPTURE(rule.settings);
    std::uint32_t const realization = 2;
    auto const run = measured(
        "boltzmann", "N=5 beta_d=0.7 lambda=0.11 stop=steps max_steps=24 betas=0.3,1.7 records=4 " + rule.settings,
        realization);

    Rng rng(1, realization, streams::couplings);
    CHECK(matrix(run, "J_target") == beta_d * sk_couplings(N, 1 / std::sqrt(N), rng));
    CHECK(run.at("neuron").empty());
    Distribution const data(target(run)), model(inferred(run));
    MatrixXd const c_d = data.c(), c_1 = model.c();
    CHECK(close(matrix(run, "c_d"), c_d));
    CHECK(close(matrix(run, "c_1"), c_1));
    CHECK(vector(run, "m_d") == VectorXd::Zero(N));
    CHECK(vector(run, "m_1") == VectorXd::Zero(N));
    CHECK(vector(run, "h") == VectorXd::Zero(N));

    CHECK(close(number(run, "KL_data_model"), divergence(data.P, model.P)));
    CHECK(close(number(run, "KL_model_data"), divergence(model.P, data.P)));
    CHECK(close(number(run, "sDKL"), divergence(data.P, model.P) + divergence(model.P, data.P)));
    CHECK(close(number(run, "log_likelihood"), (data.P * model.P.log()).sum()));
    CHECK(close(number(run, "omega"), omega(c_1, c_d)));
    CHECK(close(number(run, "rho"), rho(c_1, c_d)));
    CHECK(close(number(run, "sigma_J"), deviation(of_pairs(inferred(run).J))));
    CHECK(number(run, "unseen_pairs") == 0);
    CHECK(close(number(run, "Cv"), model.variance()));
    CHECK(close(number(run, "Cv_data"), data.variance()));
    for (std::size_t k = 0; k < 2; ++k) {
      CHECK(close(run.at("Cv_curve").at(k), Cv(inferred(run), betas[k])));
      CHECK(close(run.at("Cv_curve_data").at(k), Cv(target(run), betas[k])));
    }
    CHECK(number(run, "steps") == steps);
    CHECK(number(run, "converged") == 1);
    for (std::string const name :
         {"Cv_error", "log_likelihood_error", "log_likelihood_test", "tau", "tau_error", "tau_data", "tau_data_error"})
      CHECK(std::isnan(number(run, name)));
    for (std::string const name :
         {"Cv_curve_error", "c_1_error", "m_1_error", "autocorrelation", "autocorrelation_data"})
      CHECK(run.at(name).empty());

    MatrixXd J = c_d - MatrixXd::Identity(N, N);  // the Hebbian start
    MatrixXd const J_start = J;
    for (int t = 0; t <= steps; ++t) {
      MatrixXd const next = stepped(rule, c_d, J, lambda);
      if (t % 8 == 0) {
        auto const k = static_cast<std::size_t>(t / 8);
        CAPTURE(k);
        Distribution const here(without_field(J));
        CHECK(close(run.at("omega_t").at(k), omega(here.c(), c_d)));
        CHECK(close(run.at("rho_t").at(k), rho(here.c(), c_d)));
        CHECK(close(run.at("sigma_J_t").at(k), deviation(of_pairs(J))));
        CHECK(close(run.at("sDKL_t").at(k), divergence(data.P, here.P) + divergence(here.P, data.P)));
        CHECK(close(run.at("ratio_std_t").at(k), deviation(of_pairs(here.c()) / of_pairs(c_d))));
        CHECK(close(run.at("loss_t").at(k), loss(rule, data.P, J)));
        ArrayXd const step = of_pairs(next - J), way = of_pairs(target(run).J - J_start);
        double const cosine = (step * way).sum() / std::sqrt(step.square().sum() * way.square().sum());
        // the step is a difference of numbers 1e3 times larger
        CHECK(std::abs(run.at("cosine_t").at(k) - cosine) < 1e3 * rounding);
        CHECK(close(run.at("projection_t").at(2 * k), J(0, 1)));
        CHECK(close(run.at("projection_t").at(2 * k + 1), J(0, 2)));
        CHECK(std::isnan(run.at("c_1_error_t").at(k)));
      }
      if (t == steps) CHECK(close(matrix(run, "J"), J));
      J = next;
    }
  }
}

TEST_CASE("boltzmann: learning stops where its criterion is met for the first time, and says how") {
  double const lambda = 0.3;
  std::string const job = "N=5 beta_d=0.5 lambda=0.3 ";
  for (auto const& rule : {rules[0], rules[3], rules[4]}) {
    CAPTURE(rule.settings);
    auto const converged =
        measured("boltzmann", job + "stop=convergence tolerance=1e-3 max_steps=500 " + rule.settings);
    MatrixXd const c_d = Distribution(target(converged)).c();
    MatrixXd const start = c_d - MatrixXd::Identity(5, 5);
    MatrixXd J = start;
    int steps = 0;
    for (; (stepped(rule, c_d, J, lambda) - J).cwiseAbs().maxCoeff() >= lambda * 1e-3; ++steps)
      J = stepped(rule, c_d, J, lambda);
    CHECK(number(converged, "converged") == 1);
    CHECK(number(converged, "steps") == steps);
    CHECK(close(matrix(converged, "J"), J));
    REQUIRE(steps > 1);
    auto const short_of_it = measured("boltzmann", job + "stop=convergence tolerance=1e-3 " + rule.settings +
                                                       " max_steps=" + std::to_string(steps - 1));
    CHECK(number(short_of_it, "converged") == 0);
    CHECK(number(short_of_it, "steps") == steps - 1);

    auto const sloped = measured("boltzmann", job + "stop=slope " + rule.settings);
    J = start;
    for (steps = 0;; ++steps) {
      MatrixXd const next = stepped(rule, c_d, J, lambda);
      if (omega(Distribution(without_field(next)).c(), c_d) >= 1) {
        double const fraction = number(sloped, "steps") - steps;
        CHECK(fraction > 0);
        CHECK(fraction <= 1);
        CHECK(close(matrix(sloped, "J"), J + fraction * (next - J)));
        break;
      }
      J = next;
    }
    CHECK(std::abs(number(sloped, "omega") - 1) < 1e-9);
    CHECK(number(sloped, "converged") == 1);
  }
}

TEST_CASE("boltzmann: likelihoods are those of the samples, learning is that of the samples with the pseudocount") {
  LabelledRecording const recording;
  std::string const job = recording.settings() +
                          "neurons=0,2,1,3 pseudocount=2 test_fraction=0.5 split_by=trial a=0.7 lambda=0.2 stop=steps "
                          "max_steps=7 betas=0.4,1.3";
  std::vector<int> const columns = {0, 2, 1, 3};
  std::set<std::set<int>> seen;
  for (std::uint32_t realization = 0; realization < 10; ++realization) {
    auto const run = measured("boltzmann", job, realization);
    CHECK(run.at("neuron") == std::vector<double>{0, 2, 1, 3});

    std::vector<int> labels = {1, 2, 3, 4};
    Rng rng(1, realization, streams::data_split);
    rng.shuffle(std::span(labels));
    std::set<int> const tested(labels.begin(), labels.begin() + 2);
    seen.insert(tested);

    auto const model = inferred(run);
    Distribution const P(model);
    ArrayXd counts = ArrayXd::Constant(1 << neurons, 2. / (1 << neurons));
    double learnt = 0, held_out = 0;
    for (int t = 0; t < samples; ++t) {
      int state = 0;
      for (int i = 0; i < neurons; ++i)
        if (recording.s(t, columns[static_cast<std::size_t>(i)]) > 0) state |= 1 << i;
      if (tested.contains(LabelledRecording::label(t))) {
        held_out += std::log(P.P(state)) / 30;
      } else {
        learnt += std::log(P.P(state)) / 30;
        ++counts(state);
      }
    }
    CHECK(close(number(run, "log_likelihood"), learnt));
    CHECK(close(number(run, "log_likelihood_test"), held_out));
    ArrayXd const P_d = counts / 32;
    MatrixXd const c_d = P.s.transpose() * P_d.matrix().asDiagonal() * P.s;
    VectorXd const m_d = P.s.transpose() * P_d.matrix();
    CHECK(close(matrix(run, "c_d"), c_d));
    CHECK(close(vector(run, "m_d"), m_d));
    CHECK(close(matrix(run, "c_1"), P.c()));
    CHECK(close(vector(run, "m_1"), P.m()));
    CHECK(close(number(run, "KL_data_model"), divergence(P_d, P.P)));
    CHECK(close(number(run, "omega"), omega(P.c(), c_d)));
    CHECK(close(number(run, "rho"), rho(P.c(), c_d)));
    CHECK(close(number(run, "Cv"), P.variance()));
    CHECK(close(run.at("Cv_curve").at(0), Cv(model, 0.4)));
    CHECK(close(run.at("Cv_curve").at(1), Cv(model, 1.3)));
    CHECK(number(run, "unseen_pairs") == 0);

    // seven steps with fields from J = c_d - m_d m_d, h = atanh m_d
    Ising replay{c_d - m_d * m_d.transpose(), m_d.array().atanh()};
    replay.J.diagonal().setZero();
    for (int t = 0; t < 7; ++t) {
      Distribution const at_1(replay), at_a(replay, 0.7);
      replay.J += 0.2 * (0.7 * (c_d - at_a.c()) - (at_1.c() - at_a.c()));
      replay.J.diagonal().setZero();
      replay.h += 0.2 * (0.7 * (m_d - at_a.m()) - (at_1.m() - at_a.m()));
    }
    CHECK(close(model.J, replay.J));
    CHECK(close(model.h, replay.h));
  }
  CHECK(seen.size() > 2);
}

TEST_CASE("boltzmann: pairs are unseen where a joint state is missing in the samples, and none with a pseudocount") {
  LabelledRecording const recording;
  std::string const job = recording.settings() + "neurons=0,1,2,3 a=0.5 stop=steps max_steps=1 ";
  int unseen = 0;
  for (int i = 0; i < neurons; ++i)
    for (int j = i + 1; j < neurons; ++j) {
      std::set<std::pair<double, double>> states;
      for (int t = 0; t < samples; ++t) states.insert({recording.s(t, i), recording.s(t, j)});
      unseen += states.size() < 4;
    }
  CHECK(number(measured("boltzmann", job), "unseen_pairs") == unseen);
  // of six samples held in by the split, some pairs lack a state
  std::string const few = job + "test_fraction=0.9 ";
  double most = 0;
  for (std::uint32_t realization = 0; realization < 8; ++realization) {
    try {
      most = std::max(most, number(measured("boltzmann", few, realization), "unseen_pairs"));
    } catch (std::runtime_error const&) {  // a neuron is constant in six samples
    }
    CHECK(number(measured("boltzmann", few + "pseudocount=2", realization), "unseen_pairs") == 0);
  }
  CHECK(most > 0);
}

TEST_CASE("boltzmann: sampled observables follow from the sampled averages") {
  auto const run = measured("boltzmann",
                            "N=6 beta_d=0.6 a=0.4 moments=sampled stop=steps max_steps=30 chains=256 sweeps=4 "
                            "mc_sweeps=100 lags=40 records=3 betas=0.5");
  Distribution const data(target(run));
  MatrixXd const c_1 = matrix(run, "c_1"), c_d = matrix(run, "c_d");
  CHECK(close(c_d, data.c()));
  CHECK(close(number(run, "omega"), omega(c_1, c_d)));
  CHECK(close(number(run, "rho"), rho(c_1, c_d)));
  CHECK(close(number(run, "sigma_J"), deviation(of_pairs(matrix(run, "J")))));
  double const entropy = -(data.P * data.P.log()).sum();
  CHECK(close(number(run, "KL_data_model"), -entropy - number(run, "log_likelihood")));
  double const sDKL = (of_pairs(target(run).J - matrix(run, "J")) * of_pairs(c_d - c_1)).sum();
  CHECK(close(number(run, "sDKL"), sDKL));
  // the energy is sampled in single precision
  CHECK(std::abs(number(run, "KL_data_model") + number(run, "KL_model_data") - sDKL) < 1e-4);
  CHECK(close(number(run, "Cv_data"), data.variance()));
  CHECK(close(run.at("Cv_curve_data").at(0), Cv(target(run), 0.5)));
  CHECK(number(run, "steps") == 30);
}

TEST_CASE("boltzmann: tau is the sum of its own autocorrelation up to the first lag of six tau") {
  // one model forgets faster than the other
  auto const run = measured("boltzmann",
                            "N=8 beta_d=0.7 a=0.2 init=zero stop=steps max_steps=5 lambda=0.1 "
                            "mc_sweeps=300 lags=80 chains=256");
  for (std::string const model : {"", "_data"}) {
    CAPTURE(model);
    auto const& correlation = run.at("autocorrelation" + model);
    CHECK(correlation.size() == 81);
    double tau = 0.5;
    std::size_t lag = 0;
    do tau += correlation.at(++lag);
    while (static_cast<double>(lag) < 6 * tau);
    CHECK(close(number(run, "tau" + model), tau));
  }
  CHECK(number(run, "tau_data") > 1.2 * number(run, "tau"));
}

TEST_CASE("boltzmann: two neurons are correlated in time by tanh^2 of their coupling, each machine by its own") {
  // <s_0(t) s_0(t + lag)> and that of s_1 are tanh(J)^(2 lag) with sweeps in order; see autocorrelation_test
  auto const run =
      measured("boltzmann", "data=curie-weiss N=2 beta_d=1.4 a=0.3 stop=steps max_steps=20 mc_sweeps=1000 lags=6");
  for (auto const& [model, J] :
       {std::pair<std::string, double>{"", matrix(run, "J")(0, 1)}, {"_data", matrix(run, "J_target")(0, 1)}}) {
    CAPTURE(model);
    REQUIRE(std::abs(J) > 0.1);
    // false alarm below 1e-11 each: Student's t with 1023 degrees of freedom beyond 7
    for (std::size_t lag = 1; lag <= 6; ++lag)
      CHECK(
          std::abs(run.at("autocorrelation" + model).at(lag) - std::pow(std::tanh(J), 2. * static_cast<double>(lag))) <
          7 * run.at("autocorrelation" + model + "_error").at(lag));
  }
}

TEST_CASE("boltzmann: every random purpose has a stream of its own") {
  // what is drawn follows from the stored couplings and the stream of this purpose, bit for bit
  std::uint32_t const realization = 4;
  auto const stream = [](Stream name) { return Rng(1, realization, name); };
  std::string const job =
      "N=6 beta_d=0.8 a=0.4 init=random start=1 lambda=0.1 moments=sampled stop=steps max_steps=3 chains=100 sweeps=3 "
      "mc_sweeps=30 lags=10 betas=1.5,0.5 ";
  auto const run = measured("boltzmann", job, realization);
  auto const model = inferred(run), generating = target(run);
  auto const variance = 1 / std::sqrt(6);

  auto couplings = stream(streams::couplings), initial = stream(streams::initial_couplings);
  CHECK(generating.J == 0.8 * sk_couplings(6, variance, couplings));
  sk_couplings(6, variance, initial);
  MatrixXd const start = sk_couplings(6, variance, initial);

  PersistentChains persistent(6, 100, 3, {stream(streams::learning_chains), stream(streams::learning_chains_at_a)});
  for (std::size_t k = 0; k < 2; ++k) {
    auto warm = persistent.thermalization(k, without_field(start), k == 0 ? 1 : 0.4, 30);
    while (!warm.done()) warm.advance();
  }
  Ensemble const data{vector(run, "m_d"), matrix(run, "c_d"), 0};
  auto const learned = learn(
      {.a = 0.4}, data, without_field(start), {.lambda = 0.1, .stop = Stop::steps, .max_steps = 3},
      [](std::size_t, LearningState const&) {}, persistent.averages());
  CHECK(learned.state.model.J == model.J);

  HeatBath annealed(6, 100, stream(streams::annealed_chains));
  auto const [log_Z, log_Z_error, effective] = annealed_log_Z(annealed, model, 1, 30);
  CHECK(number(run, "log_likelihood_error") == log_Z_error);
  annealed.run(model, 1, 30);
  auto const sample = sampled_moments(annealed, model, 1, 30);
  CHECK(matrix(run, "c_1") == sample.mean.c);
  CHECK(matrix(run, "c_1_error") == sample.c_error);
  CHECK(number(run, "Cv") == sample.mean.energy_variance);
  CHECK(number(run, "Cv_error") == sample.energy_variance_error);

  HeatBath cooled(6, 100, stream(streams::cooled_chains));
  Cooling cooling(cooled, model, {1.5, 0.5}, 30);
  while (!cooling.done()) cooling.advance();
  for (std::size_t k = 0; k < 2; ++k) {
    CHECK(run.at("Cv_curve").at(k) == cooling.result().Cv(static_cast<int>(k)));
    CHECK(run.at("Cv_curve_error").at(k) == cooling.result().error(static_cast<int>(k)));
  }

  auto const correlation = [&](Ising const& of, Stream name) {
    HeatBath chains(6, 100, stream(name));
    chains.run(of, 1, 30);
    return autocorrelation(chains, of, 1, 30, 10);
  };
  auto const trained = correlation(model, streams::trained_chains);
  auto const generated = correlation(generating, streams::data_chains);
  CHECK(vector(run, "autocorrelation").array().isApprox(trained.rho, 0));
  CHECK(vector(run, "autocorrelation_error").array().isApprox(trained.error, 0));
  CHECK(vector(run, "autocorrelation_data").array().isApprox(generated.rho, 0));
  CHECK(vector(run, "autocorrelation_data_error").array().isApprox(generated.error, 0));
  CHECK(vector(run, "autocorrelation") != vector(run, "autocorrelation_data"));

  // the other starts of the same realization differ
  auto const first = measured("boltzmann", job + "start=0 max_steps=0", realization);
  CHECK(matrix(first, "J") != start);
  CHECK(matrix(first, "J") != generating.J / 0.8);
}

TEST_CASE("boltzmann: standard errors of a machine with fields are the scatter over realizations") {
  LabelledRecording const recording;
  // all realizations measure the Hebbian start of the same recording
  auto const runs = repeated(recording.settings() +
                             "neurons=0,1,2 stop=steps max_steps=0 moments=sampled chains=128 sweeps=1 mc_sweeps=60 "
                             "lags=30 betas=0.5,1.6");
  CHECK(runs[0].at("J") == runs[1].at("J"));
  CHECK(runs[0].at("c_1") != runs[1].at("c_1"));
  HeatBath annealed(3, 128, Rng(1, 0, streams::annealed_chains));
  annealed_log_Z(annealed, inferred(runs[0]), 1, 60);
  annealed.run(inferred(runs[0]), 1, 60);
  auto const sample = sampled_moments(annealed, inferred(runs[0]), 1, 60);
  CHECK(vector(runs[0], "m_1") == sample.mean.m);
  CHECK(vector(runs[0], "m_1_error") == sample.m_error);
  check_errors(runs, "c_1", {1, 2, 5});
  check_errors(runs, "m_1", {0, 1, 2});
  check_errors(runs, "Cv", {0});
  check_errors(runs, "Cv_curve", {0, 1});
  check_errors(runs, "log_likelihood", {0});
  check_errors(runs, "autocorrelation", {1, 2, 3});
  check_errors(runs, "tau", {0});
}

TEST_CASE("boltzmann: standard errors of the generating model are the scatter over realizations") {
  // the generating magnet is the same in all realizations, and so is the start J = 0, which has no memory
  auto const runs = repeated(
      "data=curie-weiss N=4 beta_d=1.8 init=zero stop=steps max_steps=0 mc_sweeps=120 lags=60 chains=128 betas=1");
  check_errors(runs, "autocorrelation_data", {1, 2, 4});
  check_errors(runs, "tau_data", {0});
  check_errors(runs, "autocorrelation", {1, 2});
  check_errors(runs, "tau", {0});
  // or exchanged errors would not be noticed
  CHECK(number(runs[0], "tau_data_error") > 2 * number(runs[0], "tau_error"));
  CHECK(runs[0].at("autocorrelation_data_error")[1] != runs[0].at("autocorrelation_error")[1]);
}

TEST_CASE("boltzmann: the error of c_1 during learning is the scatter over realizations") {
  // Two neurons have one pair: sDKL = (J_target - J)(c_d - c_1) gives c_1 in a step. Steps are so small that all
  // realizations stay at the start.
  auto const runs = repeated(
      "data=curie-weiss N=2 beta_d=1.6 init=zero stop=steps lambda=1e-6 max_steps=2 records=3 moments=sampled "
      "chains=128 "
      "sweeps=5 mc_sweeps=20 lags=5 betas=1");
  auto const J_d = over(runs, "J_target", 1), c_d = over(runs, "c_d", 1);
  for (std::size_t k = 0; k < 3; ++k) {
    ArrayXd const c_1 = c_d - over(runs, "sDKL_t", k) / (J_d - over(runs, "projection_t", k));
    check_error("c_1_t " + std::to_string(k), c_1, over(runs, "c_1_error_t", k));
  }
}

}  // namespace hypnos::boltzmann_wiring_test
