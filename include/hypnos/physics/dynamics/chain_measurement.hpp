#pragma once

#include <span>

#include "hypnos/physics/dynamics/heat_bath.hpp"
#include "hypnos/physics/dynamics/thermalization.hpp"

namespace hypnos {

class ChainBundle;

/// The common part of measurements on Markov chains, to be continued after an interruption (Realization::complete): all
/// chains are swept until they are in equilibrium, then each bundle of 64 chains is swept and measured on its own. The
/// archive contains the chains.
class ChainMeasurement {
 public:
  virtual ~ChainMeasurement() = default;

  bool done() const { return measured_ == chains_.bundles(); }
  /// Some sweeps of the thermalization, or one bundle for each process.
  void advance();
  /// The same as advance() until done(), in one piece.
  void finish();
  double fraction() const;
  template <class Archive>
  void archive(Archive& members) {
    members(thermalization_, measured_);
  }

 protected:
  /// `discarded` sweeps at beta before the measurement, which has `sweeps` sweeps and `size` results per bundle.
  ChainMeasurement(HeatBath& chains, Ising model, double beta, int discarded, int sweeps, int size, BlockMap blocks);
  ChainMeasurement(ChainMeasurement const&) = default;

  Ising const& model() const { return model_; }
  double beta() const { return beta_; }
  int sweeps() const { return sweeps_; }
  int spins() const { return chains_.size(); }
  int chains() const { return chains_.chains(); }

 private:
  /// Sweeps one bundle. May be called in any process.
  virtual void measure(ChainBundle& bundle, std::span<double> results) const = 0;
  /// The results of chains first ... first + count - 1, in the order of bundles.
  virtual void collect(int first, int count, std::span<double const> results) = 0;

  void measure_bundles(int count);

  HeatBath& chains_;
  Ising model_;
  double beta_;
  Thermalization thermalization_;
  int sweeps_, size_, measured_ = 0;
  BlockMap blocks_;
};

}  // namespace hypnos
