#include "hypnos/physics/memories/noise_training.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>

#include "hypnos/base/fraction.hpp"
#include "hypnos/physics/memories/hebb.hpp"
#include "hypnos/physics/memories/unlearning.hpp"

namespace hypnos {

using Eigen::Index;
using Eigen::MatrixXd;

namespace {

constexpr std::size_t block = SignBlock::size;
static_assert(block == IntegerCouplings::steps_between_ranges);

[[noreturn]] void refuse(std::string const& what) { throw std::domain_error("training with noise: " + what); }

void check(NoiseRule const& rule, Index N) {
  if (N < 1 || N > NoiseTraining::most_neurons)
    refuse("a network has 1 to " + std::to_string(NoiseTraining::most_neurons) + " neurons");
  if (!(rule.lambda > 0) || !std::isfinite(rule.lambda)) refuse("the rate lambda must be positive and finite");
  if (!(rule.m_t >= 0 && rule.m_t <= 1)) refuse("the training overlap m_t must lie in [0, 1]");
  if (rule.symmetric && rule.rescaled) refuse("the symmetric rule has no rescaled rate");
}

double rate_of_root(NoiseRule const& rule, double N) { return rule.lambda / (N * std::sqrt(N)); }

// In a block of steps sigma grows at most by the factor growth, since each step adds at most lambda^2 sigma^2 / N^2 to
// sigma^2. Sums are at most N sigma.
int smallest_sigma(NoiseRule const& rule, double N) {
  constexpr double smallest_step = 16;  // which is lambda sigma_i / N rounded to 3 % or less
  double const share = 1.1 * rule.lambda / N;
  double const growth = std::pow(1 + share * share, block / 2.);
  double const largest = static_cast<double>(IntegerCouplings::largest_sum) / (N * growth);
  int const exponent = largest > 8 ? std::ilogb(largest) - 2 : 0;
  if (exponent < 1) refuse("a rescaled rate lambda of this size needs couplings of more than 32 bits; lower it");
  if (N > 1 && std::ldexp(rule.lambda / N, exponent) < smallest_step)
    refuse("a rescaled rate lambda below " + std::to_string(smallest_step * N / std::ldexp(1., exponent)) +
           " needs couplings of more than 32 bits at this N; raise it or do not rescale it");
  return exponent;
}

// The largest change of a sum of |K_ij| over j by a block.
std::int64_t change_by_block(int step, Index N, NoiseRule const& rule) {
  return std::int64_t{block} * step * N * (rule.symmetric ? 2 : 1);
}

std::int64_t largest_sum(Eigen::MatrixXi const& K) {
  return K.cast<std::int64_t>().cwiseAbs().rowwise().sum().maxCoeff();
}

void bring_all_into_range(IntegerCouplings& couplings) {
  for (Index i = 0; i < couplings.K.rows(); ++i)
    couplings.bring_into_range(couplings.K.row(i), i, couplings.squares(i));
}

}  // namespace

void require_possible(NoiseRule const& rule, int N) {
  check(rule, N);
  if (rule.rescaled) smallest_sigma(rule, N);
}

std::int64_t IntegerCouplings::squares(Index i) const { return K.row(i).cast<std::int64_t>().squaredNorm(); }

std::int64_t IntegerCouplings::bring_into_range(Row row, Index i, std::int64_t squares) {
  auto const smallest = row.size() * (std::int64_t{1} << 2 * smallest_sigma);
  if (squares == 0) return 0;
  for (; squares < smallest; squares *= 4, ++halvings(i)) row *= 2;
  for (; squares >= 16 * smallest; squares = row.cast<std::int64_t>().squaredNorm(), --halvings(i)) row /= 2;
  return squares;
}

MatrixXd IntegerCouplings::J() const {
  return MatrixXd::NullaryExpr(K.rows(), K.cols(),
                               [&](Index i, Index j) { return std::ldexp(unit * K(i, j), -halvings(i)); });
}

IntegerCouplings hebbian_integers(MatrixXd const& xi, NoiseRule const& rule) {
  auto const N = xi.cols();
  check(rule, N);
  if (!(xi.array().abs() == 1).all()) refuse("a pattern has an entry other than +1 and -1");
  IntegerCouplings couplings;
  couplings.K = hebbian_sums(xi).cast<int>();  // exact: sums of fewer than 2^31 signs
  couplings.halvings.setZero(N);
  couplings.unit = 1. / static_cast<double>(N);
  if (rule.rescaled) {
    couplings.smallest_sigma = smallest_sigma(rule, static_cast<double>(N));
    bring_all_into_range(couplings);
    return couplings;
  }
  auto const rate = fraction(rule.lambda);
  if (!rate) refuse("from Hebb's couplings the rate lambda must be a fraction r / q, q up to 1000000");
  couplings.step = rate->r;
  couplings.unit /= rate->q;
  if (largest_sum(couplings.K) * rate->q + 2 * change_by_block(couplings.step, N, rule) > IntegerCouplings::largest_sum)
    refuse("couplings in units of the rate lambda need more than 32 bits; raise lambda");
  couplings.K *= rate->q;
  return couplings;
}

IntegerCouplings rounded_to_integers(MatrixXd const& J, NoiseRule const& rule) {
  auto const N = J.cols();
  check(rule, N);
  if (J.rows() != N || !J.allFinite()) refuse("couplings are a square matrix of finite numbers");
  if (!(J.diagonal().array() == 0).all()) refuse("a neuron is coupled to itself");
  if (rule.symmetric && J != J.transpose()) refuse("the symmetric rule needs symmetric couplings");
  IntegerCouplings couplings;
  couplings.K.setZero(N, N);
  couplings.halvings.setZero(N);
  auto const round = [&](Index i, double scale) {
    for (Index j = 0; j < N; ++j) couplings.K(i, j) = static_cast<int>(std::nearbyint(J(i, j) * scale));
  };
  if (rule.rescaled) {
    couplings.smallest_sigma = smallest_sigma(rule, static_cast<double>(N));
    for (Index i = 0; i < N; ++i) {
      double const sigma = J.row(i).norm() / std::sqrt(static_cast<double>(N));
      if (!(sigma > 0)) continue;
      couplings.halvings(i) = couplings.smallest_sigma - std::ilogb(sigma);
      round(i, std::ldexp(1., couplings.halvings(i)));
    }
    bring_all_into_range(couplings);
    return couplings;
  }
  // The largest power of 2 in a step for which sums, and changes by a block, stay below a quarter of what fits.
  couplings.unit = rule.lambda / static_cast<double>(N);
  double const sum = J.cwiseAbs().rowwise().sum().maxCoeff();
  constexpr std::int64_t most = IntegerCouplings::largest_sum / 4;
  auto const fits = [&](int step) {
    return sum / rule.lambda * static_cast<double>(N) * step + static_cast<double>(N) <= static_cast<double>(most) &&
           change_by_block(step, N, rule) <= most;
  };
  if (!fits(1)) refuse("couplings in units of lambda / N need more than 32 bits; raise lambda");
  constexpr int finest = 1 << 20;
  while (sum > 0 && couplings.step < finest && fits(2 * couplings.step)) couplings.step *= 2;
  couplings.unit /= couplings.step;
  for (Index i = 0; i < N; ++i) round(i, 1 / couplings.unit);
  return couplings;
}

std::uint64_t noise_threshold(double m_t) { return static_cast<std::uint64_t>(std::llround(0x1p31 * (1 + m_t))); }

MatrixXd gaussian_couplings(int N, Rng& rng) {
  MatrixXd J = MatrixXd::Zero(N, N);
  for (Index i = 0; i < N; ++i)
    for (Index j = 0; j < N; ++j)
      if (i != j) J(i, j) = rng.normal();
  return J;
}

NoiseTraining::NoiseTraining(MatrixXd const& xi, IntegerCouplings couplings, NoiseRule rule, Rng const& stream)
    : N_(static_cast<int>(xi.cols())),
      rule_(rule),
      couplings_(std::move(couplings)),
      stream_(stream),
      S_(static_cast<std::size_t>(N_)) {
  check(rule, N_);
  if (xi.rows() < 1) refuse("there are no patterns");
  if (!(xi.array().abs() == 1).all()) refuse("a pattern has an entry other than +1 and -1");
  if (couplings_.K.rows() != N_ || couplings_.K.cols() != N_) refuse("couplings and patterns differ in size");

  auto const words = S_.words();
  patterns_.resize(static_cast<std::size_t>(xi.rows()) * words);
  for (Index mu = 0; mu < xi.rows(); ++mu)
    for (Index i = 0; i < N_; ++i)
      patterns_[static_cast<std::size_t>(mu) * words + static_cast<std::size_t>(i) / 32] |=
          static_cast<std::uint32_t>(xi(mu, i) > 0) << i % 32;
  if (rule.rescaled)
    for (Index i = 0; i < N_; ++i) squares_.push_back(couplings_.squares(i));
  else largest_sum_ = largest_sum(couplings_.K);

  auto const height = static_cast<Index>(SignBlock::padded(static_cast<std::size_t>(N_)));
  K_.setZero(height, N_);
  K_.topRows(N_) = couplings_.K;
  couplings_.K.resize(0, 0);
  sums_.resize(height, block);
  changes_.resize(height, block);
  xi_words_.resize(block * words);
  S_words_.resize(block * words);
}

IntegerCouplings NoiseTraining::couplings() const {
  auto couplings = couplings_;
  couplings.K = K_.topRows(N_);
  return couplings;
}

void NoiseTraining::train(std::int64_t steps) {
  while (steps > 0) {
    auto const count = std::min<std::int64_t>(steps, static_cast<std::int64_t>(block) - steps_ % block);
    make_room();
    train_block(static_cast<int>(count));
    steps_ += count;
    steps -= count;
  }
}

// `largest_sum_` is a bound, raised by the largest change of a block; the true one is computed when the bound reaches
// the limit. With a rescaled rate the range of the rows leaves room.
void NoiseTraining::make_room() {
  if (rule_.rescaled) {
    if (steps_ % IntegerCouplings::steps_between_ranges != 0) return;
    for (Index i = 0; i < N_; ++i) {
      auto& squares = squares_[static_cast<std::size_t>(i)];
      squares = couplings_.bring_into_range(K_.row(i), i, squares);
    }
    return;
  }
  auto const change = change_by_block(couplings_.step, N_, rule_);
  if (largest_sum_ + change > IntegerCouplings::largest_sum) largest_sum_ = largest_sum(K_);
  if (largest_sum_ + change > IntegerCouplings::largest_sum)
    throw std::overflow_error("training with noise: the couplings have outgrown 32 bits");
  largest_sum_ += change;
}

struct NoiseTraining::Numbers {
  NoiseTraining& training;

  std::uint32_t bits() {
    if (training.used_words_ == training.words_.size()) {
      training.stream_.fill(training.words_);
      training.used_words_ = 0;
    }
    return training.words_[training.used_words_++];
  }
};

void NoiseTraining::draw(int count) {
  auto const N = static_cast<std::size_t>(N_), words = S_.words();
  auto const P = static_cast<std::uint32_t>(patterns_.size() / words);
  auto const threshold = noise_threshold(rule_.m_t);
  Numbers numbers{*this};
  for (std::size_t d = 0; d < static_cast<std::size_t>(count); ++d) {
    auto const* const pattern = &patterns_[uniform_below(P, numbers) * words];
    for (std::size_t w = 0; w < words; ++w) {
      xi_words_[d * words + w] = pattern[w];
      S_words_[d * words + w] = ~(pattern[w] ^ noise_word(threshold, numbers));
    }
    // Bits beyond N are 0.
    if (N % 32 != 0) S_words_[(d + 1) * words - 1] &= (std::uint32_t{1} << N % 32) - 1;
  }
  S_.assign(S_words_);
}

void NoiseTraining::train_block(int count) {
  draw(count);
  auto const height = static_cast<std::size_t>(K_.rows());
  S_.multiply(K_.data(), height, sums_.data());
  if (rule_.symmetric) return update_symmetric(count);
  SignBlock::Changes const changes{.wanted = xi_words_.data(),
                                   .count = static_cast<std::size_t>(count),
                                   .zero_counts = rule_.zero_field_updates,
                                   .step = couplings_.step,
                                   .rate = rule_.rescaled ? rate_of_root(rule_, N_) : 0,
                                   .squares = squares_.data()};
  S_.correct(height, sums_.data(), changes, changes_.data());
  S_.add_outer(K_.data(), height, changes_.data());
  K_.diagonal().setZero();
}

// Step by step for all rows: with c_i = step eps_i xi_i of step d, the sums of a later step e change by
//   sum_{j != i} (c_i S_j^d + c_j S_i^d) S_j^e = c_i G_de + S_i^d E_e - 2 c_i S_i^d S_i^e,
// G_de = sum_j S_j^d S_j^e, E_e = sum_j c_j S_j^e.
void NoiseTraining::update_symmetric(int count) {
  auto const words = S_.words();
  auto const signs = [&](std::vector<std::uint32_t> const& of, Index d) {
    return Eigen::ArrayXi::NullaryExpr(N_, [&, d](Index i) {
      auto const word = of[static_cast<std::size_t>(d) * words + static_cast<std::size_t>(i) / 32];
      return 2 * static_cast<int>(word >> i % 32 & 1) - 1;
    });
  };
  Eigen::ArrayXi own = Eigen::ArrayXi::Zero(N_), S, xi;
  std::vector<std::uint32_t> updated(words);
  changes_.setZero();
  for (Index d = 0; d < count; ++d) {
    S = signs(S_words_, d);
    xi = signs(xi_words_, d);
    auto c = changes_.col(d).head(N_);
    auto const aligned = (sums_.col(d).head(N_) - own * S) * xi;
    c = (aligned < (rule_.zero_field_updates ? 1 : 0)).select(couplings_.step * xi, 0);
    own += 2 * c * S;
    std::ranges::fill(updated, 0);
    for (Index i = 0; i < N_; ++i)
      updated[static_cast<std::size_t>(i) / 32] |= static_cast<std::uint32_t>(c(i) != 0) << i % 32;
    for (Index e = d + 1; e < count; ++e) {
      int E = 0;
      for (std::size_t w = 0; w < words; ++w)
        E += std::popcount(updated[w]) -
             2 * std::popcount(updated[w] & (xi_words_[static_cast<std::size_t>(d) * words + w] ^
                                             S_words_[static_cast<std::size_t>(e) * words + w]));
      sums_.col(e).head(N_) += c * S_.products()[block * static_cast<std::size_t>(d) + static_cast<std::size_t>(e)] +
                               S * (couplings_.step * E);
    }
  }
  Eigen::MatrixXi U = Eigen::MatrixXi::Zero(K_.rows(), N_);
  S_.add_outer(U.data(), static_cast<std::size_t>(U.rows()), changes_.data());
  constexpr Index tile = 32;
  for (Index i = 0; i < N_; i += tile)
    for (Index j = 0; j < N_; j += tile) {
      auto const rows = std::min(tile, N_ - i), columns = std::min(tile, N_ - j);
      K_.block(i, j, rows, columns) += U.block(i, j, rows, columns) + U.block(j, i, columns, rows).transpose();
    }
  K_.diagonal().setZero();
}

// In nanoseconds of 8 operations, for the slowest case: products without vectors.
std::int64_t NoiseTraining::steps_of_a_piece(double operations) const {
  double const N = N_;
  auto const blocks = static_cast<std::int64_t>(operations / 8 / (block * (N * N / 2 + 10 * N + 100)));
  return static_cast<std::int64_t>(block) * std::max<std::int64_t>(blocks, 1);
}

Eigen::ArrayXd NoiseTraining::norms() const { return K_.topRows(N_).cast<double>().rowwise().norm(); }

Eigen::ArrayXd NoiseTraining::sigma_of_rows() const {
  auto const lengths = norms();
  return Eigen::ArrayXd::NullaryExpr(N_, [&](Index i) {
    return std::ldexp(couplings_.unit * lengths(i) / std::sqrt(static_cast<double>(N_)), -couplings_.halvings(i));
  });
}

MatrixXd NoiseTraining::stabilities() const {
  auto const words = S_.words(), P = patterns_.size() / words;
  Eigen::MatrixXi aligned(N_, static_cast<Index>(P)), sums(K_.rows(), block);
  SignBlock patterns(static_cast<std::size_t>(N_));
  std::vector<std::uint32_t> of_block(block * words);
  for (std::size_t first = 0; first < P; first += block) {
    auto const count = std::min(block, P - first);
    std::copy_n(patterns_.begin() + static_cast<std::ptrdiff_t>(first * words), count * words, of_block.begin());
    patterns.assign(of_block);
    patterns.multiply(K_.data(), static_cast<std::size_t>(K_.rows()), sums.data());
    for (std::size_t d = 0; d < count; ++d)
      for (Index i = 0; i < N_; ++i) {
        auto const up = (of_block[d * words + static_cast<std::size_t>(i) / 32] >> i % 32 & 1) != 0;
        auto const sum = sums(i, static_cast<Index>(d));
        aligned(i, static_cast<Index>(first + d)) = up ? sum : -sum;
      }
  }
  return hypnos::stabilities(aligned, norms());
}

double one_step_loss(MatrixXd const& stabilities, double m) {
  if (!(m >= 0 && m < 1)) throw std::domain_error("the overlap m of the loss must lie in [0, 1)");
  if (stabilities.size() == 0) return std::numeric_limits<double>::quiet_NaN();
  double const factor = m / std::sqrt(2 * (1 - m) * (1 + m));
  return -(factor * stabilities.array()).unaryExpr([](double x) { return std::erf(x); }).mean();
}

}  // namespace hypnos
