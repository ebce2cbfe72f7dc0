#include "hypnos/physics/boltzmann/sampled_moments.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <utility>
#include <vector>

#include "dynamics/chain_bundle.hpp"
#include "dynamics/spin_record.hpp"

namespace hypnos {

namespace {

using Eigen::ArrayXd;
using Eigen::Index;
using Row = Eigen::Array<std::uint64_t, Eigen::Dynamic, 1>;

// The number of sweeps in which the spins of a pair j < i were unlike, and its square, summed over chains: whole numbers,
// so the order of sums does not matter. Spin 0 is always up.
struct Counts {
  std::vector<Row> sums, squares;  // row i: at least i long

  Counts(SpinRecord const& record, ChainBundle& bundle)
      : sums(static_cast<std::size_t>(record.spins()), Row::Zero(std::ssize(record.word(0, 0)))), squares(sums) {
    Row unlike(sums[0].size());
    for (std::size_t i = 1; i < sums.size(); ++i) {
      auto const width = static_cast<Index>(i + 7) / 8 * 8;  // whole vectors; pairs j >= i are not used
      auto* const sum = sums[i].data();
      auto* const square = squares[i].data();
      for (int l = 0; l < bundle.used(); ++l) {
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
        bundle.work().add(static_cast<std::uint64_t>(width * (record.words() + 1)) / 2);
      }
    }
  }

  // All pairs, row by row.
  static std::span<double>::iterator write(std::vector<Row> const& rows, std::span<double>::iterator to) {
    for (std::size_t i = 1; i < rows.size(); ++i) to = std::copy_n(rows[i].data(), i, to);
    return to;
  }
};

// Pairs of the N spins and the one that is always up.
int pairs_of(int N) { return N * (N + 1) / 2; }

struct Estimate {
  double mean, error;
};

// NaN in the place of a spread of 0, which is no error.
double unless_zero(double error) { return error > 0 ? error : std::numeric_limits<double>::quiet_NaN(); }

// Of the average 1 - 2 n / T of a sign that was -1 in n of T sweeps, from the sums of n and n^2 over chains.
Estimate sign_estimate(double sum, double squares, double chains, double sweeps) {
  double const n = sum / chains;
  double const variance = (squares / chains - n * n) / (chains - 1);
  return {1 - 2 * n / sweeps, unless_zero(2 * std::sqrt(std::max(0., variance)) / sweeps)};  // rounding may go below 0
}

double standard_error(ArrayXd const& x) {
  auto const R = static_cast<double>(x.size());
  return std::sqrt((x - x.mean()).square().sum() / (R * (R - 1)));
}

}  // namespace

MomentSampling::MomentSampling(HeatBath& chains, Ising model, double beta, int discarded, int sweeps, BlockMap blocks)
    : ChainMeasurement(chains, std::move(model), beta, discarded, sweeps,
                       2 * pairs_of(chains.size()) + 2 * ChainBundle::lanes, std::move(blocks)),
      counts_(ArrayXd::Zero(2 * pairs_of(chains.size()))),
      energy_(ArrayXd::Zero(chains.chains())),
      square_(energy_) {
  if (sweeps < 1) throw std::domain_error("sampled moments need at least one sweep");
}

// Results: counts, their squares, and of every chain the averages of E and E^2 over time.
void MomentSampling::measure(ChainBundle& bundle, std::span<double> results) const {
  SpinRecord record(spins(), sweeps());
  ChainBundle::Energies energy = ChainBundle::Energies::Zero(), square = energy;
  bundle.energies();
  for (int t = 0; t < sweeps(); ++t) {
    bundle.sweep(beta());
    record.add(bundle);
    energy += bundle.energies();
    square += bundle.energies().square();
  }
  Counts const counts(record, bundle);
  auto to = Counts::write(counts.squares, Counts::write(counts.sums, results.begin()));
  for (auto const& sums : {energy, square})
    for (double const sum : sums) *to++ = sum / sweeps();
}

void MomentSampling::collect(int first, int count, std::span<double const> results) {
  counts_ += ArrayXd::Map(results.data(), counts_.size());
  energy_.segment(first, count) = ArrayXd::Map(results.data() + counts_.size(), count);
  square_.segment(first, count) = ArrayXd::Map(results.data() + counts_.size() + ChainBundle::lanes, count);
}

SampledMoments MomentSampling::result() const {
  Index const N = spins(), pairs = pairs_of(spins());
  SampledMoments sampled{.mean = {.log_Z = std::numeric_limits<double>::quiet_NaN(),
                                  .m = Eigen::VectorXd::Zero(N),
                                  .c = Eigen::MatrixXd::Identity(N, N)},
                         .m_error = Eigen::VectorXd::Zero(N),
                         .c_error = Eigen::MatrixXd::Zero(N, N)};
  bool const has_field = model().has_field();
  Index pair = 0;
  for (Index i = 0; i < N; ++i)
    for (Index j = -1; j < i; ++j, ++pair) {  // -1: the spin that is always up
      auto const [mean, error] =
          sign_estimate(counts_(pair), counts_(pairs + pair), static_cast<double>(chains()), sweeps());
      if (j >= 0) {
        sampled.mean.c(i, j) = sampled.mean.c(j, i) = mean;
        sampled.c_error(i, j) = sampled.c_error(j, i) = error;
      } else if (has_field) {
        sampled.mean.m(i) = mean;
        sampled.m_error(i) = error;
      }
    }
  sampled.mean.energy = energy_.mean();
  double const error = standard_error(energy_), of_variance = standard_error(square_ - 2 * energy_.mean() * energy_);
  // <E>^2 is estimated too large by the square of its error.
  sampled.mean.energy_variance = square_.mean() - std::pow(energy_.mean(), 2) + std::pow(error, 2);
  bool const without_energy = !has_field && model().J.isZero(0);  // E = 0, exactly
  sampled.energy_error = without_energy ? 0 : unless_zero(error);
  sampled.energy_variance_error = without_energy ? 0 : unless_zero(of_variance);
  return sampled;
}

SampledMoments sampled_moments(HeatBath& chains, Ising const& model, double beta, int sweeps, BlockMap const& blocks) {
  MomentSampling sampling(chains, model, beta, 0, sweeps, blocks);
  sampling.finish();
  return sampling.result();
}

}  // namespace hypnos
