#pragma once

#include <Eigen/Core>
#include <array>
#include <cstdint>
#include <span>

#include "hypnos/base/random.hpp"
#include "hypnos/physics/boltzmann/ising.hpp"

namespace hypnos {

/// A model in single precision.
struct SingleIsing {
  Eigen::MatrixXf J;
  Eigen::VectorXf h;
};

/// 64 chains of one model side by side: lane l of every vector is a chain, and no chain knows of the others. The last
/// bundle may have lanes that nobody asked for.
class ChainBundle {
 public:
  static constexpr int lanes = Rng::side;
  using Energies = Eigen::Array<double, lanes, 1>;

  /// Lane l is chain first + l, used lanes come first; bit l of spins[i] says whether spin i is up.
  ChainBundle(SingleIsing const& model, Rng const& stream, int first, int used, std::uint64_t sweeps_before,
              std::span<std::uint64_t const> spins);

  int size() const { return static_cast<int>(model_.h.size()); }
  int used() const { return used_; }
  std::uint64_t sweeps() const { return updates_ / static_cast<std::uint64_t>(size()); }  ///< since the chains' start

  void sweep(double beta);

  /// E(s) of every lane. Sweeps that follow keep account of the changes.
  Energies const& energies();

  /// Bit l of spins[i]: spin i of lane l is up.
  void pack(std::span<std::uint64_t> spins) const;

 private:
  using Lanes = Eigen::Array<float, lanes, 1>;
  template <int sites>
  using Fields = Eigen::Array<float, lanes, sites>;

  template <int sites>
  Fields<sites> fields_of_others(Eigen::Index first) const;
  template <int sites>
  void update(Eigen::Index first, float beta);
  void turn(Eigen::Index i, Lanes const& field, float beta);
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
};

}  // namespace hypnos
