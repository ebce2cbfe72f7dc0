#pragma once

#include <Eigen/Core>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

namespace hypnos {

/// One state of N spins s_i = +-1, packed: bit i % 64 of word i / 64 is set where s_i = +1. Bits beyond N are 0. A
/// view: the words belong to a SpinStates. `Word` is std::uint64_t, or constant for a state that is only read.
template <class Word>
class BasicSpinState {
 public:
  BasicSpinState(std::span<Word> words, int N) : words_(words), N_(N) {}
  operator BasicSpinState<std::uint64_t const>() const { return {words_, N_}; }

  int size() const { return N_; }
  std::span<Word> words() const { return words_; }

  int spin(int i) const { return is_up(i) ? 1 : -1; }
  bool is_up(int i) const { return (words_[static_cast<std::size_t>(i) / 64] >> i % 64 & 1) != 0; }

  void flip(int i) const requires(!std::is_const_v<Word>) {
    words_[static_cast<std::size_t>(i) / 64] ^= std::uint64_t{1} << i % 64;
  }

  /// To the opposite state, s_i -> -s_i for all i.
  void reverse() const requires(!std::is_const_v<Word>) {
    for (auto& word : words_) word = ~word;
    if (N_ % 64 != 0) words_.back() &= (std::uint64_t{1} << N_ % 64) - 1;
  }

  void assign(BasicSpinState<std::uint64_t const> other) const requires(!std::is_const_v<Word>) {
    for (std::size_t w = 0; w < words_.size(); ++w) words_[w] = other.words()[w];
  }

  /// sum_i s_i.
  int magnetization() const {
    int up = 0;
    for (auto const word : words_) up += std::popcount(word);
    return 2 * up - N_;
  }

 private:
  std::span<Word> words_;
  int N_;
};

using SpinState = BasicSpinState<std::uint64_t const>;
using MutableSpinState = BasicSpinState<std::uint64_t>;

/// On how many sites two states of equal size differ.
inline int differing_spins(SpinState s, SpinState t) {
  int differing = 0;
  for (std::size_t w = 0; w < s.words().size(); ++w) differing += std::popcount(s.words()[w] ^ t.words()[w]);
  return differing;
}

/// sum_i s_i t_i.
inline int scalar_product(SpinState s, SpinState t) { return s.size() - 2 * differing_spins(s, t); }

/// The overlap m = sum_i s_i t_i / N.
inline double overlap(SpinState s, SpinState t) {
  return 1 - 2 * static_cast<double>(differing_spins(s, t)) / s.size();
}

/// Any number of states of N spins, or patterns, packed one after the other: N / 8 bytes a state.
class SpinStates {
 public:
  SpinStates() = default;
  /// `count` states with all spins -1.
  explicit SpinStates(int N, Eigen::Index count = 0);
  /// The rows of a matrix of +1 and -1, (count x N). std::domain_error for other entries.
  explicit SpinStates(Eigen::MatrixXd const& signs);

  int size() const { return N_; }                                                 ///< N
  Eigen::Index count() const { return count_; }                                   ///< how many states
  std::size_t words() const { return (static_cast<std::size_t>(N_) + 63) / 64; }  ///< of one state
  std::span<std::uint64_t const> bits() const { return bits_; }                   ///< of all states, in order

  SpinState operator[](Eigen::Index k) const { return {std::span(bits_).subspan(first_word(k), words()), N_}; }
  MutableSpinState operator[](Eigen::Index k) { return {std::span(bits_).subspan(first_word(k), words()), N_}; }

  /// States first, ..., first + count - 1.
  SpinStates part(Eigen::Index first, Eigen::Index count) const;
  /// Appends states of the same size.
  void append(SpinStates const& more);
  void append(SpinState state);
  void reserve(Eigen::Index count);
  /// Room for so many states more than there are: appending them allocates nothing.
  void reserve_more(Eigen::Index count);

  /// The matrix of the signs s_i^k of states first, ..., first + count - 1, (count x N).
  Eigen::MatrixXd signs(Eigen::Index first, Eigen::Index count) const;
  Eigen::MatrixXd signs() const { return signs(0, count_); }

  /// Overlaps m^kl = sum_i s_i^k t_i^l / N with the states of another set, (count x other.count()).
  Eigen::MatrixXd overlaps(SpinStates const& other) const;

  bool operator==(SpinStates const&) const = default;

  template <class Archive>
  void archive(Archive& members) {
    members(N_, count_, bits_);
  }

 private:
  std::size_t first_word(Eigen::Index k) const { return static_cast<std::size_t>(k) * words(); }

  int N_ = 0;
  Eigen::Index count_ = 0;
  std::vector<std::uint64_t> bits_;
};

}  // namespace hypnos
