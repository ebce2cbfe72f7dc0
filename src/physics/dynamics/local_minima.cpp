#include "hypnos/physics/dynamics/local_minima.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <iterator>
#include <numeric>
#include <stdexcept>
#include <string>
#include <utility>

#include "exact_fields.hpp"

namespace hypnos {

using Eigen::ArrayXd;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::MatrixXf;
using Eigen::VectorXd;

namespace {

// Of partial states that are searched side by side: a number that does not depend on the team.
constexpr std::size_t at_once = 2048;

// With more open partial states than these, those that were found last are searched first. Their depth grows by one or
// more every time, so at_once N^2 / 2 are added at most. With fewer, the first ones are searched, which are the largest
// and keep all members of a team busy.
constexpr std::size_t most_open = 4096;

// Number k of a part: bits in reverse, so that neighbours, which have similar sizes, go to different members of a team.
constexpr auto order_of_parts = [] {
  std::array<std::size_t, at_once> order{};
  for (std::size_t k = 0; k < at_once; ++k)
    for (std::size_t bit = 1; bit < at_once; bit *= 2) order[k] = 2 * order[k] + (k & bit ? 1 : 0);
  return order;
}();

// Values of lambda that are tried at a partial state.
constexpr int bounds = 3;

// Single precision, padded with zeros to a multiple of 8 numbers. Stored in the object itself, so that a partial
// state needs no allocations.
constexpr Index multiple = 8;
using Vector = Eigen::Array<float, Eigen::Dynamic, 1, Eigen::ColMajor, LocalMinima::largest_size, 1>;

// Some neurons.
class Neurons {
 public:
  void insert(Index i) { words_[static_cast<std::size_t>(i) / 64] |= std::uint64_t{1} << i % 64; }
  void erase(Index i) { words_[static_cast<std::size_t>(i) / 64] &= ~(std::uint64_t{1} << i % 64); }
  bool empty() const { return (words_[0] | words_[1]) == 0; }
  int count() const { return std::popcount(words_[0]) + std::popcount(words_[1]); }
  template <class Function>
  void for_each(Function const& f) const {
    for (std::size_t w = 0; w < words_.size(); ++w)
      for (auto left = words_[w]; left != 0; left &= left - 1) f(static_cast<Index>(64 * w) + std::countr_zero(left));
  }

 private:
  std::array<std::uint64_t, LocalMinima::largest_size / 64> words_{};
};
static_assert(LocalMinima::largest_size == 128);

// sum = sum_i weight(i) matrix.col(i) over some neurons. Up to eight vectors of it stay in registers.
template <int vectors, class Weight>
void add_columns(float const* matrix, Index width, Neurons const& neurons, Weight const& weight, float* sum) {
  using Eight [[gnu::vector_size(32)]] = float;
  std::array<Eight, vectors> sums{};
  neurons.for_each([&](Index i) {
    float const factor = weight(i);
    auto const* from = matrix + i * width;
    for (auto& part : sums) {
      Eight column;
      std::memcpy(&column, from, sizeof column);
      part += factor * column;
      from += 8;
    }
  });
  std::memcpy(sum, sums.data(), sizeof sums);
}

template <class Weight>
void weighted_sum(MatrixXf const& matrix, Neurons const& neurons, Weight const& weight, Vector& sum) {
  auto const width = matrix.rows();
  sum.resize(width);
  for (Index first = 0; first < width; first += 64) {
    auto const* const from = matrix.data() + first;
    auto* const to = sum.data() + first;
    switch (std::min<Index>(8, (width - first) / 8)) {
      case 1: add_columns<1>(from, width, neurons, weight, to); break;
      case 2: add_columns<2>(from, width, neurons, weight, to); break;
      case 3: add_columns<3>(from, width, neurons, weight, to); break;
      case 4: add_columns<4>(from, width, neurons, weight, to); break;
      case 5: add_columns<5>(from, width, neurons, weight, to); break;
      case 6: add_columns<6>(from, width, neurons, weight, to); break;
      case 7: add_columns<7>(from, width, neurons, weight, to); break;
      default: add_columns<8>(from, width, neurons, weight, to);
    }
  }
}

// A state of which some neurons are free, s_i = lambda_i = 0. The sum of all lambda_i is 1.
struct Partial {
  double weight = 1;  // the part of the tree below it
  Neurons fixed, free;
  Vector s, lambda, is_free;  // is_free_i = 1 - s_i^2
  Vector phi, rest;           // phi_i = sum_j J_ij s_j, rest_i = sum_{k free} |J_ik|
};

}  // namespace

// Depth-first search below partial states.
class LocalMinima::Search {
 public:
  Search(MatrixXd J, bool strict) : J_(std::move(J)), strict_(strict) {
    J_.diagonal().setZero();
    auto const N = J_.cols(), width = (N + multiple - 1) / multiple * multiple;
    double const largest = J_.cwiseAbs().rowwise().sum().maxCoeff();
    auto const unit = common_unit(J_);
    bool const exact = largest < 0x1p53 * unit;
    rounding_ = exact ? 0 : 0x1p-52 * static_cast<double>(N) * largest;
    double const scale = largest > 0 ? 1 / largest : 1;
    columns_.setZero(width, N);
    rows_.setZero(width, N);
    columns_.topRows(N) = (scale * J_).cast<float>();
    rows_.topRows(N) = (scale * J_.transpose()).cast<float>();
    absolute_ = columns_.cwiseAbs();
    // in units of the largest sum over a row. Two sums of up to 128 numbers are off by less than 2 * 128 * 2^-24 = 1.6e-5
    least_ = static_cast<float>(strict_ && exact ? scale * unit : 0) - 1e-4F;
  }

  MatrixXd const& couplings() const { return J_; }

  // A partial state as numbers, all of it, so that a search does not depend on where it is divided: the weight, s,
  // lambda, phi and rest.
  Index length() const { return 4 * size() + 1; }
  std::vector<double> root() const;

  // What was found below a partial state by so many examinations, as numbers: examinations, the weight that was searched,
  // how many minima, their signs, and the partial states that are left.
  std::vector<double> below(std::vector<double> const& start, std::int64_t examinations) const;

 private:
  enum class Outcome { excluded, state, branches };
  struct Examined {
    Outcome outcome;
    Index branch = 0;  // the neuron
    float sign = 0;    // its likelier one
  };

  Index size() const { return J_.cols(); }
  void append(std::vector<double>& numbers, Partial const& partial) const;
  Partial unpacked(std::vector<double> const& numbers) const;
  void fix(Partial& partial, Index i, float sign) const;
  void fix_where(Partial& partial, Vector const& excess, Vector const& signs) const;
  Examined examine(Partial& partial) const;
  bool is_minimum(Vector const& s) const;

  MatrixXd J_;
  bool strict_;
  double rounding_;                     // of a field; 0 if fields are exact
  MatrixXf columns_, rows_, absolute_;  // J_ij of all i in a column, of all j in a column, and |J_ij| of all i
  float least_;                         // s_i h_i of a stable neuron, less a margin for rounding
};

std::vector<double> LocalMinima::Search::root() const {
  auto const N = size();
  Partial root;
  for (auto* const array : {&root.s, &root.lambda, &root.is_free, &root.phi, &root.rest})
    array->setZero(columns_.rows());
  root.s(0) = 1;
  root.lambda(0) = 1;
  root.phi = columns_.col(0);
  for (Index i = 1; i < N; ++i) root.rest += absolute_.col(i).array();
  std::vector<double> numbers;
  append(numbers, root);
  return numbers;
}

void LocalMinima::Search::append(std::vector<double>& numbers, Partial const& partial) const {
  numbers.push_back(partial.weight);
  for (auto const* const array : {&partial.s, &partial.lambda, &partial.phi, &partial.rest})
    numbers.insert(numbers.end(), array->begin(), array->begin() + size());
}

Partial LocalMinima::Search::unpacked(std::vector<double> const& numbers) const {
  auto const N = size();
  Partial partial;
  partial.weight = numbers[0];
  auto const* from = &numbers[1];
  for (auto* const array : {&partial.s, &partial.lambda, &partial.phi, &partial.rest}) {
    array->setZero(columns_.rows());
    array->head(N) = ArrayXd::Map(from, N).cast<float>();
    from += N;
  }
  partial.is_free.setZero(columns_.rows());
  for (Index i = 0; i < N; ++i)
    if (partial.s(i) != 0) {
      partial.fixed.insert(i);
    } else {
      partial.free.insert(i);
      partial.is_free(i) = 1;
    }
  return partial;
}

// The new neuron counts as much as the others on average.
void LocalMinima::Search::fix(Partial& partial, Index i, float sign) const {
  auto const fixed = static_cast<float>(partial.fixed.count());
  partial.fixed.insert(i);
  partial.free.erase(i);
  partial.s(i) = sign;
  partial.is_free(i) = 0;
  partial.lambda(i) = 1 / fixed;
  partial.lambda *= fixed / (fixed + 1);
  partial.phi += sign * columns_.col(i).array();
  partial.rest -= absolute_.col(i).array();
}

// Fixes the free neurons which could not be stable with the other sign: whose excess is too small.
void LocalMinima::Search::fix_where(Partial& partial, Vector const& excess, Vector const& signs) const {
  auto const free = partial.free;  // as it was
  free.for_each([&](Index i) {
    if (excess(i) < least_) fix(partial, i, signs(i) > 0 ? 1.F : -1.F);
  });
}

// Fixes neurons as long as their signs follow from those that are fixed.
LocalMinima::Search::Examined LocalMinima::Search::examine(Partial& partial) const {
  constexpr float out_of_question = 4;  // all sums are below 1
  auto& [weight, fixed, free, s, lambda, is_free, phi, rest] = partial;
  Vector a, excess, signs, slack;
  for (;;) {
    // the largest s_i h_i that free neurons leave
    if ((s * phi + rest + out_of_question * is_free).head(size()).minCoeff() < least_) return {Outcome::excluded};
    // and that of the less likely sign of a free neuron
    excess = rest - phi.abs();
    if ((excess + out_of_question * s.square()).head(size()).minCoeff() < least_) {
      signs = phi;
      fix_where(partial, excess, signs);
      continue;
    }
    if (free.empty()) return {Outcome::state};
    for (int k = 1;; ++k) {
      weighted_sum(
          rows_, fixed, [&](Index i) { return partial.lambda(i) * partial.s(i); }, a);
      a *= is_free;
      float const g = (lambda * s * phi).sum() + a.abs().sum();
      if (g < least_) return {Outcome::excluded};
      float const largest = a.abs().maxCoeff();
      if (g - 2 * largest < least_) {
        excess = g - 2 * a.abs();
        fix_where(partial, excess, a);
        break;
      }
      float scale = 0;
      if (k < bounds) {
        weighted_sum(
            columns_, free, [&](Index i) { return static_cast<float>((a(i) > 0) - (a(i) < 0)); }, slack);
        slack = s * (phi + slack);
        scale = slack.abs().maxCoeff();
      }
      if (!(scale > 0)) {
        Examined branches{Outcome::branches};
        float size = -1;
        free.for_each([&](Index i) {
          if (std::abs(a(i)) > size) {
            size = std::abs(a(i));
            branches.branch = i;
          }
        });
        branches.sign = a(branches.branch) > 0 ? 1.F : -1.F;
        return branches;
      }
      lambda *= 1 - 0.97F / scale * slack;
      lambda *= 1 / lambda.sum();
    }
  }
}

bool LocalMinima::Search::is_minimum(Vector const& of_s) const {
  ArrayXd const s = of_s.head(size()).cast<double>(), h = J_ * s.matrix();
  for (Index i = 0; i < size(); ++i) {
    double const aligned =
        std::abs(h(i)) > rounding_ ? s(i) * h(i) : s(i) * sign_of_sum(J_.row(i).transpose().array() * s);
    if (strict_ ? aligned <= 0 : aligned < 0) return false;
  }
  return true;
}

std::vector<double> LocalMinima::Search::below(std::vector<double> const& start, std::int64_t examinations) const {
  auto const N = size();
  std::vector<Partial> stack{unpacked(start)};
  std::int64_t examined = 0, minima = 0;
  double searched = 0;
  std::vector<double> signs;
  for (; !stack.empty() && examined < examinations; ++examined) {
    auto partial = std::move(stack.back());
    stack.pop_back();
    auto const [outcome, branch, sign] = examine(partial);
    if (outcome == Outcome::branches) {
      partial.weight /= 2;
      stack.push_back(partial);
      fix(stack.back(), branch, -sign);
      stack.push_back(std::move(partial));
      fix(stack.back(), branch, sign);
      continue;
    }
    searched += partial.weight;
    if (outcome == Outcome::state && is_minimum(partial.s)) {
      ++minima;
      signs.insert(signs.end(), partial.s.begin(), partial.s.begin() + N);
    }
  }
  std::vector<double> result{static_cast<double>(examined), searched, static_cast<double>(minima)};
  result.insert(result.end(), signs.begin(), signs.end());
  for (auto const& partial : stack) append(result, partial);
  return result;
}

LocalMinima::LocalMinima(MatrixXd const& J, bool strict, std::int64_t most, ItemMap share)
    : N_(static_cast<int>(J.cols())), most_(most), share_(std::move(share)), found_(N_) {
  if (J.rows() != J.cols() || N_ < 1 || N_ > largest_size || !J.cwiseAbs().rowwise().sum().allFinite())
    throw std::domain_error("local minima: couplings are a square matrix with finite sums over rows, of up to " +
                            std::to_string(largest_size) + " neurons");
  search_ = std::make_shared<Search const>(J, strict);
  open_.push_back(search_->root());
}

void LocalMinima::advance(double operations) {
  auto const N = static_cast<double>(N_);
  auto const together = std::min(at_once, open_.size());
  // of about N^2 operations each; fewer while the tree is to be divided rather than searched
  auto const examinations =
      together < at_once ? 100 : std::max<std::int64_t>(100, static_cast<std::int64_t>(operations / (N * N * at_once)));
  auto const first = open_.size() < most_open ? 0 : open_.size() - together;
  std::vector<std::size_t> order;
  std::ranges::copy_if(order_of_parts, std::back_inserter(order), [&](std::size_t k) { return k < together; });
  auto made = share_(static_cast<int>(together), [&](int k) {
    return search_->below(open_[first + order[static_cast<std::size_t>(k)]], examinations);
  });
  std::vector<std::vector<double>> items(together);
  for (std::size_t k = 0; k < together; ++k) items[order[k]] = std::move(made[k]);
  auto more = found_.count();
  for (auto const& item : items) more += static_cast<Index>(item[2]);
  if (more > most_ / 2)
    throw std::length_error("there are more than " + std::to_string(most_) +
                            " local minima: " + std::to_string(2 * more) + " were found in " +
                            std::to_string(std::lround(100 * searched_)) + " % of the search");
  auto const begin = open_.begin() + static_cast<std::ptrdiff_t>(first);
  open_.erase(begin, begin + static_cast<std::ptrdiff_t>(together));
  for (auto const& item : items) {
    examined_ += static_cast<std::int64_t>(item[0]);
    searched_ += item[1];
    auto const count = static_cast<Index>(item[2]);
    found_.append(SpinStates(MatrixXd(MatrixXd::Map(&item[3], N_, count).transpose())));
    for (auto at = item.begin() + 3 + N_ * count; at < item.end(); at += search_->length())
      open_.emplace_back(at, at + search_->length());
  }
}

SpinStates LocalMinima::minima() const {
  auto all = found_;
  all.append(found_);
  for (Index k = found_.count(); k < all.count(); ++k) all[k].reverse();
  auto const E = energies(search_->couplings(), all);
  std::vector<Index> order(static_cast<std::size_t>(all.count()));
  std::iota(order.begin(), order.end(), Index{0});
  std::ranges::sort(order, [&](Index k, Index l) {
    if (E(k) != E(l)) return E(k) < E(l);
    return std::ranges::lexicographical_compare(all[k].words(), all[l].words());
  });
  SpinStates sorted(N_);
  sorted.reserve(all.count());
  for (auto const k : order) sorted.append(std::as_const(all)[k]);
  return sorted;
}

VectorXd energies(MatrixXd const& J, SpinStates const& states) {
  VectorXd E(states.count());
  for (Index k = 0; k < states.count(); ++k) {
    VectorXd const s = states.signs(k, 1).row(0);
    E(k) = -0.5 * (s.dot(J * s) - J.trace());
  }
  return E;
}

}  // namespace hypnos
