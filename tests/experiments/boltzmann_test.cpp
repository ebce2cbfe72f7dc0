#include <unistd.h>

#include <array>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <set>

#include "hypnos/base/error.hpp"
#include "hypnos/base/streams.hpp"
#include "hypnos/hdf5/file.hpp"
#include "hypnos/physics/boltzmann/divergence.hpp"
#include "hypnos/physics/boltzmann/sherrington_kirkpatrick.hpp"
#include "recording.hpp"
#include "settings.hpp"

namespace hypnos::boltzmann_test {

namespace {

// A recording of eight samples of four neurons, the last of them silent; its file is gone at the end of the test.
std::string recorded(Recording const& recording, std::string const& more = {}) {
  return "data=file file=" + recording.path() + " neurons=3 a=1 stop=steps max_steps=20 " + more;
}

}  // namespace

TEST_CASE("boltzmann: unregularized learning returns beta_d J_SK from any start") {
  int const N = 10;
  Rng rng(1, 3, streams::couplings);
  Eigen::MatrixXd const J = sk_couplings(N, 1 / std::sqrt(N), rng);
  for (std::string const rule : {"rule=unlearning a=1", "rule=l1 gamma=0", "rule=l2 gamma=0"})
    for (std::string const init : {"hebb", "zero", "random"}) {
      CAPTURE(rule);
      CAPTURE(init);
      auto const learned = measured("boltzmann", rule + " N=10 init=" + init + " stop=convergence lambda=0.2", 3);
      REQUIRE(learned.at("converged")[0] == 1);
      // The gradient is below 1e-9, the smallest eigenvalue of the Fisher matrix above 1e-2.
      for (int k = 0; k < N * N; ++k) CHECK(std::abs(learned.at("J")[k] - 0.4 * J(k / N, k % N)) < 1e-6);
      CHECK(learned.at("sDKL")[0] < 1e-8);
      CHECK(std::abs(learned.at("KL_data_model")[0]) < 1e-8);
      CHECK(std::abs(learned.at("Cv")[0] - learned.at("Cv_data")[0]) < 1e-5);  // slope of C_v in J times 1e-6
      CHECK(std::abs(learned.at("omega")[0] - 1) < 1e-6);
    }
}

TEST_CASE("boltzmann: a realization has the same couplings at every temperature and another one others") {
  std::string const plain = "N=8 a=1 stop=convergence lambda=0.2 ";
  auto const warm = measured("boltzmann", plain + "beta_d=0.2").at("J");
  auto const cold = measured("boltzmann", plain + "beta_d=0.4").at("J");
  auto const other = measured("boltzmann", plain + "beta_d=0.4", 1).at("J");
  auto const narrow = measured("boltzmann", plain + "beta_d=0.4 sk_variance=1/N").at("J");
  for (std::size_t k = 0; k < warm.size(); ++k) {
    CHECK(std::abs(2 * warm[k] - cold[k]) < 1e-5);                    // each known to 1e-6
    CHECK(std::abs(narrow[k] * std::pow(8, 0.25) - cold[k]) < 1e-5);  // standard deviations N^(-1/2), N^(-1/4)
  }
  CHECK(other != cold);
}

TEST_CASE("boltzmann: early stopping ends at omega = 1, closer to the data than either end of learning") {
  auto const early = measured("boltzmann", "N=10");
  CHECK(early.at("converged")[0] == 1);
  CHECK(std::abs(early.at("omega")[0] - 1) < 1e-9);
  // Both divergences are about 0.1, from terms of about 10.
  CHECK(std::abs(early.at("KL_data_model")[0] + early.at("KL_model_data")[0] - early.at("sDKL")[0]) < 1e-13);
  double const until = early.at("steps")[0] * 0.06;
  for (std::string const steps : {"0", "2000"})
    CHECK(measured("boltzmann", "N=10 stop=steps max_steps=" + steps).at("sDKL")[0] > early.at("sDKL")[0]);

  // Trajectories do not disturb the end, and have nothing to say beyond it.
  auto const watched = measured("boltzmann", "N=10 records=11 record_until=" + format_number(2.1 * until));
  CHECK(watched.at("J") == early.at("J"));
  auto const& omega = watched.at("omega_t");
  for (std::size_t k = 0; k < 11; ++k) CHECK(std::isnan(omega[k]) == (k >= 5));  // record 5 is at 1.05 of the end
  CHECK(std::ranges::is_sorted(omega.begin(), omega.begin() + 5));
}

TEST_CASE("boltzmann: the last record is the final state, and the first the start") {
  std::string const job = "N=8 a=0.3 lambda=0.01 stop=steps max_steps=57 records=7 ";
  auto const& subject = experiment("boltzmann");
  auto const time = subject.coordinates(point(subject, job), subject.axis_index("time"));
  CHECK(time.front() == 0);
  CHECK(time.back() == 0.01 * 57);  // 57.00000000000001 steps, which is 57
  auto const end = measured("boltzmann", job);
  auto const start = measured("boltzmann", job + "max_steps=0 records=0");
  for (std::string const name : {"sDKL", "omega", "rho", "sigma_J"}) {
    CAPTURE(name);
    CHECK(end.at(name + "_t").back() == end.at(name)[0]);
    CHECK(end.at(name + "_t").front() == start.at(name)[0]);
  }
  CHECK(std::ranges::is_sorted(end.at("loss_t"), std::greater()));  // gradient descent with a small rate
}

TEST_CASE("boltzmann: plain learning starts towards the data and its loss ends at zero") {
  auto const learned = measured("boltzmann", "N=8 a=1 init=zero stop=steps lambda=0.2 max_steps=3000 records=61");
  Eigen::Map<Eigen::MatrixXd const> const c_d(learned.at("c_d").data(), 8, 8), J_d(learned.at("J_target").data(), 8, 8);
  // The first step is along c_d, whose diagonal the target does not have.
  double const along = c_d.cwiseProduct(J_d).sum() / std::sqrt(c_d.squaredNorm() - 8) / J_d.norm();
  CHECK(std::abs(learned.at("cosine_t").front() - along) < 1e-14);
  CHECK(along > 0.5);  // c_d is beta_d J to first order
  CHECK(along < 1);
  CHECK(std::abs(learned.at("loss_t").back()) < 1e-8);  // D(data | model), quadratic in the error of J
  CHECK(learned.at("ratio_std_t").back() < 1e-3);       // c_1 / c_d tends to 1 for every pair
  CHECK(learned.at("ratio_std_t").front() == 0);        // c_1 = 0 at J = 0
}

TEST_CASE("boltzmann: penalties shrink the couplings, l2 by a factor and l1 to zero") {
  // At weak coupling l2 ends at c_d / (1 + gamma), up to a relative correction of N beta_d; l1 keeps J = 0 where
  // |c_d| < gamma.
  std::string const weak = "N=6 beta_d=1e-4 stop=convergence lambda=0.1 ";
  auto const l2 = measured("boltzmann", weak + "rule=l2 gamma=3"),
             l1 = measured("boltzmann", weak + "rule=l1 gamma=0.01");
  CHECK(l2.at("sigma_J")[0] > 1e-5);
  for (std::size_t k = 1; k < 6; ++k)
    CHECK(l2.at("J")[k] == doctest::Approx(l2.at("c_d")[k] / 4).scale(0).epsilon(0.01));
  CHECK(l1.at("J") == std::vector<double>(36, 0.0));
}

TEST_CASE("boltzmann: every enumeration is shared with the team") {
  class Counting final : public Team {
   public:
    int rank() const override { return 0; }
    int size() const override { return 2; }
    std::vector<double> blocks(int count, int size, FillBlock const& fill) override {
      ++enumerations;
      return serial_blocks(count, size, fill);
    }
    std::vector<std::vector<double>> gather(int count, MakeItem const& make) override {
      return Alone().gather(count, make);
    }
    int enumerations = 0;
  } team;
  auto const& subject = experiment("boltzmann");
  NoCheckpoints checkpoints;
  Realization world(1, 0, team, checkpoints);
  subject.run(point(subject, "N=6 stop=steps max_steps=3 betas=0.5,2"), world);
  // The data; two temperatures at four stages; C_v at three temperatures of two models.
  CHECK(team.enumerations == 1 + 2 * 4 + 3 * 2);
}

TEST_CASE("boltzmann: likelihood, entropy and divergence of a recording belong together") {
  Recording const recording;
  auto const learned = measured("boltzmann", recorded(recording));
  CHECK(learned.at("neuron") == std::vector<double>{0, 1, 2});
  std::vector<double> const m_d = {-4.0 / 8, 0, -2.0 / 8};  // 2, 4 and 3 spikes in 8 samples
  std::vector<double> const c_d = {1, -4.0 / 8, -2.0 / 8, -4.0 / 8, 1, 2.0 / 8, -2.0 / 8, 2.0 / 8, 1};
  CHECK(learned.at("m_d") == m_d);
  CHECK(learned.at("c_d") == c_d);
  // Patterns: 100 twice, 000 once, 011 twice, 010 twice, 001 once.
  double const entropy = 3 * 0.25 * std::log(4) + 2 * 0.125 * std::log(8);
  CHECK(learned.at("KL_data_model")[0] + learned.at("log_likelihood")[0] ==
        doctest::Approx(-entropy).scale(0).epsilon(1e-13));
  for (std::string const name : {"sDKL", "KL_model_data", "Cv_data", "log_likelihood_test"})
    CHECK(std::isnan(learned.at(name)[0]));
  CHECK(learned.at("Cv_curve_data").empty());
}

TEST_CASE("boltzmann: the most active neurons are those of a list, in the order of the file") {
  Recording const recording;
  auto const most = measured("boltzmann", recorded(recording, "neurons=2"));
  auto const listed = measured("boltzmann", recorded(recording, "neurons=1,2"));
  CHECK(most.at("neuron") == std::vector<double>{1, 2});
  CHECK(most.at("J") == listed.at("J"));
  CHECK(measured("boltzmann", recorded(recording, "neurons=2,0")).at("neuron") == std::vector<double>{2, 0});
}

TEST_CASE("boltzmann: a Hebbian start from a recording has the fields of independent neurons") {
  Recording const recording;
  auto const start = measured("boltzmann", recorded(recording, "max_steps=0"));
  for (std::size_t i = 0; i < 3; ++i) CHECK(std::abs(start.at("h")[i] - std::atanh(start.at("m_d")[i])) < 1e-15);
  CHECK(start.at("J")[1] == -0.5);           // c_d - m_d m_d with m_d = -1/2, 0
  CHECK(start.at("J")[2] == -0.25 - 0.125);  // m_d = -1/2, -1/4
  CHECK(start.at("J")[0] == 0);
}

TEST_CASE("boltzmann: labels are held out as a whole, another choice each realization") {
  Recording const recording;
  std::string const split = recorded(recording, "neurons=0,1 test_fraction=0.5 split_by=repeat");
  std::set<double> learnt;
  // Only one choice of two in 16 realizations: a probability of 2^-15, but the seed is fixed, so this cannot change.
  for (std::uint32_t realization = 0; realization < 16; ++realization) {
    try {
      auto const result = measured("boltzmann", split, realization);
      learnt.insert(result.at("m_d")[0]);
      CHECK(result.at("log_likelihood_test")[0] < 0);
      CHECK(result.at("log_likelihood_test")[0] != result.at("log_likelihood")[0]);
    } catch (std::runtime_error const& failure) {
      FAIL(failure.what());
    }
  }
  // Neuron 0 fires once among the three samples of label 7, once among the five of label 2.
  CHECK(learnt == std::set<double>{-3.0 / 5, -1.0 / 3});
}

TEST_CASE("boltzmann: a neuron that falls silent in the samples to learn from is a failure with its remedy") {
  Recording const recording;
  // Neuron 2 fires in samples 2, 5 and 7: three of four samples held out leave it silent in some realization.
  std::string const split = recorded(recording, "neurons=1,2 test_fraction=0.75");
  int failures = 0;
  for (std::uint32_t realization = 0; realization < 16; ++realization) {
    try {
      measured("boltzmann", split, realization);
    } catch (std::runtime_error const& failure) {
      ++failures;
      CHECK(std::string(failure.what()).find("lower test_fraction = 0.75") != std::string::npos);
    }
  }
  CHECK(failures > 0);
}

TEST_CASE("boltzmann: a quasi-Newton optimizer comes to the fixed point of gradient steps") {
  for (std::string const rule : {"a=0.5", "a=1", "rule=l2 gamma=0.5"}) {
    CAPTURE(rule);
    std::string const job = "N=8 stop=convergence tolerance=1e-11 lambda=0.2 " + rule;
    auto const steps = measured("boltzmann", job), fast = measured("boltzmann", job + " optimizer=quasi-newton");
    CHECK(fast.at("converged")[0] == 1);
    CHECK(fast.at("steps")[0] < steps.at("steps")[0] / 4);
    // both gradients are below 1e-11, the smallest curvature above 1e-2
    for (std::size_t k = 0; k < 64; ++k) CHECK(std::abs(fast.at("J")[k] - steps.at("J")[k]) < 1e-8);
  }
}

TEST_CASE("boltzmann: random starts differ, and may have the deviation of the Hebbian one") {
  std::string const start = "N=8 stop=steps max_steps=0 ";
  auto const first = measured("boltzmann", start + "init=random start=0"),
             third = measured("boltzmann", start + "init=random start=2"),
             hebb = measured("boltzmann", start + "init=hebb");
  CHECK(first.at("J") == measured("boltzmann", start + "init=random").at("J"));
  CHECK(first.at("J") != third.at("J"));
  // 50 starts of 28 couplings: the mean of their variances has a relative error of sqrt(2 / 1400) = 0.038; six of them
  // are a false alarm of 2e-9.
  double variance = 0;
  for (int k = 0; k < 50; ++k) {
    double const sigma =
        measured("boltzmann", start + "init=random-as-hebb start=" + std::to_string(k)).at("sigma_J")[0];
    variance += sigma * sigma / 50;
  }
  double const expected = std::pow(hebb.at("sigma_J")[0], 2) * 27 / 28;  // that of a sample about its own mean
  CHECK(variance == doctest::Approx(expected).scale(0).epsilon(6 * 0.038));
}

TEST_CASE("boltzmann: the projection ends at two of the couplings, the target is beta_d J") {
  auto const learned = measured("boltzmann", "N=6 a=1 stop=steps max_steps=400 lambda=0.2 records=3");
  for (std::size_t coupling = 0; coupling < 2; ++coupling) {
    CHECK(learned.at("projection_t")[4 + coupling] == learned.at("J")[coupling + 1]);
    CHECK(std::abs(learned.at("J_target")[coupling + 1] - learned.at("J")[coupling + 1]) < 1e-3);  // nearly converged
  }
}

TEST_CASE("boltzmann: a pseudocount gives silent neurons and exclusive pairs finite parameters") {
  Recording const recording;
  std::string const job = "data=file file=" + recording.path() + " a=1 stop=convergence lambda=0.5 tolerance=1e-7 ";
  auto const learned = measured("boltzmann", job + "neurons=0,1,2,3 pseudocount=2");
  CHECK(learned.at("converged")[0] == 1);
  CHECK(learned.at("unseen_pairs")[0] == 0);
  CHECK(learned.at("m_d")[3] == -8.0 / 10);  // silent in eight samples, and two that know nothing
  CHECK(learned.at("c_d")[2] == -2.0 / 10);  // neurons 0 and 2
  CHECK(std::abs(learned.at("m_1")[3] + 0.8) < 1e-6);
  // The samples' own likelihood falls as they count less among the pseudo samples.
  auto const vague = measured("boltzmann", job + "neurons=0,1,2,3 pseudocount=20");
  CHECK(vague.at("log_likelihood")[0] < learned.at("log_likelihood")[0]);
  CHECK(learned.at("KL_data_model")[0] >= 0);
  // Neurons 0 and 1 never fire together.
  CHECK(measured("boltzmann", recorded(recording, "neurons=0,1")).at("unseen_pairs")[0] == 1);
}

TEST_CASE("boltzmann: configurations at infinite temperature have no correlation in time") {
  auto const free = measured("boltzmann", "N=6 beta_d=0 a=1 init=zero stop=steps max_steps=0 mc_sweeps=200 lags=20");
  CHECK(free.at("autocorrelation").size() == 21);
  CHECK(free.at("autocorrelation")[0] == 1);
  // 1024 chains of 200 sweeps of 6 spins: an error of 1e-3 at every lag, 8 of them a false alarm of 2e-15 a lag
  for (std::size_t lag = 1; lag <= 20; ++lag) {
    CHECK(std::abs(free.at("autocorrelation")[lag]) < 8 * free.at("autocorrelation_error")[lag]);
    CHECK(std::abs(free.at("autocorrelation_data")[lag]) < 8 * free.at("autocorrelation_data_error")[lag]);
  }
  CHECK(std::abs(free.at("tau")[0] - 0.5) < 8 * free.at("tau_error")[0]);
}

TEST_CASE("boltzmann: sampled averages agree with exact ones within their errors") {
  // After the same number of steps the sampled machine is a little elsewhere; what is compared is the measurement of
  // its final model, taken again exactly from its J.
  std::string const job = "N=8 stop=steps max_steps=50 chains=512 sweeps=5 mc_sweeps=400 lags=10 betas=0.5,1,1.5 ";
  for (std::string const rule : {"a=0.4", "a=1", "rule=l2 gamma=0.2"}) {
    CAPTURE(rule);
    auto const sampled = measured("boltzmann", job + "moments=sampled " + rule);
    Ising model{Eigen::Map<Eigen::MatrixXd const>(sampled.at("J").data(), 8, 8),
                Eigen::Map<Eigen::VectorXd const>(sampled.at("h").data(), 8)};
    auto const exact = exact_moments(model, 1, EnergyVariance::yes);
    // Gaussian errors of 512 chains: seven of them are a false alarm of 3e-12, some 100 numbers are compared.
    for (int i = 0; i < 8; ++i)
      for (int j = 0; j < i; ++j)
        CHECK(std::abs(sampled.at("c_1")[8 * i + j] - exact.c(i, j)) < 7 * sampled.at("c_1_error")[8 * i + j]);
    CHECK(std::abs(sampled.at("Cv")[0] - exact.energy_variance) < 7 * sampled.at("Cv_error")[0]);
    for (std::size_t k = 0; k < 3; ++k) {
      double const beta = std::array{0.5, 1.0, 1.5}[k];
      double const Cv = beta * beta * exact_moments(model, beta, EnergyVariance::yes).energy_variance;
      CHECK(std::abs(sampled.at("Cv_curve")[k] - Cv) < 7 * sampled.at("Cv_curve_error")[k]);
    }
    double const error = sampled.at("log_likelihood_error")[0];
    Ensemble data{Eigen::Map<Eigen::VectorXd const>(sampled.at("m_d").data(), 8),
                  Eigen::Map<Eigen::MatrixXd const>(sampled.at("c_d").data(), 8, 8)};
    CHECK(error < 0.01);
    CHECK(std::abs(sampled.at("log_likelihood")[0] - log_likelihood(data, model, exact.log_Z)) < 7 * error);
    // and learning itself goes where exact learning goes, up to the noise of its steps
    auto const learned = measured("boltzmann", job + rule);
    CHECK(std::abs(sampled.at("omega")[0] - learned.at("omega")[0]) < 0.2);
  }
}

TEST_CASE("boltzmann: settings that do not fit together are refused in one line") {
  Recording const recording;
  struct Mistake {
    std::string settings, key, message;
  };
  std::vector<Mistake> const mistakes = {
      {"data=file", "file", "give file=PATH"},
      {"data=file file=/no/such/file.h5", "file", "/no/such/file.h5"},
      {"file=" + recording.path(), "file", "give data=file"},
      {recorded(recording, "dataset=sample"), "file", "sample"},
      {recorded(recording, "neurons=41"), "neurons", "2 to 40"},
      {recorded(recording, "neurons=1001 moments=sampled mc_sweeps=200"), "neurons", "2 to 1000"},
      {recorded(recording, "neurons=0,1 stop=convergence"), "stop", "give pseudocount=1"},
      {recorded(recording, "neurons=0,1 stop=convergence a=2"), "stop", "neurons 0 and 1"},
      {"N=41", "N", "data=file"},
      {"pseudocount=1", "pseudocount", "give data=file"},
      {"optimizer=quasi-newton", "optimizer", "give stop=convergence"},
      {"optimizer=quasi-newton stop=convergence records=5", "records", "no trajectory"},
      {"optimizer=quasi-newton stop=convergence moments=sampled", "optimizer", "moments = exact"},
      {"moments=sampled stop=convergence", "stop", "stop=steps"},
      {"moments=sampled", "mc_sweeps", "mc_sweeps=1000"},
      {"mc_sweeps=100 lags=100", "lags", "below"},
      {recorded(recording, "neurons=1"), "neurons", "2 to 40"},
      {recorded(recording, "neurons=5"), "neurons", "4"},
      {recorded(recording, "neurons=0,9"), "file", "9"},
      {recorded(recording, "neurons=0,1,3"), "neurons", "neurons 3 never or always fire"},
      {recorded(recording, "test_fraction=0.05"), "test_fraction", "holds out 0 of 8"},
      {recorded(recording, "test_fraction=0.2 split_by=one"), "test_fraction", "0 of 1"},
      {recorded(recording, "test_fraction=0.2 split_by=trial"), "split_by", "trial"},
      {recorded(recording, "split_by=repeat"), "split_by", "test_fraction = 0"},
      {"test_fraction=0.2", "test_fraction", "give data=file"},
      {"data=curie-weiss", "stop", "give stop=convergence"},
      {"N=2", "stop", "give stop=convergence"},
      {"records=1", "records", "records = 1"},
      {"records=5 max_steps=10 record_until=0.7", "record_until", "raise max_steps"}};
  auto const& subject = experiment("boltzmann");
  for (auto const& [settings, key, message] : mistakes) {
    CAPTURE(key);
    CAPTURE(message);
    try {
      subject.check(point(subject, settings));
      FAIL_CHECK("accepted");
    } catch (BadInput const& mistake) {
      std::string const line = mistake.what();
      CAPTURE(line);
      CHECK(mistake.key() == key);
      CHECK(line.find(message) != std::string::npos);
      CHECK(line.find('\n') == std::string::npos);
    }
  }
}

TEST_CASE("boltzmann: the retina's early-stopped models are less critical at smaller a") {
  auto const* folder = std::getenv("HYPNOS_DATA");
  auto const path =
      std::filesystem::path(folder ? folder : HYPNOS_SOURCE_DIR "/../shared/data") / "retina/salamander50.h5";
  if (!std::filesystem::exists(path)) {
    MESSAGE("skipped: there is no " << path.string() << "; set HYPNOS_DATA to the folder of recordings");
    return;
  }
  double lower = 0;
  for (std::string const a : {"0.2", "0.4", "0.6"}) {
    auto const learned = measured(
        "boltzmann", "data=file file=" + path.string() + " neurons=12 a=" + a + " test_fraction=0.2 split_by=repeat");
    CHECK(std::abs(learned.at("omega")[0] - 1) < 1e-9);
    CHECK(learned.at("Cv")[0] > lower);
    lower = learned.at("Cv")[0];
    // Some 57,000 samples are held out of 283,041: their likelihood differs by a few standard errors of about 0.01.
    CHECK(std::abs(learned.at("log_likelihood")[0] - learned.at("log_likelihood_test")[0]) < 0.1);
  }
}

}  // namespace hypnos::boltzmann_test
