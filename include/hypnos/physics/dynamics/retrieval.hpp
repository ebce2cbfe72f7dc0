#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "hypnos/base/buffered_random.hpp"
#include "hypnos/base/random.hpp"
#include "hypnos/base/stage.hpp"
#include "hypnos/physics/dynamics/relaxation.hpp"
#include "hypnos/physics/states/spin_states.hpp"

namespace hypnos {

/// From which starts states are retrieved, and how.
struct RetrievalStarts {
  std::vector<double> m_0;  ///< overlaps of the starts with the states
  int trials = 1;           ///< trajectories from every state at every m_0
  std::int64_t most_flips = Relaxation::no_limit;
  Order order = Order::random_site;
};

/// Retrieval of states from corrupted copies of them by the dynamics at zero temperature (relaxation.hpp; Benedetti et
/// al., J. Chem. Phys. 156, 104107 (2022), Eqs. 2 and 12). The states are patterns, or any others whose basins of
/// attraction are of interest, such as attractors.
///
/// Of a start, exactly flipped_neurons(N, m_0) neurons, uniformly chosen, are opposite to the state. Trial t of state
/// mu draws its start from substream 2 (t P + mu) of the stream and its flips from the next one: other m_0, more trials
/// or other couplings do not change these numbers. With symmetric couplings every trajectory settles.
///
/// A stage (stage.hpp): O(N) for every neuron that flips, on the way to a start or in the dynamics. Starts from one
/// state lie on one path, so many m_0 cost little more than the dynamics.
class Retrieval {
 public:
  /// J (N x N), see Relaxation. 2 trials P beyond Rng::substreams, an m_0 outside [-1, 1] or states of another size are
  /// a std::domain_error. 2 P N^2 operations.
  Retrieval(Eigen::MatrixXd const& J, SpinStates states, RetrievalStarts const& starts, Rng const& stream);

  bool done() const { return next_ == total(); }
  void advance(double operations = operations_of_a_piece);
  double fraction() const { return done() ? 1 : static_cast<double>(next_) / static_cast<double>(total()); }

  template <class Archive>
  void archive(Archive& members) {
    members(next_, m_f_, unsettled_);
    bool running = attempt_.has_value();
    members(running);
    if (!running) return attempt_.reset();
    if (!attempt_ || attempt_->number != next_) begin();
    members(attempt_->trajectory, attempt_->random);
  }

  /// Overlaps of the final states with those retrieved, (P x trials), from starts at m_0[k]. Of a stage that is done.
  Eigen::MatrixXd const& m_f(std::size_t k) const { return m_f_[k]; }
  /// How many trajectories from m_0[k] were unstable after most_flips flips. Their overlaps count like the others.
  int unsettled(std::size_t k) const { return unsettled_[k]; }
  std::size_t starts() const { return m_f_.size(); }

 private:
  struct Start {
    std::size_t flipped, number;  // neurons opposite to the state; k of m_0[k]
  };
  struct Attempt {
    std::int64_t number;
    Relaxation::Trajectory trajectory;
    BufferedRandom random;
  };

  std::int64_t total() const;
  std::uint32_t substream() const;  // of the start that comes next
  Start start() const;              // the same
  void begin();

  std::unique_ptr<Relaxation const> network_;
  SpinStates states_;
  std::vector<Relaxation::Trajectory> origins_;  // from the states
  int trials_;
  std::int64_t most_flips_;
  Order order_;
  Rng stream_;
  std::vector<Start> starts_;  // by the number of flipped neurons
  std::size_t near_;           // so many are nearer to the state than to its opposite

  std::int64_t next_ = 0;  // trajectory: all starts of one trial from one state, then those of the next state
  std::vector<Eigen::MatrixXd> m_f_;
  std::vector<int> unsettled_;
  std::optional<Attempt> attempt_;

  // The path from the state, or from its opposite, to the starts of a trial: all neurons in the order in which they
  // flip.
  struct Path {
    std::int64_t run;
    std::vector<int> neurons;
    std::size_t flipped;
    bool from_opposite;
    Relaxation::Trajectory trajectory;
  };
  std::optional<Path> path_;  // follows from next_
};

/// How many neurons are opposite for the overlap m_0: the integer next to N (1 - m_0) / 2, of two the larger. Overlaps
/// come in steps of 2/N, so the start has m_0 to within 1/N.
int flipped_neurons(int N, double m_0);

}  // namespace hypnos
