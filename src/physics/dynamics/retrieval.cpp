#include "hypnos/physics/dynamics/retrieval.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <numeric>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "descent.hpp"
#include "hypnos/kernels/sign_sums.hpp"
#include "numbers.hpp"

namespace hypnos {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::MatrixXi;

namespace {

using Kernel = SignSums<std::int32_t>;

[[noreturn]] void refuse(std::string const& what) { throw std::domain_error("retrieval: " + what); }

// A network on its way to a fixed point. In the place of the field h on a spin s stands x = 2 h + s, which has the sign
// that s wants, also where h = 0. When a spin flips, its own x changes by 2, as if it were coupled to itself by 1/2.
class Walk {
 public:
  Walk(MatrixXi const& twice_J, std::span<std::uint64_t const> state, Eigen::ArrayXi x)
      : twice_J_(twice_J), state_(state.begin(), state.end()), x_(std::move(x)) {}

  double overlap(std::span<std::uint64_t const> pattern) const {
    int wrong = 0;
    for (std::size_t w = 0; w < pattern.size(); ++w) wrong += std::popcount(state_[w] ^ pattern[w]);
    return 1 - 2 * static_cast<double>(wrong) / static_cast<double>(twice_J_.cols());
  }

  // To the opposite state.
  void reverse() {
    auto const N = static_cast<std::size_t>(twice_J_.cols());
    for (auto& word : state_) word = ~word;
    if (N % 64 != 0) state_.back() &= (std::uint64_t{1} << N % 64) - 1;
    x_ = -x_;
  }

  // Turns neurons around, when nobody asks what is stable. Four at a time, so that x is loaded and stored once.
  void turn(std::span<int const> neurons) {
    constexpr std::size_t at_once = 4;
    for (; !neurons.empty(); neurons = neurons.subspan(std::min(at_once, neurons.size()))) {
      std::array<int const*, at_once> column;
      std::array<int, at_once> factor{};
      column.fill(twice_J_.data());
      for (std::size_t n = 0; n < std::min(at_once, neurons.size()); ++n) {
        auto const j = neurons[n];
        auto& word = state_[static_cast<std::size_t>(j) / 64];
        auto const bit = std::uint64_t{1} << j % 64;
        column[n] = twice_J_.col(j).data();
        factor[n] = (word & bit) != 0 ? -2 : 2;
        word ^= bit;
      }
      int* const x = x_.data();
      for (Index i = 0; i < x_.size(); ++i)
        x[i] +=
            factor[0] * column[0][i] + factor[1] * column[1][i] + factor[2] * column[2][i] + factor[3] * column[3][i];
    }
  }

  // Turns unstable neurons around until there is none; false if `most_flips` did not suffice.
  bool settles(Rng& rng, std::int64_t most_flips) {
    Descent descent(state_, static_cast<int>(twice_J_.cols()));
    Numbers numbers(rng);
    auto const add_column = [&, marks = descent.marks()](int j, int factor) {
      return Kernel::add_row({x_.data(), static_cast<std::size_t>(x_.size())}, twice_J_.col(j).data(), factor, 0,
                             marks);
    };
    auto unstable = add_column(0, 0);  // which only compares
    for (std::int64_t flips = 0; unstable > 0; ++flips) {
      if (flips == most_flips) return false;
      auto const j = descent.unstable(numbers.below(static_cast<std::uint32_t>(unstable)));
      unstable = add_column(j, -2 * descent.turn(j));
    }
    return true;
  }

 private:
  MatrixXi const& twice_J_;
  std::vector<std::uint64_t> state_;
  Eigen::ArrayXi x_;
};

}  // namespace

Retrieval::Retrieval(MatrixXd const& J, MatrixXd const& xi) : N_(xi.cols()) {
  if (J.rows() != N_ || J.cols() != N_) refuse("couplings and patterns differ in size");
  if (!J.allFinite()) refuse("a coupling is not finite");
  if (!(xi.array().abs() == 1).all()) refuse("a pattern has an entry other than +1 and -1");

  auto const P = xi.rows(), size = static_cast<Index>(Kernel::padded(static_cast<std::size_t>(N_)));
  MatrixXd whole = J;
  whole.diagonal().setZero();
  double const largest = N_ > 0 ? whole.cwiseAbs().rowwise().sum().maxCoeff() : 0;
  if (!std::isfinite(largest)) refuse("the couplings are too large");
  int exponent = 0;
  std::frexp(largest, &exponent);
  // In two steps, since the power of two alone may be too large or too small a number.
  int const half = (28 - exponent) / 2;
  whole = (whole * std::ldexp(1, half) * std::ldexp(1, 28 - exponent - half)).array().round();

  auto const arranged = [size](MatrixXi const& natural) {
    MatrixXi placed(size, natural.cols());
    MatrixXi padded = MatrixXi::Zero(size, natural.cols());
    padded.topRows(natural.rows()) = natural;
    for (Index k = 0; k < placed.cols(); ++k)
      Kernel::arrange_sums({padded.col(k).data(), static_cast<std::size_t>(size)}, placed.col(k).data());
    return placed;
  };
  MatrixXi twice = (2 * whole).cast<int>();
  twice.diagonal().setOnes();
  twice_J_ = arranged(twice);
  x_ = arranged((2 * whole * xi.transpose() + xi.transpose()).cast<int>());
  words_ = static_cast<std::size_t>(size) / 64;
  patterns_.resize(static_cast<std::size_t>(P) * words_);
  for (Index mu = 0; mu < P; ++mu)
    for (Index i = 0; i < N_; ++i)
      patterns_[static_cast<std::size_t>(mu) * words_ + static_cast<std::size_t>(i) / 64] |=
          std::uint64_t{xi(mu, i) > 0} << i % 64;
}

Retrieval::Ends Retrieval::ends(double m_0, int trials, Rng const& stream, std::int64_t most_flips) const {
  return std::move(ends(std::vector{m_0}, trials, stream, most_flips).front());
}

std::vector<Retrieval::Ends> Retrieval::ends(std::vector<double> const& m_0, int trials, Rng const& stream,
                                             std::int64_t most_flips) const {
  auto const P = x_.cols();
  if (trials < 0 || 2 * trials * P > static_cast<Index>(Rng::substreams)) refuse("too many trials for one stream");
  auto const N = static_cast<std::size_t>(N_);
  struct Start {
    std::size_t turned, number;
  };
  std::vector<Start> starts;
  for (auto const overlap : m_0) {
    if (!(std::abs(overlap) <= 1)) refuse("the overlap m_0 must lie in [-1, 1]");
    starts.push_back({static_cast<std::size_t>(turned_neurons(static_cast<int>(N_), overlap)), starts.size()});
  }
  std::sort(starts.begin(), starts.end(), [](Start const& a, Start const& b) { return a.turned < b.turned; });
  // Of two starts from one pattern the one nearer to it is on the way to the other; beyond the middle the way is shorter
  // from the opposite of the pattern.
  auto const beyond =
      std::partition_point(starts.begin(), starts.end(), [N](Start const& start) { return 2 * start.turned <= N; });

  std::vector<Ends> ends(m_0.size(), {MatrixXd(P, trials), 0});
  std::vector<int> order(N);
  for (Index trial = 0; trial < trials; ++trial)
    for (Index mu = 0; mu < P; ++mu) {
      auto const number = static_cast<std::uint32_t>(2 * (trial * P + mu));
      auto draws = stream.substream(number);
      Numbers numbers(draws);
      std::iota(order.begin(), order.end(), 0);
      for (std::size_t n = 0; !starts.empty() && n < starts.back().turned; ++n)
        std::swap(order[n], order[n + static_cast<std::size_t>(numbers.below(static_cast<std::uint32_t>(N - n)))]);

      auto const pattern = std::span(patterns_).subspan(static_cast<std::size_t>(mu) * words_, words_);
      auto const finish = [&](Walk walk, Start const& start) {
        auto choices = stream.substream(number + 1);
        if (!walk.settles(choices, most_flips)) ++ends[start.number].unsettled;
        ends[start.number].m_f(mu, trial) = walk.overlap(pattern);
      };
      Walk near(twice_J_, pattern, x_.col(mu));
      std::size_t turned = 0;
      for (auto start = starts.begin(); start != beyond; turned = start++->turned) {
        near.turn(std::span(order).subspan(turned, start->turned - turned));
        finish(near, *start);
      }
      Walk far(twice_J_, pattern, x_.col(mu));
      far.reverse();
      std::size_t left = N;
      for (auto start = starts.end(); start != beyond; left = start->turned) {
        --start;
        far.turn(std::span(order).subspan(start->turned, left - start->turned));
        finish(far, *start);
      }
    }
  return ends;
}

int turned_neurons(int N, double m_0) {
  // Halves may come out of the product a little too small.
  return static_cast<int>(std::floor(N * (1 - m_0) / 2 + 0.5 + 1e-9));
}

}  // namespace hypnos
