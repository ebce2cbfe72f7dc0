#include "hypnos/physics/memories/unlearning.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>

#include "deferred_couplings.hpp"
#include "hypnos/base/archive.hpp"
#include "hypnos/physics/memories/hebb.hpp"
#include "hypnos/physics/memories/plain_unlearning.hpp"

namespace hypnos {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::MatrixXi;

namespace {

constexpr int most_pending = DeferredCouplings<std::int16_t>::most_pending;

void draw_state(MutableSpinState state, Rng& numbers) {
  for (int j = 0; j < state.size(); j += 32) {
    int const left = state.size() - j;
    std::uint32_t const used = left < 32 ? (std::uint32_t{1} << left) - 1 : ~std::uint32_t{0};
    state.words()[static_cast<std::size_t>(j) / 64] |= std::uint64_t{numbers.bits() & used} << j % 64;
  }
}

}  // namespace

// Of 16 bits while these suffice.
struct Unlearning::Couplings {
  std::variant<DeferredCouplings<std::int16_t>, DeferredCouplings<std::int32_t>> entries;

  template <class Action>
  decltype(auto) with(Action&& action) {
    return std::visit(std::forward<Action>(action), entries);
  }
};

Unlearning::Unlearning(MatrixXd const& xi, Fraction epsilon, Dynamics dynamics, Rng const& stream)
    : N_(static_cast<int>(xi.cols())), epsilon_(epsilon), dynamics_(dynamics), stream_(stream), patterns_(xi) {
  if (N_ < 1 || N_ > most_neurons)
    throw std::domain_error("unlearning needs 1 to " + std::to_string(most_neurons) + " neurons");
  if (epsilon.r < 1 || epsilon.q < 1) throw std::domain_error("a rate of unlearning is a positive fraction");
  if (epsilon.q * xi.rows() > largest_sum) throw std::domain_error("q P is too large for couplings of 32 bits");

  if (!(dynamics.T >= 0) || !std::isfinite(dynamics.T)) throw std::domain_error("a temperature is finite and >= 0");
  if (dynamics.T > 0 && (dynamics.sweeps < 0 || std::int64_t{N_} * dynamics.sweeps > most_updates))
    throw std::domain_error("a thermal dream has 0 to " + std::to_string(most_updates) + " updates");

  MatrixXi C = epsilon.q * hebbian_sums(xi).cast<int>();  // exact: sums of fewer than 2^53 signs
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

std::vector<Rng> Unlearning::begin_dreams(SpinStates& states, Rng const& stream, std::int64_t first) const {
  std::vector<Rng> numbers;
  for (Index k = 0; k < states.count(); ++k) {
    numbers.push_back(numbers_of_dream(stream, first + k));
    draw_state(states[k], numbers.back());
  }
  return numbers;
}

template <class Entries>
std::int64_t Unlearning::finish_dream(Entries const& couplings, MutableSpinState state,
                                      Eigen::Ref<Eigen::ArrayXi const> sums, Rng const& numbers) const {
  if (dynamics_.T > 0)
    return couplings.heat(state, sums, dynamics_.T * epsilon_.q * N_, dynamics_.sweeps, dynamics_.order, numbers);
  couplings.relax(state, sums, dynamics_.order, numbers);
  return 0;
}

SpinStates Unlearning::dream(int count) {
  SpinStates dreams(N_);
  dreams.reserve(count);
  while (dreams.count() < count) {
    make_room();
    SpinStates block(N_, std::min<Index>(most_pending, count - dreams.count()));
    auto const numbers = begin_dreams(block, stream_, dreams_);
    couplings_->with([&](auto& couplings) {
      auto const sums = couplings.sums(block, 0, block.count());
      for (Index k = 0; k < block.count(); ++k) {
        aligned_ += finish_dream(couplings, block[k], sums.col(k), numbers[static_cast<std::size_t>(k)]);
        couplings.subtract(block[k]);
      }
      couplings.write_pending();
    });
    dreams_ += block.count();
    if (dynamics_.T > 0) drifting_ += block.count();
    dreams.append(block);
  }
  return dreams;
}

double Unlearning::take_energy_drift() {
  auto const sum = static_cast<double>(std::exchange(aligned_, 0)),
             count = static_cast<double>(std::exchange(drifting_, 0));
  return -sum / (2 * static_cast<double>(epsilon_.q) * N_ * N_) / count;  // 0 / 0 is NaN
}

// An estimate in nanoseconds of 8 operations, for the slowest case: couplings beyond the caches, and half of all
// thermal updates flips.
int Unlearning::dreams_of_a_piece(double operations) const {
  double const N = N_, flip = 50 + N / 4;
  double const dream = N * N / 2 + (dynamics_.T == 0 ? N * flip / 2 : N * dynamics_.sweeps * (20 + flip / 2));
  return static_cast<int>(std::clamp(operations / 8 / dream, 1., static_cast<double>(most_pending)));
}

SpinStates Unlearning::glassy_states(int count, Rng const& stream, std::int64_t first) const {
  SpinStates states(N_, count);
  auto const numbers = begin_dreams(states, stream, first);
  couplings_->with([&](auto& couplings) {
    auto const sums = couplings.sums(states, 0, count);
    for (Index k = 0; k < count; ++k)
      finish_dream(couplings, states[k], sums.col(k), numbers[static_cast<std::size_t>(k)]);
  });
  return states;
}

void Unlearning::replay(SpinStates const& dreams, Index first, Index count) {
  for (Index const end = first + count; first < end;) {
    make_room();
    auto const block = std::min<Index>(most_pending, end - first);
    couplings_->with([&](auto& couplings) {
      for (Index k = 0; k < block; ++k) couplings.subtract(dreams[first + k]);
      couplings.write_pending();
    });
    dreams_ += block;
    first += block;
  }
}

MatrixXi Unlearning::C() const {
  return couplings_->with([](auto const& couplings) { return couplings.C(); });
}

MatrixXd Unlearning::J() const { return C().cast<double>() / (static_cast<double>(epsilon_.q) * N_); }

MatrixXi Unlearning::aligned_fields(Index first, Index count) const {
  return couplings_->with([&](auto const& couplings) { return couplings.aligned_fields(patterns_, first, count); });
}

Eigen::ArrayXd Unlearning::row_norms() const {
  return couplings_->with([](auto const& couplings) { return couplings.row_norms(); });
}

MatrixXd Unlearning::stabilities() const {
  return hypnos::stabilities(aligned_fields(0, patterns_.count()), row_norms());
}

MatrixXd stabilities(MatrixXi const& aligned_fields, Eigen::ArrayXd const& norms) {
  MatrixXd delta(aligned_fields.cols(), aligned_fields.rows());
  for (Index i = 0; i < delta.cols(); ++i)
    for (Index mu = 0; mu < delta.rows(); ++mu) delta(mu, i) = norms(i) > 0 ? aligned_fields(i, mu) / norms(i) : 0;
  return delta;
}

double Unlearning::sigma_J() const {
  if (N_ < 2) return 0;
  double sum = 0;
  for (double const norm : row_norms()) sum += norm * norm;
  return std::sqrt(sum / N_ / (N_ - 1.0)) / (static_cast<double>(epsilon_.q) * N_);
}

template <class Archive>
void Unlearning::archive(Archive& members) {
  auto& entries = couplings_->entries;
  bool wide = entries.index() == 1;
  members(dreams_, drifting_, aligned_, wide);
  if (wide && entries.index() == 0) entries = DeferredCouplings<std::int32_t>(C(), epsilon_.r);
  if (!wide && entries.index() == 1) entries = DeferredCouplings<std::int16_t>(MatrixXi::Zero(N_, N_), epsilon_.r);
  couplings_->with([&](auto& couplings) { couplings.archive(members); });
}

template void Unlearning::archive(StateWriter&);
template void Unlearning::archive(StateReader&);

}  // namespace hypnos
