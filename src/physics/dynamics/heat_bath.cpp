#include "hypnos/physics/dynamics/heat_bath.hpp"

#include <cmath>
#include <stdexcept>
#include <string>

#include "chain_bundle.hpp"
#include "hypnos/base/error.hpp"

namespace hypnos {

namespace {

// 64 spins as two whole numbers: exact in any reader of doubles, which a pattern of 64 bits is not (it may be a NaN).
void write_bits(std::span<std::uint64_t const> bits, std::span<double> numbers) {
  for (std::size_t k = 0; k < bits.size(); ++k) {
    numbers[2 * k] = static_cast<double>(bits[k] & 0xffffffff);
    numbers[2 * k + 1] = static_cast<double>(bits[k] >> 32);
  }
}

void read_bits(std::span<double const> numbers, std::span<std::uint64_t> bits) {
  for (std::size_t k = 0; k < bits.size(); ++k)
    bits[k] = static_cast<std::uint64_t>(numbers[2 * k]) | static_cast<std::uint64_t>(numbers[2 * k + 1]) << 32;
}

}  // namespace

HeatBath::HeatBath(int N, int chains, Rng const& stream)
    : N_(N), chains_(chains), bundles_((chains + ChainBundle::lanes - 1) / ChainBundle::lanes), stream_(stream) {
  if (N < 1) throw std::domain_error("Markov chains need at least one spin");
  if (chains < fewest_chains || chains > most_chains)
    throw BadInput("chains", "chains = " + std::to_string(chains) + ", but must lie in [" +
                                 std::to_string(fewest_chains) + ", " + std::to_string(most_chains) +
                                 "]: statistical errors are estimated from the spread over independent chains");
  spins_.resize(static_cast<std::size_t>(bundles_) * static_cast<std::size_t>(N));
  run({Eigen::MatrixXd::Zero(N, N), Eigen::VectorXd::Zero(N)}, 0, 1);
}

std::vector<double> HeatBath::with_bundles(Ising const& model, int size, Task const& task, BlockMap const& blocks) {
  SingleIsing const single{model.J.cast<float>(), model.h.cast<float>()};
  if (model.size() != N_ || !single.J.allFinite() || !single.h.allFinite())
    throw std::domain_error("Markov chains of " + std::to_string(N_) + " spins need as many, and finite J and h");

  auto const N = static_cast<std::size_t>(N_);
  auto const spins_of = [N](auto& all, int k) { return std::span(all).subspan(static_cast<std::size_t>(k) * N, N); };
  // A block: the results, the sweeps done since the start, the spins.
  auto const results = static_cast<std::size_t>(size);
  auto const fill = [&](int k, std::span<double> block) {
    int const first = k * ChainBundle::lanes;
    auto const spins = spins_of(std::as_const(spins_), k);
    ChainBundle bundle(single, stream_, first, std::min(chains_ - first, ChainBundle::lanes), sweeps_, spins);
    task(bundle, block.first(results));
    block[results] = static_cast<double>(bundle.sweeps());
    std::vector<std::uint64_t> bits(N);
    bundle.pack(bits);
    write_bits(bits, block.subspan(results + 1));
  };
  auto const width = results + 1 + 2 * N;
  auto const filled = blocks(bundles_, static_cast<int>(width), fill);

  std::vector<double> all;
  for (int k = 0; k < bundles_; ++k) {
    auto const block = std::span(filled).subspan(static_cast<std::size_t>(k) * width, width);
    all.insert(all.end(), block.begin(), block.begin() + size);
    sweeps_ = static_cast<std::uint64_t>(block[results]);
    read_bits(block.subspan(results + 1), spins_of(spins_, k));
  }
  return all;
}

void HeatBath::run(Ising const& model, double beta, int sweeps, BlockMap const& blocks) {
  auto const task = [&](ChainBundle& bundle, std::span<double>) {
    for (int t = 0; t < sweeps; ++t) bundle.sweep(beta);
  };
  with_bundles(model, 0, task, blocks);
}

Eigen::MatrixXd HeatBath::spins() const {
  Eigen::MatrixXd spins(N_, chains_);
  for (int k = 0; k < chains_; ++k)
    for (int i = 0; i < N_; ++i) {
      auto const word = spins_[static_cast<std::size_t>(k / ChainBundle::lanes * N_ + i)];
      spins(i, k) = word >> (k % ChainBundle::lanes) & 1 ? 1 : -1;
    }
  return spins;
}

std::vector<double> HeatBath::state() const {
  std::vector<double> state(1 + 2 * spins_.size());
  state[0] = static_cast<double>(sweeps_);
  write_bits(spins_, std::span(state).subspan(1));
  return state;
}

void HeatBath::restore(std::vector<double> const& state) {
  if (state.size() != 1 + 2 * spins_.size())
    throw std::invalid_argument("a state of " + std::to_string(state.size()) + " numbers is not one of " +
                                std::to_string(chains_) + " chains of " + std::to_string(N_) + " spins");
  sweeps_ = static_cast<std::uint64_t>(state[0]);
  read_bits(std::span(state).subspan(1), spins_);
}

}  // namespace hypnos
