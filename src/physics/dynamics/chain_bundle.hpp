#pragma once

#include <Eigen/Core>
#include <array>
#include <cstdint>
#include <span>

#include "hypnos/base/random.hpp"
#include "hypnos/physics/boltzmann/ising.hpp"
#include "polled_work.hpp"

namespace hypnos {

/// A model in single precision.
struct SingleIsing {
  Eigen::MatrixXf J;
  Eigen::VectorXf h;
};

/// 64 independent chains of one model side by side: lane l of every vector is a chain. The last lanes of the last bundle
/// may be unused.
class ChainBundle {
 public:
  static constexpr int lanes = Rng::side;
  using Energies = Eigen::Array<double, lanes, 1>;

  /// Lane l is chain first + l, used lanes come first; bit l of spins[i] is set if spin i is up. Model, stream and blocks
  /// must outlive the bundle.
  ChainBundle(SingleIsing const& model, Rng const& stream, int first, int used, std::uint64_t sweeps_before,
              std::span<std::uint64_t const> spins, BlockMap const& blocks);

  int size() const { return static_cast<int>(model_.h.size()); }
  int used() const { return used_; }
  std::uint64_t sweeps() const { return updates_ / static_cast<std::uint64_t>(size()); }  ///< since the chains' start

  /// One sweep of all lanes. Polls, which may throw.
  void sweep(double beta);

  /// To be told of other work on these chains, so that it polls as well.
  PolledWork& work() { return work_; }

  /// E(s) of every lane. The sweeps that follow update them.
  Energies const& energies();

  /// Bit l of spins[i] is set if spin i of lane l is up.
  void pack(std::span<std::uint64_t> spins) const;

 private:
  using Lanes = Eigen::Array<float, lanes, 1>;
  template <int sites>
  using Fields = Eigen::Array<float, lanes, sites>;

  template <int sites>
  Fields<sites> fields_of_others(Eigen::Index first) const;
  template <int sites>
  void update(Eigen::Index first, float beta);
  void draw(Eigen::Index i, Lanes const& field, float beta);
  Lanes uniform();

  SingleIsing const& model_;
  Rng const& stream_;
  std::uint32_t first_;
  int used_;
  std::uint64_t updates_;
  std::array<std::uint32_t, 4 * Rng::side> words_;
  Eigen::Array<float, lanes, Eigen::Dynamic> s_;
  Lanes energy_change_;  // of this sweep
  Energies energies_;
  bool energies_known_ = false;
  PolledWork work_;
};

}  // namespace hypnos
