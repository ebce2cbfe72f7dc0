#include "hypnos/physics/memories/unlearning.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <utility>
#include <variant>

#include "deferred_couplings.hpp"
#include "hypnos/base/error.hpp"
#include "hypnos/base/text.hpp"
#include "hypnos/physics/memories/plain_unlearning.hpp"

namespace hypnos {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::MatrixXi;

namespace {

constexpr int most_neurons = 16000;
constexpr int most_pending = DeferredCouplings<std::int16_t>::most_pending;

void draw_state(int N, Rng& numbers, std::span<std::uint64_t> state) {
  for (int j = 0; j < N; j += 32) {
    std::uint32_t const used = N - j < 32 ? (std::uint32_t{1} << (N - j)) - 1 : ~std::uint32_t{0};
    state[static_cast<std::size_t>(j) / 64] |= std::uint64_t{numbers.bits() & used} << j % 64;
  }
}

}  // namespace

// The fractions on the way to epsilon by the Euclidean algorithm; the first that rounds to it is the simplest that does.
UnlearningRate unlearning_rate(double epsilon) {
  constexpr double largest = 1e6;
  if (epsilon > 0 && epsilon <= largest) {
    double r = 1, q = 0, r_before = 0, q_before = 1, x = epsilon;
    while (true) {
      double const whole = std::floor(x);
      r_before = std::exchange(r, whole * r + r_before);
      q_before = std::exchange(q, whole * q + q_before);
      if (q > largest) break;
      if (r / q == epsilon) return {static_cast<int>(r), static_cast<int>(q)};
      x = 1 / (x - whole);
    }
  }
  throw BadInput("epsilon", "epsilon = " + format_number(epsilon) +
                                ", but must be a fraction of whole numbers, above 0 and with a denominator up to "
                                "1000000 (couplings are kept as integers): write it with fewer digits");
}

// In 16 bits as long as they do.
struct Unlearning::Couplings {
  std::variant<DeferredCouplings<std::int16_t>, DeferredCouplings<std::int32_t>> entries;

  template <class Action>
  decltype(auto) with(Action&& action) {
    return std::visit(std::forward<Action>(action), entries);
  }
};

Unlearning::Unlearning(MatrixXd const& xi, UnlearningRate epsilon, Dynamics dynamics, Rng const& stream)
    : N_(static_cast<int>(xi.cols())), epsilon_(epsilon), dynamics_(dynamics), stream_(stream) {
  if ((xi.array().abs() != 1).any()) throw std::domain_error("patterns consist of +1 and -1");
  if (N_ < 1 || N_ > most_neurons) throw std::domain_error("unlearning needs 1 to 16000 neurons");
  if (epsilon.r < 1 || epsilon.q < 1) throw std::domain_error("a rate of unlearning is a positive fraction");
  if (static_cast<double>(epsilon.q) * static_cast<double>(xi.rows()) > 0x1p29)
    throw std::domain_error("q P is too large for couplings of 32 bits");

  if (!(dynamics.T >= 0) || !std::isfinite(dynamics.T)) throw std::domain_error("a temperature is finite and >= 0");
  if (dynamics.T > 0 && (dynamics.sweeps < 0 || std::int64_t{N_} * dynamics.sweeps > most_visits))
    throw std::domain_error("a thermal dream visits 0 to 2^22 neurons");

  for (auto const& pattern : xi.rowwise()) {
    patterns_.resize(patterns_.size() + words());
    auto const packed = std::span(patterns_).last(words());
    for (int i = 0; i < N_; ++i) packed[static_cast<std::size_t>(i) / 64] |= std::uint64_t{pattern(i) > 0} << i % 64;
  }
  MatrixXi C = epsilon.q * (xi.transpose() * xi).cast<int>();  // exact: sums of fewer than 2^53 signs
  C.diagonal().setZero();
  constexpr int largest = std::numeric_limits<std::int16_t>::max();
  if (C.cwiseAbs().maxCoeff() / 2 < largest)
    couplings_ = std::make_unique<Couplings>(DeferredCouplings<std::int16_t>(C, epsilon.r));
  else couplings_ = std::make_unique<Couplings>(DeferredCouplings<std::int32_t>(C, epsilon.r));
}

Unlearning::~Unlearning() = default;
Unlearning::Unlearning(Unlearning&&) noexcept = default;
Unlearning& Unlearning::operator=(Unlearning&&) noexcept = default;

void Unlearning::make_room() {
  auto const has_room = [](auto& couplings) { return couplings.has_room(); };
  if (couplings_->with(has_room)) return;
  couplings_->entries = DeferredCouplings<std::int32_t>(C(), epsilon_.r);
  if (!couplings_->with(has_room)) throw std::overflow_error("the couplings have outgrown 32 bits: unlearn less");
}

std::vector<Rng> Unlearning::begin_dreams(std::span<std::uint64_t> states, Rng const& stream,
                                          std::int64_t first) const {
  std::vector<Rng> numbers;
  for (; !states.empty(); states = states.subspan(words())) {
    numbers.push_back(numbers_of_dream(stream, first + std::ssize(numbers)));
    draw_state(N_, numbers.back(), states.first(words()));
  }
  return numbers;
}

template <class Entries>
void Unlearning::finish_dream(Entries const& couplings, std::span<std::uint64_t> state,
                              Eigen::Ref<Eigen::ArrayXi const> sums, Rng& numbers) const {
  if (dynamics_.T == 0) couplings.relax(state, sums, dynamics_.order, numbers);
  else couplings.heat(state, sums, dynamics_.T * epsilon_.q * N_, dynamics_.sweeps, dynamics_.order, numbers);
}

std::vector<std::uint64_t> Unlearning::dream(int count) {
  std::vector<std::uint64_t> dreams(static_cast<std::size_t>(count) * words());
  for (std::size_t begin = 0, end = 0; begin < dreams.size(); begin = end) {
    end = std::min(dreams.size(), begin + most_pending * words());
    make_room();
    auto const block = std::span(dreams).subspan(begin, end - begin);
    auto numbers = begin_dreams(block, stream_, dreams_);
    couplings_->with([&](auto& couplings) {
      auto const sums = couplings.sums(block);
      for (std::size_t k = 0; k < numbers.size(); ++k) {
        auto const state = block.subspan(k * words(), words());
        finish_dream(couplings, state, sums.col(static_cast<Index>(k)), numbers[k]);
        couplings.subtract(state);
      }
      couplings.settle();
    });
    dreams_ += std::ssize(numbers);
  }
  return dreams;
}

std::vector<std::uint64_t> Unlearning::glassy_states(int count, Rng const& stream) const {
  std::vector<std::uint64_t> states(static_cast<std::size_t>(count) * words());
  auto numbers = begin_dreams(states, stream, 0);
  couplings_->with([&](auto& couplings) {
    auto const sums = couplings.sums(states);
    for (std::size_t k = 0; k < numbers.size(); ++k)
      finish_dream(couplings, std::span(states).subspan(k * words(), words()), sums.col(static_cast<Index>(k)),
                   numbers[k]);
  });
  return states;
}

void Unlearning::replay(std::span<std::uint64_t const> dreams) {
  while (!dreams.empty()) {
    make_room();
    auto const block = dreams.first(std::min(dreams.size(), most_pending * words()));
    couplings_->with([&](auto& couplings) {
      for (std::size_t w = 0; w < block.size(); w += words()) couplings.subtract(block.subspan(w, words()));
      couplings.settle();
    });
    dreams_ += static_cast<std::int64_t>(block.size() / words());
    dreams = dreams.subspan(block.size());
  }
}

MatrixXi Unlearning::C() const {
  return couplings_->with([](auto const& couplings) { return couplings.C(); });
}

MatrixXd Unlearning::J() const { return C().cast<double>() / (static_cast<double>(epsilon_.q) * N_); }

MatrixXd Unlearning::stabilities() const {
  return couplings_->with([&](auto const& couplings) {
    auto const norms = couplings.row_norms();
    MatrixXd delta(static_cast<Index>(patterns_.size() / words()), N_);
    auto const fields = couplings.fields(patterns_);
    for (Index i = 0; i < N_; ++i)
      for (Index mu = 0; mu < delta.rows(); ++mu) {
        auto const word = patterns_[static_cast<std::size_t>(mu) * words() + static_cast<std::size_t>(i) / 64];
        double const along = (word >> i % 64 & 1) != 0 ? fields(i, mu) : -fields(i, mu);
        delta(mu, i) = norms(i) > 0 ? along / norms(i) : 0;
      }
    return delta;
  });
}

double Unlearning::sigma_J() const {
  if (N_ < 2) return 0;
  double sum = 0;
  for (double const norm : couplings_->with([](auto const& couplings) { return couplings.row_norms(); }))
    sum += norm * norm;
  return std::sqrt(sum / N_ / (N_ - 1.0)) / (static_cast<double>(epsilon_.q) * N_);
}

}  // namespace hypnos
