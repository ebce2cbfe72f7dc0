#pragma once

#include "hypnos/physics/dynamics/heat_bath.hpp"

namespace hypnos {

/// Sweeps of all chains at a fixed model and beta, to be continued after an interruption (Realization::complete): the
/// states are those after HeatBath::run(model, beta, sweeps), bit for bit.
class Thermalization {
 public:
  Thermalization(HeatBath& chains, Ising model, double beta, int sweeps, BlockMap blocks = serial_blocks);

  bool done() const { return swept_ == sweeps_; }
  /// Some sweeps of all chains, about 20 ms of work.
  void advance();
  double fraction() const { return done() ? 1 : static_cast<double>(swept_) / sweeps_; }
  int sweeps() const { return sweeps_; }
  template <class Archive>
  void archive(Archive& members) {
    members(chains_, swept_);
  }

 private:
  HeatBath& chains_;
  Ising model_;
  double beta_;
  int sweeps_, swept_ = 0;
  BlockMap blocks_;
};

}  // namespace hypnos
