#include "hypnos/physics/boltzmann/divergence.hpp"

#include "hypnos/physics/statistics/comparison.hpp"

namespace hypnos {

Ensemble ensemble(Moments const& moments, double beta) {
  return {moments.m, moments.c, moments.log_Z + beta * moments.energy};
}

double mean_energy(Ising const& model, Ensemble const& p) { return -pairs(model.J).dot(pairs(p.c)) - model.h.dot(p.m); }

double log_likelihood(Ensemble const& p, Ising const& model, double log_Z, double beta) {
  return -beta * mean_energy(model, p) - log_Z;
}

double kl_divergence(Ensemble const& p, Ising const& model, double log_Z, double beta) {
  return -p.entropy - log_likelihood(p, model, log_Z, beta);
}

double symmetric_kl_divergence(Ising const& p, Ensemble const& averages_p, Ising const& q, Ensemble const& averages_q) {
  return pairs(p.J - q.J).dot(pairs(averages_p.c - averages_q.c)) + (p.h - q.h).dot(averages_p.m - averages_q.m);
}

}  // namespace hypnos
