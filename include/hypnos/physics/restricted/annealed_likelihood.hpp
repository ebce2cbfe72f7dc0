#pragma once

#include <Eigen/Core>
#include <cstdint>

#include "hypnos/base/blocks.hpp"
#include "hypnos/base/random.hpp"
#include "hypnos/base/stage.hpp"
#include "hypnos/physics/boltzmann/annealing.hpp"
#include "hypnos/physics/restricted/restricted_machine.hpp"

namespace hypnos {

/// log Z of a restricted machine, Z = sum_{v,h} exp(-E(v, h)), by annealed importance sampling in both directions
/// (Neal, Stat. Comput. 11, 125 (2001); Salakhutdinov and Murray, ICML 2008; Grosse, Ghahramani and Adams,
/// arXiv:1511.02543 (2015)). Distributions between independent units of fields a_0 and the machine,
///   p_beta(v) = f_beta(v) / Z_beta,  log f_beta(v) = ((1 - beta) a_0 + beta a)^T v
///                                                    + sum_alpha log 2 cosh(beta (b + W^T v)_alpha),
///   log Z_0 = sum_i log 2 cosh a_0i + H log 2,  Z_1 = Z,
/// have inverse temperatures 0 = beta_0 < ... < beta_T = 1. T_k, a Gibbs step at beta_k, is reversible.
///   forward:  v_0 from p_0, v_k from v_{k-1} by T_k;
///             Z / Z_0 = <w>,  w = prod_k f_{beta_k}(v_{k-1}) / f_{beta_{k-1}}(v_{k-1})
///   reverse:  v_{T-1} from p_1, v_{k-1} from v_k by T_k;
///             Z_0 / Z = <w>,  w = prod_k f_{beta_{k-1}}(v_{k-1}) / f_{beta_k}(v_{k-1})
/// Both averages are exact for any temperatures. The logarithm of an average over few chains is too small in the mean,
/// so forward estimates of log Z tend to be too small and reverse ones too large: they enclose it. By Markov's
/// inequality a forward estimate is above log Z + x, or a reverse one below log Z - x, with a probability below e^-x.
///
/// Inverse temperatures have equal distances in int sqrt(Var_beta(g)) d beta, g = d log f_beta / d beta, so that the
/// increments of log w have equal variances, as far as pilot chains measure them: the least variance of log w for a
/// given number of temperatures if chains are in equilibrium (Crooks, Phys. Rev. Lett. 99, 100602 (2007)). A tenth of
/// the distances is uniform in beta, so that no gap depends on pilots alone. Two pilot runs of 64 chains and 64
/// temperatures: the first with beta = (k / 64)^2, the second with the temperatures that the first chose.
///
/// A stage (stage.hpp); a piece is some temperatures of all chains, in bundles of 64 that `blocks` distributes: the
/// bits do not depend on the number of processes. Cost: a temperature and chain takes two products
/// (machine.multiplications()), 2 H exponentials, and V + H random numbers.
class AnnealedLikelihood {
 public:
  struct Settings {
    int temperatures = 1000;  ///< T
    int chains = 256;         ///< of the forward direction
  };

  /// `reference` is a_0 (V), without entries zero; a good one is atanh of the means of the data. Its numbers are
  /// finite. `samples` (V x n), entries +-1: independent samples of the machine, from which n reverse chains start;
  /// their estimate is valid as far as they are that. Without columns there is no reverse direction. Chain c draws from
  /// substream c of the stream, reverse chain c from substream chains + c. T >= 1, chains >= 2, n = 0 or n >= 2, chains
  /// + n <= Rng::substreams; else, and for shapes that do not fit, std::domain_error.
  AnnealedLikelihood(RestrictedMachine<double> machine, Eigen::VectorXd reference, Eigen::MatrixXd samples,
                     Settings const& settings, Rng const& stream, BlockMap blocks = serial_blocks);

  bool done() const { return leg_ == Leg::end; }
  void advance(double operations = operations_of_a_piece);
  double fraction() const;
  template <class Archive>
  void archive(Archive& members) {
    members(leg_, done_, steps_, betas_, v_, log_w_, forward_, reverse_);
  }

  /// Of a stage that is done. The error is the jackknife's over chains; it is right if many chains count:
  /// effective_chains of some ten or more. Below, the estimate is a bound, as above, rather than a value with an error.
  AnnealedLogZ forward() const;
  /// Without samples all numbers are NaN.
  AnnealedLogZ reverse() const;
  double log_Z_reference() const;
  /// Inverse temperatures beta_0 ... beta_T.
  Eigen::ArrayXd const& betas() const { return betas_; }

 private:
  enum class Leg { first_pilot, second_pilot, forward, reverse, end };

  double beta(Eigen::Index k) const;
  void pilot();
  void anneal(Eigen::Index count);
  void begin_next_leg();
  Eigen::VectorXd log_f(double beta, Eigen::MatrixXd const& v, Eigen::MatrixXd const& x) const;
  void gibbs_step(double beta, std::uint64_t step, Eigen::Index chain, Eigen::MatrixXd const& x,
                  Eigen::MatrixXd& v) const;
  Eigen::MatrixXd reference_samples(std::uint64_t step, Eigen::Index chain, Eigen::Index chains) const;

  RestrictedMachine<double> machine_;
  Eigen::VectorXd reference_;
  Eigen::MatrixXd samples_;
  Settings settings_;
  Rng stream_;
  BlockMap blocks_;

  Leg leg_ = Leg::first_pilot;
  Eigen::Index done_ = 0;    // temperatures of this leg
  std::uint64_t steps_ = 0;  // of all legs, each of which has its own random numbers
  Eigen::ArrayXd betas_;
  Eigen::MatrixXd v_;                 // states of the chains of this leg
  Eigen::ArrayXd log_w_;              // of these chains
  Eigen::ArrayXd forward_, reverse_;  // log w of finished directions
};

}  // namespace hypnos
