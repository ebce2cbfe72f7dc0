#include "hypnos/physics/boltzmann/autocorrelation.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <stdexcept>
#include <utility>
#include <vector>

#include "dynamics/chain_bundle.hpp"
#include "dynamics/spin_record.hpp"
#include "statistics/jackknife.hpp"

namespace hypnos {

namespace {

using Eigen::ArrayXd;
using Eigen::ArrayXXd;
using Eigen::Index;

constexpr double window_in_tau = 6;

// 1/N sum_i s_i(t) s_i(t + lag), averaged over the times 0 <= t < sweeps - lag of one chain. Spin 0 of the record, which
// is always up, contributes nothing.
double overlap(SpinRecord const& record, int chain, int lag) {
  int const times = record.sweeps() - lag, ahead = lag / 64, shift = lag % 64;
  std::vector<std::uint64_t> const none(record.word(chain, 0).size());
  std::uint64_t unlike = 0;
  for (int w = 0; 64 * w < times; ++w) {
    auto const now = record.word(chain, w);
    auto const low = record.word(chain, w + ahead);
    auto const high = w + ahead + 1 < record.words() ? record.word(chain, w + ahead + 1) : std::span(none);
    auto const counted = times - 64 * w >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << (times - 64 * w)) - 1;
    for (std::size_t i = 0; i < now.size(); ++i) {
      auto const later = low[i] >> shift | high[i] << 1 << (63 - shift);
      unlike += static_cast<std::uint64_t>(std::popcount((now[i] ^ later) & counted));
    }
  }
  return 1 - 2 * static_cast<double>(unlike) / (static_cast<double>(record.spins() - 1) * times);
}

double magnetization(SpinRecord const& record, int chain, int i) {
  int up = 0;
  for (int w = 0; w < record.words(); ++w) up += std::popcount(record.word(chain, w)[static_cast<std::size_t>(i) + 1]);
  return 2. * up / record.sweeps() - 1;
}

// rho from sums over R chains: of their overlaps at all lags, of m_i, and of sum_i m_i^2.
ArrayXd normalized(ArrayXd const& overlaps, ArrayXd const& m, double m2, double R) {
  double const q_inf = (m.square().sum() - m2) / (R * (R - 1)) / static_cast<double>(m.size());
  return (overlaps / R - q_inf) / (1 - q_inf);
}

double integrated(ArrayXd const& rho, int window) { return 0.5 + rho.segment(1, window).sum(); }

}  // namespace

AutocorrelationMeasurement::AutocorrelationMeasurement(HeatBath& chains, Ising model, double beta, int discarded,
                                                       int sweeps, int lags, BlockMap blocks)
    : ChainMeasurement(chains, std::move(model), beta, discarded, sweeps,
                       ChainBundle::lanes * (lags + 1 + chains.size()), std::move(blocks)),
      lags_(lags) {
  if (lags < 1 || lags >= sweeps) throw std::domain_error("time correlations need 1 <= lags < sweeps");
  of_chains_ = ArrayXXd::Zero(lags + 1 + spins(), chains.chains());
}

void AutocorrelationMeasurement::measure(ChainBundle& bundle, std::span<double> results) const {
  SpinRecord record(spins(), sweeps());
  for (int t = 0; t < sweeps(); ++t) {
    bundle.sweep(beta());
    record.add(bundle);
  }
  auto to = results.begin();
  for (int l = 0; l < bundle.used(); ++l) {
    for (int lag = 0; lag <= lags_; ++lag) {
      *to++ = overlap(record, l, lag);
      bundle.work().add(record.word(l, 0).size() * static_cast<std::size_t>(record.words()));
    }
    for (int i = 0; i < spins(); ++i) *to++ = magnetization(record, l, i);
  }
}

void AutocorrelationMeasurement::collect(int first, int count, std::span<double const> results) {
  of_chains_.middleCols(first, count) = ArrayXXd::Map(results.data(), of_chains_.rows(), count);
}

Autocorrelation AutocorrelationMeasurement::result() const {
  int const R = chains();
  auto const overlaps = of_chains_.topRows(lags_ + 1);
  ArrayXXd m = of_chains_.bottomRows(spins());
  if (!model().has_field()) m.setZero();
  ArrayXd const all_overlaps = overlaps.rowwise().sum(), all_m = m.rowwise().sum();
  ArrayXd const m2 = m.square().colwise().sum();
  double const all_m2 = m2.sum();

  double const nan = std::numeric_limits<double>::quiet_NaN();
  Autocorrelation result{.rho = normalized(all_overlaps, all_m, all_m2, R), .error = ArrayXd(lags_ + 1)};
  ArrayXXd without(lags_ + 1, R);
  for (Index r = 0; r < R; ++r)
    without.col(r) = normalized(all_overlaps - overlaps.col(r), all_m - m.col(r), all_m2 - m2(r), R - 1);
  // Chains that all have the same overlap, as when no spin flips in any of them, say nothing about the error. At lag 0
  // it is 0, since rho is 1.
  for (Index lag = 0; lag <= lags_; ++lag) {
    bool const no_spread = lag > 0 && (overlaps.row(lag) == overlaps(lag, 0)).all();
    result.error(lag) = no_spread ? nan : jackknife_error(without.row(lag));
  }

  result.tau = result.tau_error = nan;
  while (++result.window <= lags_) {
    double const tau = integrated(result.rho, result.window);
    if (result.window < window_in_tau * tau) continue;
    result.tau = tau;
    ArrayXd taus(R);
    for (Index r = 0; r < R; ++r) taus(r) = integrated(without.col(r), result.window);
    result.tau_error = jackknife_error(taus);
    break;
  }
  return result;
}

Autocorrelation autocorrelation(HeatBath& chains, Ising const& model, double beta, int sweeps, int lags,
                                BlockMap const& blocks) {
  AutocorrelationMeasurement measurement(chains, model, beta, 0, sweeps, lags, blocks);
  measurement.finish();
  return measurement.result();
}

}  // namespace hypnos
