#include "hypnos/physics/boltzmann/sampled_moments.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "dynamics/chain_bundle.hpp"
#include "dynamics/spin_record.hpp"

namespace hypnos {

namespace {

using Eigen::ArrayXd;
using Eigen::Index;
using Row = Eigen::Array<std::uint64_t, Eigen::Dynamic, 1>;

// In how many sweeps the spins of every pair j < i were unlike, and the squares of that, summed over chains: whole
// numbers, so the order of sums does not matter. Spin 0 is the one that is always up.
struct Counts {
  std::vector<Row> sums, squares;  // row i: at least i long

  Counts(SpinRecord const& record, int chains)
      : sums(static_cast<std::size_t>(record.spins()), Row::Zero(std::ssize(record.word(0, 0)))), squares(sums) {
    Row unlike(sums[0].size());
    for (std::size_t i = 1; i < sums.size(); ++i) {
      auto const width = static_cast<Index>(i + 7) / 8 * 8;  // whole vectors: pairs j >= i count for nothing
      auto* const sum = sums[i].data();
      auto* const square = squares[i].data();
      for (int l = 0; l < chains; ++l) {
        unlike.head(width).setZero();
        for (int w = 0; w < record.words(); ++w) {
          auto const spins = record.word(l, w);
          auto const own = spins[i];
          for (Index j = 0; j < width; ++j)
            unlike[j] += static_cast<unsigned>(std::popcount(own ^ spins[static_cast<std::size_t>(j)]));
        }
        for (Index j = 0; j < width; ++j) {
          sum[j] += unlike[j];
          square[j] += unlike[j] * unlike[j];
        }
      }
    }
  }

  // All pairs, row by row.
  static std::span<double>::iterator write(std::vector<Row> const& rows, std::span<double>::iterator to) {
    for (std::size_t i = 1; i < rows.size(); ++i) to = std::copy_n(rows[i].data(), i, to);
    return to;
  }
};

struct Estimate {
  double mean, error;
};

// Of the average 1 - 2 n / T of a sign that was -1 in n of T sweeps, from the sums of n and n^2 over chains.
Estimate sign_estimate(double sum, double squares, double chains, double sweeps) {
  double const n = sum / chains;
  double const variance = (squares / chains - n * n) / (chains - 1);
  return {1 - 2 * n / sweeps, 2 * std::sqrt(std::max(0., variance)) / sweeps};  // rounding may go below 0
}

double standard_error(ArrayXd const& x) {
  auto const R = static_cast<double>(x.size());
  return std::sqrt((x - x.mean()).square().sum() / (R * (R - 1)));
}

}  // namespace

SampledMoments sampled_moments(HeatBath& chains, Ising const& model, double beta, int sweeps, BlockMap const& blocks) {
  if (sweeps < 1) throw std::domain_error("sampled moments need at least one sweep");
  Index const N = chains.size(), R = chains.chains(), pairs = N * (N + 1) / 2;
  constexpr Index lanes = ChainBundle::lanes;

  // Results of a bundle: counts, their squares, and of every chain the averages of E and E^2 over time.
  auto const task = [&](ChainBundle& bundle, std::span<double> results) {
    SpinRecord record(chains.size(), sweeps);
    ChainBundle::Energies energy = ChainBundle::Energies::Zero(), square = energy;
    bundle.energies();
    for (int t = 0; t < sweeps; ++t) {
      bundle.sweep(beta);
      record.add(bundle);
      energy += bundle.energies();
      square += bundle.energies().square();
    }
    Counts const counts(record, bundle.used());
    auto to = Counts::write(counts.squares, Counts::write(counts.sums, results.begin()));
    for (auto const& sums : {energy, square})
      for (double const sum : sums) *to++ = sum / sweeps;
  };
  Index const width = 2 * pairs + 2 * lanes;
  auto const results = chains.with_bundles(model, static_cast<int>(width), task, blocks);

  ArrayXd counts = ArrayXd::Zero(2 * pairs), energy(R), square(R);
  for (Index first = 0; first < R; first += lanes) {
    auto const* const bundle = results.data() + first / lanes * width;
    auto const used = std::min(R - first, lanes);
    counts += ArrayXd::Map(bundle, counts.size());
    energy.segment(first, used) = ArrayXd::Map(bundle + counts.size(), used);
    square.segment(first, used) = ArrayXd::Map(bundle + counts.size() + lanes, used);
  }

  SampledMoments sampled{.mean = {.log_Z = std::numeric_limits<double>::quiet_NaN(),
                                  .m = Eigen::VectorXd::Zero(N),
                                  .c = Eigen::MatrixXd::Identity(N, N)},
                         .m_error = Eigen::VectorXd::Zero(N),
                         .c_error = Eigen::MatrixXd::Zero(N, N)};
  bool const has_field = model.has_field();
  Index pair = 0;
  for (Index i = 0; i < N; ++i)
    for (Index j = -1; j < i; ++j, ++pair) {  // -1: the spin that is always up
      auto const [mean, error] = sign_estimate(counts(pair), counts(pairs + pair), static_cast<double>(R), sweeps);
      if (j >= 0) {
        sampled.mean.c(i, j) = sampled.mean.c(j, i) = mean;
        sampled.c_error(i, j) = sampled.c_error(j, i) = error;
      } else if (has_field) {
        sampled.mean.m(i) = mean;
        sampled.m_error(i) = error;
      }
    }
  sampled.mean.energy = energy.mean();
  sampled.energy_error = standard_error(energy);
  // <E>^2 is estimated too large by the square of its error.
  sampled.mean.energy_variance = square.mean() - std::pow(energy.mean(), 2) + std::pow(sampled.energy_error, 2);
  sampled.energy_variance_error = standard_error(square - 2 * energy.mean() * energy);
  return sampled;
}

}  // namespace hypnos
