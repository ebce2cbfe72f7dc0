#include "hypnos/physics/states/spin_states.hpp"

#include <algorithm>
#include <stdexcept>

namespace hypnos {

using Eigen::Index;
using Eigen::MatrixXd;

SpinStates::SpinStates(int N, Index count) : N_(N), count_(count), bits_(static_cast<std::size_t>(count) * words()) {}

SpinStates::SpinStates(MatrixXd const& signs) : SpinStates(static_cast<int>(signs.cols()), signs.rows()) {
  if (!(signs.array().abs() == 1).all()) throw std::domain_error("states and patterns consist of +1 and -1");
  for (Index i = 0; i < signs.cols(); ++i)
    for (Index k = 0; k < count_; ++k)
      bits_[first_word(k) + static_cast<std::size_t>(i) / 64] |= std::uint64_t{signs(k, i) > 0} << i % 64;
}

SpinStates SpinStates::part(Index first, Index count) const {
  SpinStates states(N_);
  auto const begin = bits_.begin() + static_cast<std::ptrdiff_t>(first_word(first));
  states.bits_.assign(begin, begin + static_cast<std::ptrdiff_t>(first_word(count)));
  states.count_ = count;
  return states;
}

void SpinStates::append(SpinStates const& more) {
  if (more.N_ != N_) throw std::domain_error("states differ in size");
  bits_.insert(bits_.end(), more.bits_.begin(), more.bits_.end());
  count_ += more.count_;
}

void SpinStates::append(SpinState state) {
  if (state.size() != N_) throw std::domain_error("states differ in size");
  bits_.insert(bits_.end(), state.words().begin(), state.words().end());
  ++count_;
}

void SpinStates::reserve(Index count) { bits_.reserve(first_word(count)); }

void SpinStates::reserve_more(Index count) {
  if (auto const needed = first_word(count_ + count); needed > bits_.capacity())
    bits_.reserve(std::max(needed, 2 * bits_.capacity()));
}

MatrixXd SpinStates::signs(Index first, Index count) const {
  MatrixXd signs(count, N_);
  for (Index i = 0; i < N_; ++i)
    for (Index k = 0; k < count; ++k) signs(k, i) = (*this)[first + k].spin(static_cast<int>(i));
  return signs;
}

MatrixXd SpinStates::overlaps(SpinStates const& other) const {
  if (other.N_ != N_) throw std::domain_error("states differ in size");
  return MatrixXd::NullaryExpr(count_, other.count_, [&](Index k, Index l) { return overlap((*this)[k], other[l]); });
}

}  // namespace hypnos
