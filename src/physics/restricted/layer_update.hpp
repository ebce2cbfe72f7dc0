#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include "hypnos/base/random.hpp"
#include "hypnos/kernels/logistic_thresholds.hpp"

namespace hypnos {

/// Blocks of four words that the units of a layer take.
constexpr std::uint64_t blocks_of_layer(Eigen::Index units) { return (static_cast<std::uint64_t>(units) + 3) / 4; }

/// The part [first, first + count) of all chains that bundle number k contains.
struct ChainRange {
  Eigen::Index first, count;
};
inline constexpr Eigen::Index chains_of_bundle = Rng::side;
inline ChainRange chains_in_bundle(int k, Eigen::Index chains) {
  auto const first = k * chains_of_bundle;
  return {first, std::min(chains_of_bundle, chains - first)};
}
inline int bundles_of(Eigen::Index chains) {
  return static_cast<int>((chains + chains_of_bundle - 1) / chains_of_bundle);
}

/// Words of a layer in up to 64 chains, as many of each chain as `words_of_chain` has rows, from block `block` on.
template <class Words>
void fill_words(Rng const& stream, std::uint64_t block, Eigen::Index first, Words& words_of_chain) {
  // A few chains are drawn one by one. Positions in the first 128 substreams are exact (Rng::position).
  if (words_of_chain.cols() < 16 && first + words_of_chain.cols() <= 128) {
    for (Eigen::Index l = 0; l < words_of_chain.cols(); ++l) {
      Rng chain = stream;
      chain.seek({static_cast<double>(first + l) * 0x1p46 + 4 * static_cast<double>(block),
                  std::numeric_limits<double>::quiet_NaN()});
      chain.fill({&words_of_chain(0, l), static_cast<std::size_t>(words_of_chain.rows())});
    }
    return;
  }
  constexpr std::size_t side = Rng::side;
  std::array<std::uint32_t, 4 * side> words;
  for (Eigen::Index row = 0; row < words_of_chain.rows(); row += 4) {
    stream.side_by_side(block++, static_cast<std::uint32_t>(first), words);
    for (Eigen::Index l = 0; l < words_of_chain.cols(); ++l)
      for (Eigen::Index w = 0; w < 4; ++w)
        words_of_chain(row + w, l) = words[side * static_cast<std::size_t>(w) + static_cast<std::size_t>(l)];
  }
}

/// Draws the units of a layer in up to 64 chains from their fields (layer_sampling.hpp): unit i of chain l has word i
/// after `block` blocks of substream first + l.
template <class Scalar>
void draw_layer(Rng const& stream, std::uint64_t block, Eigen::Index first, Eigen::MatrixX<Scalar> const& fields,
                Eigen::MatrixX<Scalar>& units) {
  constexpr Eigen::Index rows_at_once = 128;  // words of as many units of 64 chains, 32 kB, stay in the cache
  Eigen::Matrix<std::uint32_t, Eigen::Dynamic, Eigen::Dynamic, Eigen::ColMajor, rows_at_once, chains_of_bundle> words;
  std::array<std::int32_t, rows_at_once> thresholds;
  units.resize(fields.rows(), fields.cols());
  for (Eigen::Index row = 0; row < fields.rows(); row += rows_at_once) {
    auto const rows = std::min(rows_at_once, fields.rows() - row);
    words.resize((rows + 3) / 4 * 4, fields.cols());
    fill_words(stream, block + static_cast<std::uint64_t>(row / 4), first, words);
    for (Eigen::Index l = 0; l < fields.cols(); ++l) {
      auto const count = static_cast<std::size_t>(rows);
      logistic_thresholds({&words(0, l), count}, 0x1p25, {thresholds.data(), count});
      Scalar const* const field = &fields(row, l);
      Scalar* const unit = &units(row, l);
      for (std::size_t r = 0; r < count; ++r)
        unit[r] = field[r] * Scalar{0x1p26} > static_cast<Scalar>(thresholds[r]) ? Scalar{1} : Scalar{-1};
    }
  }
}

/// Numbers into which the units of one state are packed, 32 in each: whole numbers, which every copy of doubles
/// preserves.
constexpr Eigen::Index packed_size(Eigen::Index units) { return (units + 31) / 32; }

/// The columns of a matrix of +-1, one after the other; returns what is left of `numbers`.
template <class Scalar>
std::span<double> pack_units(Eigen::MatrixX<Scalar> const& units, std::span<double> numbers) {
  std::size_t next = 0;
  for (Eigen::Index k = 0; k < units.cols(); ++k)
    for (Eigen::Index first = 0; first < units.rows(); first += 32) {
      std::uint32_t bits = 0;
      auto const count = std::min<Eigen::Index>(32, units.rows() - first);
      for (Eigen::Index i = 0; i < count; ++i) bits |= std::uint32_t{units(first + i, k) > 0} << i;
      numbers[next++] = bits;
    }
  return numbers.subspan(next);
}

/// Writes columns first ... first + count - 1 of the matrix.
template <class Scalar>
std::span<double const> unpack_units(std::span<double const> numbers, ChainRange const& chains,
                                     Eigen::MatrixX<Scalar>& units) {
  std::size_t next = 0;
  for (Eigen::Index k = chains.first; k < chains.first + chains.count; ++k)
    for (Eigen::Index first = 0; first < units.rows(); first += 32) {
      auto const bits = static_cast<std::uint32_t>(numbers[next++]);
      auto const count = std::min<Eigen::Index>(32, units.rows() - first);
      for (Eigen::Index i = 0; i < count; ++i) units(first + i, k) = (bits >> i & 1) != 0 ? Scalar{1} : Scalar{-1};
    }
  return numbers.subspan(next);
}

}  // namespace hypnos
