#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <stdexcept>

#include "hypnos/base/blocks.hpp"
#include "hypnos/base/random.hpp"
#include "hypnos/physics/restricted/restricted_machine.hpp"

namespace hypnos {

/// Independent Markov chains that sample a restricted machine by Gibbs steps and keep their states between calls, while
/// the machine may change. A step draws all hidden units given the visible ones, then all visible units given the
/// hidden:
///   P(h_alpha = +1 | v) = 1 / (1 + exp(-2 (b + W^T v)_alpha)),  P(v_i = +1 | h) = 1 / (1 + exp(-2 (a + W h)_i))
///   (Pozas-Kerstjens et al., Mach. Learn.: Sci. Technol. 2, 025026 (2021), Eq. B2).
/// A unit has one random word w and is +1 where 2^26 field > threshold(w, 2^25) (kernels/logistic_thresholds.hpp); odds
/// are off by a factor of 1 +- 5e-6, probabilities below 2^-32 are 0. In step t, hidden unit alpha of chain c has word
/// 4 t (B_H + B_V) + alpha of substream c of the stream, visible unit i word 4 (t (B_H + B_V) + B_H) + i, where
/// B_H = ceil(H / 4), B_V = ceil(V / 4). So a chain depends neither on the number of chains, nor on how its steps are
/// grouped, nor on the process that computes it; the number of chains in the last bundle of 64 may change the rounding
/// of fields, and with it a unit whose field is within rounding of its threshold.
/// Every process of a team has all states after every call. Instantiated for float and double.
template <class Scalar>
class LayerSampling {
 public:
  using Matrix = Eigen::MatrixX<Scalar>;

  /// Step 0 draws both layers without fields: every unit is +1 or -1 with probability 1/2. V, H >= 1 and chains in
  /// [1, Rng::substreams], else std::domain_error.
  LayerSampling(Eigen::Index V, Eigen::Index H, int chains, Rng const& stream);

  int chains() const { return static_cast<int>(v_.cols()); }
  Matrix const& visible() const { return v_; }  ///< (V x chains), entries +-1
  Matrix const& hidden() const { return h_; }   ///< (H x chains), from which the visible states were drawn

  /// The next step begins with these visible states, (V x chains), else std::domain_error.
  void set_visible(Matrix v);
  /// All units random, as in step 0.
  void restart();

  /// `steps` steps of all chains. The first `clamped` visible units keep their states (a reconstruction of the others).
  /// A step costs twice machine.multiplications() for each chain, and 2 ns for each unit with AVX2. The machine must
  /// have as many units, steps >= 0, 0 <= clamped <= V, else std::domain_error. Polls after every step of 64 chains. If
  /// anything is thrown, the chains are as before.
  void run(RestrictedMachine<Scalar> const& machine, int steps, BlockMap const& blocks = serial_blocks,
           Eigen::Index clamped = 0);

  /// The states and the number of steps done. They continue chains of the same V, H, number and stream; other sizes are
  /// a std::length_error.
  template <class Archive>
  void archive(Archive& members) {
    auto const V = v_.rows(), H = h_.rows(), chains = v_.cols();
    members(steps_, v_, h_);
    if (v_.rows() != V || h_.rows() != H || v_.cols() != chains || h_.cols() != chains)
      throw std::length_error("the archived Markov chains differ in number or size from those that are restored");
  }

 private:
  Rng stream_;
  std::uint64_t steps_ = 0;
  Matrix v_, h_;
};

extern template class LayerSampling<float>;
extern template class LayerSampling<double>;

}  // namespace hypnos
