#include "hypnos/physics/boltzmann/hebbian_start.hpp"

namespace hypnos {

Ising hebbian_start(Ensemble const& data) {
  Ising model{data.c - data.m * data.m.transpose(), data.m.array().atanh()};
  model.J.diagonal().setZero();
  return model;
}

}  // namespace hypnos
