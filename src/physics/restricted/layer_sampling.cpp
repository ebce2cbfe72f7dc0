#include "hypnos/physics/restricted/layer_sampling.hpp"

#include <string>
#include <utility>

#include "restricted/layer_update.hpp"

namespace hypnos {

using Eigen::Index;

template <class Scalar>
LayerSampling<Scalar>::LayerSampling(Index V, Index H, int chains, Rng const& stream) : stream_(stream) {
  if (V < 1 || H < 1) throw std::domain_error("Markov chains of a restricted machine need units in both layers");
  if (chains < 1 || chains > static_cast<int>(Rng::substreams))
    throw std::domain_error(std::to_string(chains) + " Markov chains, but their number must lie in [1, " +
                            std::to_string(Rng::substreams) + "]");
  v_ = Matrix::Zero(V, chains);
  h_ = Matrix::Zero(H, chains);
  restart();
}

template <class Scalar>
void LayerSampling<Scalar>::set_visible(Matrix v) {
  if (v.rows() != v_.rows() || v.cols() != v_.cols())
    throw std::domain_error(std::to_string(v.cols()) + " visible states of " + std::to_string(v.rows()) +
                            " units, but there are " + std::to_string(v_.cols()) + " chains of " +
                            std::to_string(v_.rows()));
  v_ = std::move(v);
}

template <class Scalar>
void LayerSampling<Scalar>::restart() {
  RestrictedMachine<Scalar> const free(AxonPatterns<Scalar>{Matrix::Zero(v_.rows(), 1), Matrix::Zero(h_.rows(), 1)});
  run(free, 1);
}

template <class Scalar>
void LayerSampling<Scalar>::run(RestrictedMachine<Scalar> const& machine, int steps, BlockMap const& blocks,
                                Index clamped) {
  auto const V = v_.rows(), H = h_.rows();
  if (machine.visible_units() != V || machine.hidden_units() != H)
    throw std::domain_error("Markov chains of a restricted machine with other numbers of units");
  if (steps < 0 || clamped < 0 || clamped > V)
    throw std::domain_error("Gibbs steps need a number of steps >= 0, and of clamped units between 0 and V");
  if (steps == 0) return;

  auto const blocks_of_h = blocks_of_layer(H), blocks_of_step = blocks_of_h + blocks_of_layer(V);
  auto const fill = [&](int k, std::span<double> block) {
    auto const range = chains_in_bundle(k, v_.cols());
    Matrix v = v_.middleCols(range.first, range.count), h;
    Matrix const held = v.topRows(clamped);
    for (std::uint64_t t = steps_; t < steps_ + static_cast<std::uint64_t>(steps); ++t) {
      draw_layer(stream_, t * blocks_of_step, range.first, machine.hidden_fields(v), h);
      draw_layer(stream_, t * blocks_of_step + blocks_of_h, range.first, machine.visible_fields(h), v);
      v.topRows(clamped) = held;
      blocks.poll();
    }
    pack_units(h, pack_units(v, block));
  };
  auto const size = chains_of_bundle * (packed_size(V) + packed_size(H));
  auto const bundles = bundles_of(v_.cols());
  auto const packed = blocks(bundles, static_cast<int>(size), fill);
  for (int k = 0; k < bundles; ++k) {
    auto const range = chains_in_bundle(k, v_.cols());
    auto const own = std::span(packed).subspan(static_cast<std::size_t>(k * size), static_cast<std::size_t>(size));
    unpack_units(unpack_units(own, range, v_), range, h_);
  }
  steps_ += static_cast<std::uint64_t>(steps);
}

template class LayerSampling<float>;
template class LayerSampling<double>;

}  // namespace hypnos
