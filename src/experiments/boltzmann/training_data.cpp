#include "training_data.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <stdexcept>
#include <string>
#include <tuple>

#include "hypnos/base/error.hpp"
#include "hypnos/base/streams.hpp"
#include "hypnos/base/text.hpp"
#include "hypnos/data/read.hpp"
#include "hypnos/data/statistics.hpp"
#include "hypnos/physics/boltzmann/curie_weiss.hpp"
#include "hypnos/physics/boltzmann/sherrington_kirkpatrick.hpp"
#include "hypnos/physics/boltzmann/unseen_pairs.hpp"

namespace hypnos::boltzmann_machine {

namespace {

using Eigen::MatrixXd, Eigen::VectorXd;

struct Recording {
  Raster raster;
  std::vector<int> columns;  // the neuron of the file behind each of the raster's
};

// The result of `read`; its errors concern the parameter `key`.
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
  auto const all = concerning("file", [&] { return read_raster(p.file, p.dataset); });
  // Chosen from the whole recording, so that every split of the samples sees the same neurons.
  auto const columns = concerning("neurons", [&] { return most_active(all, p.neurons[0]); });
  return {all.with_neurons(columns), columns};
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

Ensemble ensemble(Raster const& samples, double pseudocount = 0) {
  auto const N = samples.neurons();
  auto const moments = empirical_moments(samples, pseudocount);
  constexpr int most = 64;  // neurons of a pattern in one word
  double const entropy = N <= most ? empirical_entropy(samples, pseudocount) : unmeasured;
  return {VectorXd::Map(moments.m.data(), N), MatrixXd::Map(moments.c.data(), N, N), entropy};
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
  auto const repeated = std::unique(labels.begin(), labels.end());
  labels.erase(repeated, labels.end());
  return labels;
}

std::size_t held_out(Parameters const& p, std::size_t blocks) {
  return static_cast<std::size_t>(std::lround(p.test_fraction * static_cast<double>(blocks)));
}

TrainingData recorded(Parameters const& p, Realization& realization) {
  auto const& [raster, columns] = recording(p);
  TrainingData training{.data = {}, .samples = {}, .test = {}, .model = {}, .columns = columns};
  auto learn_from = [&](Raster const& samples) {
    training.data = ensemble(samples, p.pseudocount);
    training.samples = ensemble(samples);
  };
  if (p.test_fraction == 0) {
    learn_from(raster);
  } else {
    auto const label = blocks_of_samples(p, raster.samples());
    auto labels = distinct(label);
    auto rng = realization.stream(streams::data_split);
    rng.shuffle(std::span(labels));
    std::set<int> const tested(labels.begin(), labels.begin() + static_cast<long>(held_out(p, labels.size())));
    std::vector<int> train, test;
    for (int t = 0; t < raster.samples(); ++t) (tested.contains(label[t]) ? test : train).push_back(t);
    learn_from(raster.with_samples(train));
    training.test = ensemble(raster.with_samples(test));
  }
  if (auto const constant = constant_neurons(training.data, columns); !constant.empty())
    throw std::runtime_error("neurons " + joined(constant, ", ") + " never change in the samples to learn from; " +
                             "lower test_fraction = " + format_number(p.test_fraction) +
                             ", choose other neurons or give pseudocount=1");
  return training;
}

TrainingData generated(Parameters const& p, Realization& realization) {
  auto rng = realization.stream(streams::couplings);
  MatrixXd const J = p.data == Data::sk ? sk_couplings(p.N, sk_variance(p), rng) : curie_weiss_couplings(p.N, 1);
  Ising const model{p.beta_d * J, VectorXd::Zero(p.N)};
  auto const moments = exact_moments(model, 1, EnergyVariance::no, realization.blocks());
  return {.data = ensemble(moments), .samples = {}, .test = {}, .model = model, .columns = {}};
}

// A coupling that never converges.
void check_finite(Parameters const& p, Ensemble const& data, std::vector<int> const& columns) {
  if (p.stop != Stop::convergence || p.learning_rule().bounds_couplings()) return;
  auto const unseen = unseen_pairs(data);
  if (unseen.empty()) return;
  auto const [i, j] = unseen.front();
  auto const name = [&](int k) { return std::to_string(columns[static_cast<std::size_t>(k)]); };
  throw BadInput("stop", p.file + ": neurons " + name(i) + " and " + name(j) +
                             " never show one of their four joint states (nor do " + std::to_string(unseen.size() - 1) +
                             " other pairs), and without regularization no finite coupling describes them; give "
                             "pseudocount=1, a below 1, or stop=slope");
}

void check_recording(Parameters const& p) {
  if (p.file.empty()) throw BadInput("file", "data = file, but no file is named; give file=PATH");
  int const N = p.size(), most = p.sampled() ? largest_sampled_N : largest_exact_N;
  if (N < 2 || N > most)
    throw BadInput("neurons", "neurons asks for " + std::to_string(N) + " of them, but moments = " +
                                  (p.sampled() ? "sampled is" : "exact is") + " for 2 to " + std::to_string(most) +
                                  "; give neurons=20 for the 20 most active ones" +
                                  (p.sampled() ? "" : ", or moments=sampled"));
  if (p.N != Parameters{}.N)
    throw BadInput("N", "N = " + std::to_string(p.N) + ", but data = file, whose neurons are chosen by neurons = " +
                            std::to_string(p.neurons[0]) + (p.neurons.size() > 1 ? ", ..." : "") +
                            "; leave N out, or give neurons=" + std::to_string(p.N));

  auto const& [raster, columns] = recording(p);
  auto const data = ensemble(raster, p.pseudocount);
  if (auto const constant = constant_neurons(data, columns); !constant.empty())
    throw BadInput("neurons", p.file + ": neurons " + joined(constant, ", ") +
                                  " never or always fire, and no finite field describes them; choose others with "
                                  "neurons=..., or give pseudocount=1");
  check_finite(p, data, columns);
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
  if (p.N > largest_exact_N)
    throw BadInput("N", "N = " + std::to_string(p.N) +
                            ", but the averages of a generating model are exact, for up to " +
                            std::to_string(largest_exact_N) + "; larger machines learn from recordings (data=file)");
  if (p.pseudocount > 0)
    throw BadInput("pseudocount", "pseudocount = " + format_number(p.pseudocount) +
                                      ", but the averages of a generating model are exact; give data=file");
  if (p.test_fraction > 0)
    throw BadInput("test_fraction", "test_fraction = " + format_number(p.test_fraction) +
                                        ", but samples can be held out of a recording only; give data=file");
}

}  // namespace

TrainingData training_data(Parameters const& p, Realization& realization) {
  return p.data == Data::file ? recorded(p, realization) : generated(p, realization);
}

void check_training_data(Parameters const& p) { p.data == Data::file ? check_recording(p) : check_model(p); }

}  // namespace hypnos::boltzmann_machine
