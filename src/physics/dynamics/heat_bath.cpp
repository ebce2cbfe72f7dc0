#include "hypnos/physics/dynamics/heat_bath.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

#include "chain_bundle.hpp"

namespace hypnos {

namespace {

// 64 spins as two whole numbers, which every copy of doubles preserves; a double with these 64 bits may be a NaN.
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

HeatBath::HeatBath(int N, int chains, Rng const& stream) : N_(N), chains_(chains), stream_(stream) {
  if (N < 1) throw std::domain_error("Markov chains need at least one spin");
  if (chains < fewest_chains || chains > most_chains)
    throw std::domain_error(std::to_string(chains) + " Markov chains, but their number must lie in [" +
                            std::to_string(fewest_chains) + ", " + std::to_string(most_chains) +
                            "]: statistical errors are estimated from the spread over independent chains");
  sweeps_.resize(static_cast<std::size_t>(bundles()));
  spins_.resize(sweeps_.size() * static_cast<std::size_t>(N));
  run({Eigen::MatrixXd::Zero(N, N), Eigen::VectorXd::Zero(N)}, 0, 1);
}

int HeatBath::bundles() const { return (chains_ + ChainBundle::lanes - 1) / ChainBundle::lanes; }

// A fit to AVX-512; elsewhere it is too small by up to four.
double HeatBath::seconds_of_sweep() const { return ChainBundle::lanes * 1e-9 * N_ * (N_ + 60) / 80; }

std::vector<double> HeatBath::with_bundles(Ising const& model, int first, int count, int size, Task const& task,
                                           BlockMap const& blocks) {
  SingleIsing const single{model.J.cast<float>(), model.h.cast<float>()};
  if (model.size() != N_ || !single.J.allFinite() || !single.h.allFinite())
    throw std::domain_error("Markov chains of " + std::to_string(N_) + " spins need as many, and finite J and h");

  auto const N = static_cast<std::size_t>(N_);
  auto const spins_of = [N](auto& all, int k) { return std::span(all).subspan(static_cast<std::size_t>(k) * N, N); };
  // A block: the results, the sweeps done since the start, the spins.
  auto const results = static_cast<std::size_t>(size);
  auto const fill = [&](int k, std::span<double> block) {
    int const chain = (first + k) * ChainBundle::lanes;
    auto const spins = spins_of(std::as_const(spins_), first + k);
    auto const sweeps = sweeps_[static_cast<std::size_t>(first + k)];
    ChainBundle bundle(single, stream_, chain, std::min(chains_ - chain, ChainBundle::lanes), sweeps, spins, blocks);
    task(bundle, block.first(results));
    block[results] = static_cast<double>(bundle.sweeps());
    std::vector<std::uint64_t> bits(N);
    bundle.pack(bits);
    write_bits(bits, block.subspan(results + 1));
  };
  auto const width = results + 1 + 2 * N;
  auto const filled = blocks(count, static_cast<int>(width), fill);

  std::vector<double> all;
  all.reserve(static_cast<std::size_t>(count) * results);
  for (int k = 0; k < count; ++k) {
    auto const block = std::span(filled).subspan(static_cast<std::size_t>(k) * width, width);
    all.insert(all.end(), block.begin(), block.begin() + size);
    sweeps_[static_cast<std::size_t>(first + k)] = static_cast<std::uint64_t>(block[results]);
    read_bits(block.subspan(results + 1), spins_of(spins_, first + k));
  }
  return all;
}

void HeatBath::run(Ising const& model, double beta, int sweeps, BlockMap const& blocks) {
  auto const task = [&](ChainBundle& bundle, std::span<double>) {
    for (int t = 0; t < sweeps; ++t) bundle.sweep(beta);
  };
  with_bundles(model, 0, bundles(), 0, task, blocks);
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

}  // namespace hypnos
