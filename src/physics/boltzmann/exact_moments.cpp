#include "hypnos/physics/boltzmann/exact_moments.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "hypnos/physics/dynamics/plain_relaxation.hpp"

// Every pair of spins lies inside one pair of three groups a, b, c, so the Boltzmann weight is a product of
// three tables, w(a, b, c) = F_0(a, b) F_1(b, c) F_2(c, a), and the marginal of two groups is an entrywise product
// with a matrix product, P_0(a, b) = F_0(a, b) sum_c F_1(b, c) F_2(c, a), and so on around the triangle.
// Three products replace the loop over states. Spins beyond what the tables hold are pinned to +1 and -1 in turn;
// they act on the others as fields, and averages over the two halves are united.

namespace hypnos {

namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

// Spins summed by one triangle of tables: with 2^14 entries a table all stay in the second-level cache.
constexpr int most_free_spins = 21;
// Up to 2^6 blocks are shared among ranks: many for a team, few to send.
constexpr int most_block_spins = 6;

// exp(x) is a normal number, with room for sums, as long as |x| stays below this.
constexpr double safe_exponent = 690;
// Three tables whose entries are at least exp(-230), or zero, never multiply to a denormal number; those cost a
// hundred times more than others.
constexpr double smallest_exponent = -safe_exponent / 3;
// A part of Z below exp(-40) Z changes no digit of a double.
constexpr double visible_exponent = 40;

// What every part of the sum has in common.
struct Setting {
  double beta;
  EnergyVariance variance;
  BlockMap const& blocks;
  // Exponents may leave the safe range: tables are rescaled, and the outcome is checked. All log Z are then relative
  // to the weight of a state of low energy, so the whole Z is at least 1.
  bool wide = false;
  // If wide: states that weigh less than exp(-margin) cannot be seen in Z, were it all of them.
  double margin = 0;
};

// --- energies without rounding ---

// x = whole + rest. Whole parts are multiples of one power of two, so coarse that their sums do not round, and rests
// are small. Near the ground state, where large terms cancel, exponents keep their full precision.
template <class X>
struct Split {
  X whole, rest;
};

template <class X>
auto multiple_of(double unit, X const& x) {
  return (x.array() / unit).round() * unit;
}

template <class X>
Split<X> split(X const& x, double unit) {
  X const whole = multiple_of(unit, x);
  return {whole, x - whole};
}

// Spins in the fields h, which contain those of the spins pinned before.
struct FreeSpins {
  Split<VectorXd> h;
  Split<double> pinned_energy;  // minus the energy of the pinned spins

  Eigen::Index size() const { return h.whole.size(); }
  double last_field() const { return h.whole(size() - 1); }
  FreeSpins pinned(Split<MatrixXd> const& J, double s) const {
    auto const n = size() - 1;
    return {{h.whole.head(n) + s * J.whole.col(n).head(n), h.rest.head(n) + s * J.rest.col(n).head(n)},
            {pinned_energy.whole + s * h.whole(n), pinned_energy.rest + s * h.rest(n)}};
  }
};

// --- averages over disjoint sets of states ---

Moments nothing(Eigen::Index N) {
  return {.log_Z = -std::numeric_limits<double>::infinity(), .m = VectorXd::Zero(N), .c = MatrixXd::Zero(N, N)};
}

// Averages over the states of a and of b.
Moments united(Moments a, Moments const& b) {
  if (std::isinf(b.log_Z)) return a;
  if (std::isinf(a.log_Z)) return b;
  double const p = 1 / (1 + std::exp(a.log_Z - b.log_Z));  // the probability of b's states
  double const step = b.energy - a.energy;
  a.log_Z = std::max(a.log_Z, b.log_Z) + std::log1p(std::exp(-std::abs(a.log_Z - b.log_Z)));
  a.energy += p * step;
  a.energy_variance += p * (b.energy_variance - a.energy_variance) + p * (1 - p) * step * step;
  a.m += p * (b.m - a.m);
  a.c += p * (b.c - a.c);
  return a;
}

// The same states with the spin s behind the others. Its weight is in log_Z already, its couplings are in the
// others' fields.
Moments with_spin(Moments const& others, double s, double h) {
  auto const n = others.m.size();
  Moments all{.log_Z = others.log_Z,
              .energy = others.energy - h * s,
              .energy_variance = others.energy_variance,
              .m = VectorXd(n + 1),
              .c = MatrixXd(n + 1, n + 1)};
  all.m << others.m, s;
  all.c.topLeftCorner(n, n) = others.c;
  all.c.col(n) = s * all.m;
  all.c.row(n) = s * all.m.transpose();
  return all;
}

// Pins the last spins in turn until `left` remain, takes these from `moments_of`, and unites all halves,
// s = +1 first. Halves of halves, not a running sum: rounding grows with the number of pinned spins only.
template <class MomentsOf>
Moments over_halves(Split<MatrixXd> const& J, FreeSpins const& spins, Eigen::Index left, MomentsOf&& moments_of) {
  if (spins.size() == left) return moments_of(spins);
  auto const half = [&](double s) {
    return with_spin(over_halves(J, spins.pinned(J, s), left, moments_of), s, spins.last_field());
  };
  Moments const up = half(1);
  return united(up, half(-1));
}

// --- one triangle of tables ---

// A run of spins and its 2^size states. A column of ones stands before those of the spins, so that one product
// with a marginal sums Z, s and s s' together.
struct Group {
  int first, size;
  MatrixXd one_and_spins;

  Group(int first_, int size_) : first(first_), size(size_), one_and_spins(1 << size_, 1 + size_) {
    one_and_spins.col(0).setOnes();
    for (int i = 0; i < size; ++i)
      for (int state = 0; state < 1 << size; ++state) one_and_spins(state, 1 + i) = state >> i & 1 ? -1 : 1;
  }
  int states() const { return 1 << size; }
  auto spins() const { return one_and_spins.rightCols(size); }
};

// Table k has the states of group k in its rows and those of the next group in its columns.
//
// All storage that is summed belongs to Eigen and is aligned: over borrowed memory the order of a vectorized sum,
// and with it the last bit, would depend on the address.
struct Tables {
  std::array<Split<MatrixXd>, 3> couplings;  // minus the energy between the groups
  std::array<MatrixXd, 3> factors;           // exp(beta couplings)
  std::array<MatrixXd, 3> f;                 // minus the energy between and within groups, up to shifts
  std::array<MatrixXd, 3> F;                 // exp(beta f)
  std::array<MatrixXd, 3> deviations;        // F (f - <f>)
  MatrixXd P;
};

// Tables are kept after the call: fresh pages of memory cost as much time as the sum over 20 spins.
class BorrowedTables {
 public:
  BorrowedTables() {
    if (idle_.empty()) return;
    tables_ = std::move(idle_.back());
    idle_.pop_back();
  }
  ~BorrowedTables() { idle_.push_back(std::move(tables_)); }
  BorrowedTables(BorrowedTables const&) = delete;
  BorrowedTables& operator=(BorrowedTables const&) = delete;

  Tables& operator*() { return tables_; }

 private:
  static thread_local std::vector<Tables> idle_;
  Tables tables_;
};

thread_local std::vector<Tables> BorrowedTables::idle_;

class Triangle {
 public:
  Triangle(Split<MatrixXd> J, Setting const& setting);
  Eigen::Index size() const { return J_.whole.rows(); }
  Moments moments(FreeSpins const& spins);

 private:
  static int next(int k) { return (k + 1) % 3; }
  static int last(int k) { return (k + 2) % 3; }
  VectorXd own(int k, MatrixXd const& J, VectorXd const& h) const;
  MatrixXd fields(int k, MatrixXd const& J) const;
  double fill_tables(FreeSpins const& spins);
  double fill_wide_tables(FreeSpins const& spins);
  double cross_terms();
  Moments in_halves(FreeSpins const& spins) const;

  Split<MatrixXd> J_;
  Setting setting_;
  std::array<Group, 3> groups_;
  BorrowedTables tables_;
};

// Entries by doubling: a flip of spin j of the columns multiplies a column by exp(-2 beta field_j).
void fill_exponentials(MatrixXd& table, MatrixXd const& fields, double beta) {
  table.resize(fields.rows(), 1 << fields.cols());
  table.col(0) = (beta * fields.rowwise().sum().array()).exp();
  for (int j = 0; j < fields.cols(); ++j) {
    VectorXd const flip = (-2 * beta * fields.col(j).array()).exp();
    table.middleCols(1 << j, 1 << j) = flip.asDiagonal() * table.leftCols(1 << j);
  }
}

Triangle::Triangle(Split<MatrixXd> J, Setting const& setting)
    : J_(std::move(J)), setting_(setting), groups_([n = static_cast<int>(size())] {
        int const a = (n + 2) / 3, b = (n + 1) / 3, c = n / 3;
        return std::array{Group(0, a), Group(a, b), Group(a + b, c)};
      }()) {
  auto& [couplings, factors, f, F, deviations, P] = *tables_;
  for (int k = 0; k < 3; ++k) {
    auto const columns = groups_[next(k)].spins();
    if (!setting_.wide) fill_exponentials(factors[k], fields(k, J_.whole), setting_.beta);
    if (setting_.wide || setting_.variance == EnergyVariance::yes)
      couplings[k].whole.noalias() = fields(k, J_.whole) * columns.transpose();
    if (setting_.wide) couplings[k].rest.noalias() = fields(k, J_.rest) * columns.transpose();
  }
}

// Minus the energy of every state of group k on its own.
VectorXd Triangle::own(int k, MatrixXd const& J, VectorXd const& h) const {
  Group const& g = groups_[k];
  MatrixXd const within = g.spins() * J.block(g.first, g.first, g.size, g.size);
  return within.cwiseProduct(g.spins()).rowwise().sum() / 2 + g.spins() * h.segment(g.first, g.size);
}

// The fields of every state of group k on the next group's spins.
MatrixXd Triangle::fields(int k, MatrixXd const& J) const {
  Group const& rows = groups_[k];
  Group const& columns = groups_[next(k)];
  return rows.spins() * J.block(rows.first, columns.first, rows.size, columns.size);
}

// Both ways to fill the tables return the exponent taken out of their product.
double Triangle::fill_tables(FreeSpins const& spins) {
  auto& [couplings, factors, f, F, deviations, P] = *tables_;
  for (int k = 0; k < 3; ++k) {
    VectorXd const exponents = own(k, J_.whole, spins.h.whole);
    VectorXd const weights = (setting_.beta * exponents.array()).exp();
    F[k] = weights.asDiagonal() * factors[k];
    if (setting_.variance == EnergyVariance::yes) f[k] = couplings[k].whole.colwise() + exponents;
  }
  return setting_.beta * spins.pinned_energy.whole;
}

// Moves energy between tables that share a group until the product of the three largest entries is near the largest
// weight, then scales the largest entries to about 1. The exponent returned bounds that of every state.
double Triangle::fill_wide_tables(FreeSpins const& spins) {
  auto& [couplings, factors, f, F, deviations, P] = *tables_;
  for (int k = 0; k < 3; ++k) f[k] = couplings[k].whole.colwise() + own(k, J_.whole, spins.h.whole);
  // Shifts by multiples of about the temperature do not round the small differences they leave.
  double const unit = std::exp2(std::round(-std::log2(setting_.beta)));
  for (int sweep = 0; sweep < 3; ++sweep)
    for (int k = 0; k < 3; ++k) {
      VectorXd const here = f[k].rowwise().maxCoeff();
      VectorXd const there = f[last(k)].colwise().maxCoeff();
      VectorXd const shift = multiple_of(unit, (here - there) / 2);
      f[k].colwise() -= shift;
      f[last(k)].rowwise() += shift.transpose();
    }
  double top = spins.pinned_energy.whole;
  for (int k = 0; k < 3; ++k) {
    double const largest = std::ceil(f[k].maxCoeff() / unit) * unit;
    top += largest;
    f[k].array() -= largest;
    f[k] += couplings[k].rest;
    f[k].colwise() += own(k, J_.rest, spins.h.rest);
    auto const exponents = setting_.beta * f[k].array();
    F[k] = (exponents < smallest_exponent).select(0, exponents.exp());
  }
  return setting_.beta * top + setting_.beta * spins.pinned_energy.rest;
}

// Sum of the covariances of f_0, f_1 and f_2, not divided by Z: three products again, of tables weighted with
// deviations from the mean. No large <E>^2 is subtracted anywhere.
double Triangle::cross_terms() {
  auto& [couplings, factors, f, F, deviations, P] = *tables_;
  for (int k = 0; k < 3; ++k) deviations[k] = F[k].cwiseProduct(f[k]);
  double sum = 0;
  for (int k = 0; k < 3; ++k) {
    P.noalias() = deviations[last(k)].transpose() * deviations[next(k)].transpose();
    sum += P.cwiseProduct(F[k]).sum();
  }
  return sum;
}

Moments Triangle::moments(FreeSpins const& spins) {
  auto& [couplings, factors, f, F, deviations, P] = *tables_;
  bool const variance = setting_.variance == EnergyVariance::yes;
  double const log_scale = setting_.wide ? fill_wide_tables(spins) : fill_tables(spins);
  if (setting_.wide && log_scale < -setting_.margin) return nothing(size());

  Moments all{.m = VectorXd(size()), .c = MatrixXd(size(), size())};
  double Z = 0, squares = 0;
  for (int k = 0; k < 3; ++k) {
    Group const& rows = groups_[k];
    Group const& columns = groups_[next(k)];
    P.noalias() = F[last(k)].transpose() * F[next(k)].transpose();
    P.array() *= F[k].array();
    MatrixXd const over_columns = P * columns.one_and_spins;
    MatrixXd const sums = rows.one_and_spins.transpose() * over_columns;
    if (k == 0) {
      Z = sums(0, 0);
      all.log_Z = log_scale + std::log(Z);
      // States of weight exp(log_scale + smallest_exponent) may be missing. Where that could be seen, the bound is too
      // far above the largest weight; with fewer free spins it comes nearer, and with two it is exact.
      double const log_Z_at_least = std::max(0., all.log_Z);
      if (setting_.wide && log_scale + smallest_exponent > log_Z_at_least - setting_.margin) return in_halves(spins);
    }
    all.m.segment(rows.first, rows.size) = sums.col(0).tail(rows.size) / Z;
    MatrixXd const weighted = over_columns.col(0).asDiagonal() * rows.spins();
    all.c.block(rows.first, rows.first, rows.size, rows.size) = rows.spins().transpose() * weighted / Z;
    auto pairs = all.c.block(rows.first, columns.first, rows.size, columns.size);
    pairs = sums.bottomRightCorner(rows.size, columns.size) / Z;
    all.c.block(columns.first, rows.first, columns.size, rows.size) = pairs.transpose();
    if (variance) {
      f[k].array() -= P.cwiseProduct(f[k]).sum() / Z;
      squares += P.cwiseProduct(f[k].cwiseAbs2()).sum();
    }
  }
  all.energy = -J_.whole.cwiseProduct(all.c).sum() / 2 - spins.h.whole.dot(all.m);
  all.energy_variance = std::numeric_limits<double>::quiet_NaN();
  // Rounding must not make it negative.
  if (variance) all.energy_variance = std::max(0., (squares + 2 * cross_terms()) / Z);
  return all;
}

Moments Triangle::in_halves(FreeSpins const& spins) const {
  auto const n = size() - 1;
  Triangle fewer({J_.whole.topLeftCorner(n, n), J_.rest.topLeftCorner(n, n)}, setting_);
  return over_halves(J_, spins, n, [&](FreeSpins const& rest) {
    setting_.blocks.poll();
    return fewer.moments(rest);
  });
}

// --- blocks ---

int block_size(Eigen::Index n) { return static_cast<int>(3 + n + n * n); }

void write(Moments const& moments, std::span<double> block) {
  block[0] = moments.log_Z;
  block[1] = moments.energy;
  block[2] = moments.energy_variance;
  auto const end_of_m = std::copy_n(moments.m.data(), moments.m.size(), block.begin() + 3);
  std::copy_n(moments.c.data(), moments.c.size(), end_of_m);
}

Moments read(std::span<double const> block, Eigen::Index n) {
  return {.log_Z = block[0],
          .energy = block[1],
          .energy_variance = block[2],
          .m = VectorXd::Map(block.data() + 3, n),
          .c = MatrixXd::Map(block.data() + 3 + n, n, n)};
}

double minus_energy(MatrixXd const& J, VectorXd const& h, VectorXd const& s) { return s.dot(J * s) / 2 + h.dot(s); }

// A state that no single flip improves, or what 100 N flips lead to. By the plain loop, whose couplings are not
// rounded: the state decides roundings of the sum over all states.
VectorXd good_state(MatrixXd const& J, VectorXd const& h) {
  VectorXd s = VectorXd::Ones(h.size());
  relax_in_sweeps(
      s, [&](Eigen::Index i) { return h(i) + J.col(i).dot(s); }, 100 * h.size());
  return s;
}

// Averages over all states of spins in the fields h.
Moments all_states(MatrixXd const& J, VectorXd const& h, double beta, EnergyVariance variance, BlockMap const& blocks) {
  auto const n = h.size();
  double const largest_energy = J.cwiseAbs().sum() / 2 + h.cwiseAbs().sum();
  if (!std::isfinite(beta * largest_energy) || !std::isfinite(beta) || beta < 0)
    throw std::domain_error("exact moments need finite J, h and beta, and beta >= 0");

  Setting setting{.beta = beta, .variance = variance, .blocks = blocks};
  Split<MatrixXd> couplings{J, MatrixXd::Zero(n, n)};
  FreeSpins spins{{h, VectorXd::Zero(n)}, {0, 0}};
  if (2 * beta * largest_energy > safe_exponent) {
    setting.wide = true;
    setting.margin = visible_exponent + static_cast<double>(n) * std::numbers::ln2;
    double const unit = std::ldexp(1, std::ilogb(largest_energy) - 50);  // exact up to 4 times the largest energy
    couplings = split(J, unit);
    spins.h = split(h, unit);
    VectorXd const s = good_state(J, h);
    spins.pinned_energy = {-minus_energy(couplings.whole, spins.h.whole, s),
                           -minus_energy(couplings.rest, spins.h.rest, s)};
  }

  // How the sum is cut depends on n alone, so its bits do not depend on who computes which block.
  auto const free = std::min<Eigen::Index>(n, most_free_spins);
  auto const block_spins = std::min<Eigen::Index>(n - free, most_block_spins);
  auto const left = n - block_spins;
  Triangle triangle({couplings.whole.topLeftCorner(free, free), couplings.rest.topLeftCorner(free, free)}, setting);

  auto const fill = [&](int k, std::span<double> block) {
    FreeSpins part = spins;
    for (auto bit = block_spins; bit-- > 0;) part = part.pinned(couplings, k >> bit & 1 ? -1 : 1);
    auto const moments_of = [&](FreeSpins const& rest) {
      if (n > free) blocks.poll();  // full tables take 0.1 ms or more
      return triangle.moments(rest);
    };
    write(over_halves(couplings, part, free, moments_of), block);
  };
  auto const size = block_size(left);
  auto const filled = blocks(1 << block_spins, size, fill);
  auto unread = std::span(filled);
  auto const next_block = [&](FreeSpins const&) {
    auto const block = unread.first(size);
    unread = unread.subspan(size);
    return read(block, left);
  };
  Moments moments = over_halves(couplings, spins, left, next_block);
  moments.log_Z -= beta * (spins.pinned_energy.whole + spins.pinned_energy.rest);
  return moments;
}

}  // namespace

Moments exact_moments(Ising const& model, double beta, EnergyVariance variance, BlockMap const& blocks) {
  int const N = model.size();
  if (N < 1 || N > largest_exact_N)
    throw std::domain_error("exact moments (sums over 2^N states) of " + std::to_string(N) +
                            " spins, but N must lie in [1, " + std::to_string(largest_exact_N) + "]");
  Moments moments;
  if (model.has_field()) {
    moments = all_states(model.J, model.h, beta, variance, blocks);
  } else {
    // E(s) = E(-s): half of the states are enough, those with the last spin up.
    auto const n = N - 1;
    moments = with_spin(all_states(model.J.topLeftCorner(n, n), model.J.col(n).head(n), beta, variance, blocks), 1, 0);
    moments.m.setZero();
    moments.log_Z += std::numbers::ln2;
  }
  // Rounding leaves nothing of these three.
  moments.c.diagonal().setOnes();
  moments.c.triangularView<Eigen::StrictlyUpper>() = moments.c.transpose();
  moments.energy = -model.J.cwiseProduct(moments.c).sum() / 2 - model.h.dot(moments.m);
  return moments;
}

}  // namespace hypnos
