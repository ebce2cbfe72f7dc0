#include "hypnos/physics/retrieval.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace hypnos {

using Eigen::ArrayXi;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::MatrixXi;

namespace {

// Neurons stand in rows of 64, the last filled up with neurons without couplings: whole vectors.
constexpr Index width = 64;
constexpr Index group = width / 4;

[[noreturn]] void refuse(std::string const& what) { throw std::domain_error("retrieval: " + what); }

// A network on its way to a fixed point. The sign of a spin is m = 0 for +1 and m = -1 for -1. In the place of its
// field h stands h + m, because the sign bit of (h + m) ^ m says whether s h < 0, also where h = 0. When a spin flips,
// its own h + m changes by 1, as if it were coupled to itself by 1/2.
class Walk {
 public:
  Walk(MatrixXi const& twice_J, ArrayXi signs, ArrayXi fields)
      : twice_J_(twice_J), signs_(std::move(signs)), fields_(std::move(fields)) {}

  ArrayXi const& signs() const { return signs_; }

  // Turns neurons around, when nobody asks what is stable. Four at a time, so that fields are loaded and stored once.
  void turn(std::span<Index const> neurons) {
    constexpr std::size_t at_once = 4;
    for (; !neurons.empty(); neurons = neurons.subspan(std::min(at_once, neurons.size()))) {
      std::array<int const*, at_once> column;
      std::array<int, at_once> factor{};
      column.fill(twice_J_.data());
      for (std::size_t n = 0; n < std::min(at_once, neurons.size()); ++n) {
        auto const j = neurons[n];
        column[n] = twice_J_.col(j).data();
        factor[n] = is_up(j) ? -1 : 1;
        signs_(j) = ~signs_(j);
      }
      int* const field = fields_.data();
      for (Index i = 0; i < fields_.size(); ++i)
        field[i] +=
            factor[0] * column[0][i] + factor[1] * column[1][i] + factor[2] * column[2][i] + factor[3] * column[3][i];
    }
  }

  // Turns unstable neurons around until there is none; false if `most_flips` did not suffice.
  bool settles(Rng& rng, std::int64_t most_flips) {
    auto unstable = change([](int field, int) { return field; }, 0);
    for (std::int64_t flips = 0; unstable > 0; ++flips) {
      if (flips == most_flips) return false;
      auto const j = unstable_neuron(static_cast<int>(rng.below(static_cast<std::uint32_t>(unstable))));
      signs_(j) = ~signs_(j);
      unstable = is_up(j) ? change([](int field, int twice) { return field + twice; }, j)
                          : change([](int field, int twice) { return field - twice; }, j);
    }
    return true;
  }

 private:
  bool is_up(Index j) const { return signs_(j) == 0; }

  static int is_unstable(int field, int sign) {
    return static_cast<int>(static_cast<std::uint32_t>(field ^ sign) >> 31);
  }

  // Changes the fields by column j, and returns how many neurons are unstable then.
  template <class Change>
  int change(Change const& changed, Index j) {
    int const* twice = twice_J_.col(j).data();
    int const* sign = signs_.data();
    int* field = fields_.data();
    std::array<int, width> unstable{};
    for (Index row = 0; row < fields_.size(); row += width) {
      for (std::size_t l = 0; l < width; ++l) {
        field[l] = changed(field[l], twice[l]);
        unstable[l] += is_unstable(field[l], sign[l]);
      }
      twice += width;
      sign += width;
      field += width;
    }
    unstable_ = unstable;
    for (std::size_t g = 0; g < group; ++g)
      in_group_[g] = unstable[g] + unstable[g + group] + unstable[g + 2 * group] + unstable[g + 3 * group];
    return std::accumulate(in_group_.begin(), in_group_.end(), 0);
  }

  // Number r of the unstable neurons, in the order of i mod 16, then of i mod 64, then of i.
  Index unstable_neuron(int r) const {
    std::size_t g = 0;
    for (; r >= in_group_[g]; ++g) r -= in_group_[g];
    for (; r >= unstable_[g]; g += group) r -= unstable_[g];
    auto i = static_cast<Index>(g);
    while ((r -= is_unstable(fields_(i), signs_(i))) >= 0) i += width;
    return i;
  }

  MatrixXi const& twice_J_;
  ArrayXi signs_, fields_;
  std::array<int, width> unstable_{};  // how many, in every place of a row
  std::array<int, group> in_group_{};  // and in every fourth of such places
};

}  // namespace

Retrieval::Retrieval(MatrixXd const& J, MatrixXd const& xi) : N_(xi.cols()) {
  if (J.rows() != N_ || J.cols() != N_) refuse("couplings and patterns differ in size");
  if (!J.allFinite()) refuse("a coupling is not finite");
  if (!(xi.array().abs() == 1).all()) refuse("a pattern has an entry other than +1 and -1");

  auto const P = xi.rows(), size = (N_ + width - 1) / width * width;
  MatrixXd whole = J;
  whole.diagonal().setZero();
  double const largest = N_ > 0 ? whole.cwiseAbs().rowwise().sum().maxCoeff() : 0;
  if (!std::isfinite(largest)) refuse("the couplings are too large");
  int exponent = 0;
  std::frexp(largest, &exponent);
  // In two steps, since the power of two alone may be too large or too small a number.
  int const half = (29 - exponent) / 2;
  whole = (whole * std::ldexp(1, half) * std::ldexp(1, 29 - exponent - half)).array().round();

  twice_J_ = MatrixXi::Zero(size, N_);
  twice_J_.topRows(N_) = (2 * whole).cast<int>();
  twice_J_.diagonal().setOnes();
  signs_ = MatrixXi::Zero(size, P);
  signs_.topRows(N_) = ((xi.transpose().array() - 1) / 2).cast<int>();
  fields_ = signs_;
  fields_.topRows(N_) += (whole * xi.transpose()).cast<int>();
}

Retrieval::Ends Retrieval::ends(double m_0, int trials, Rng const& stream, std::int64_t most_flips) const {
  if (!(std::abs(m_0) <= 1)) refuse("the overlap m_0 must lie in [-1, 1]");
  auto const P = signs_.cols();
  if (trials < 0 || 2 * trials * P > static_cast<Index>(Rng::substreams)) refuse("too many trials for one stream");

  auto const N = static_cast<std::size_t>(N_);
  auto const turned = static_cast<std::size_t>(turned_neurons(static_cast<int>(N_), m_0));
  Ends ends{MatrixXd(P, trials), 0};
  std::vector<Index> order(N);
  for (Index trial = 0; trial < trials; ++trial)
    for (Index mu = 0; mu < P; ++mu) {
      auto const number = static_cast<std::uint32_t>(2 * (trial * P + mu));
      auto start = stream.substream(number), choices = stream.substream(number + 1);
      std::iota(order.begin(), order.end(), 0);
      for (std::size_t n = 0; n < turned; ++n)
        std::swap(order[n], order[n + start.below(static_cast<std::uint32_t>(N - n))]);

      // From the opposite of the pattern if that is nearer.
      bool const near = 2 * turned <= N;
      Walk walk = near ? Walk(twice_J_, signs_.col(mu), fields_.col(mu))
                       : Walk(twice_J_, -1 - signs_.col(mu).array(), -1 - fields_.col(mu).array());
      auto const all = std::span<Index const>(order);
      walk.turn(near ? all.first(turned) : all.subspan(turned));

      if (!walk.settles(choices, most_flips)) ++ends.unsettled;
      auto const opposite = (walk.signs().head(N_) != signs_.col(mu).array().head(N_)).count();
      ends.m_f(mu, trial) = 1 - 2 * static_cast<double>(opposite) / static_cast<double>(N_);
    }
  return ends;
}

int turned_neurons(int N, double m_0) {
  // Halves may come out of the product a little too small.
  return static_cast<int>(std::floor(N * (1 - m_0) / 2 + 0.5 + 1e-9));
}

}  // namespace hypnos
