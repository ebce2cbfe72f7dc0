#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "hypnos/physics/boltzmann/averages.hpp"
#include "hypnos/physics/boltzmann/learning_rule.hpp"

namespace hypnos {

enum class Stop {
  convergence,  ///< no parameter changes faster than the tolerance
  slope,        ///< the first time omega, the slope of c_d against c_1, is 1
  steps         ///< max_steps steps
};

struct Protocol {
  double lambda = 0.06;  ///< learning rate
  Stop stop = Stop::convergence;
  int max_steps = 1000;
  double tolerance = 1e-9;           ///< on the largest |change of a parameter| / lambda in a step
  std::vector<double> records = {};  ///< ascending, in steps: where the trajectory is recorded
};

struct Learned {
  LearningState state;     ///< where learning ended
  bool converged = false;  ///< whether it was the stop that ended it, not max_steps
};

/// Records the trajectory at records[k].
using Record = std::function<void(std::size_t k, LearningState const&)>;

/// Boltzmann learning by steps of a rule, until the protocol stops it. The trajectory is the polygon through the models
/// after 0, 1, 2 ... steps; between two of them parameters are interpolated linearly and averages are those of the
/// interpolated model. Averages that are not exact are interpolated as well, so that neither records nor the search for
/// omega = 1 draw samples: what is recorded never changes what is learnt.
///
/// Stop::slope ends on the polygon where omega first is 1, to 1e-10, independently of the records: from below where the
/// start correlates too strongly, as the Hebbian start on a spin glass does, from above where it does so too weakly, as
/// on sparse recordings. Or where the parameters settle, which counts as convergence only if |omega - 1| < 1e-6 there.
/// Records beyond the end are left out.
/// Averages that are not exact never settle: Stop::slope then ends at the first crossing or after max_steps, and
/// Stop::convergence is a std::invalid_argument.
///
/// It may be continued after an interruption (Realization::complete), with averages in the state they had; the records
/// before its steps have been made.
class Learning {
 public:
  Learning(LearningRule rule, Ensemble data, Ising initial, Protocol protocol, Averages averages, Record record);

  bool done() const { return done_; }
  /// First the averages of the initial model, then one step each. A step costs one call of averages, and so does every
  /// record between two steps, where averages are exact. If an exception leaves it, records may have been made, which
  /// will be made again.
  /// Throws std::runtime_error if the learning rate is so large that the parameters diverge.
  void advance();
  /// Steps over max_steps, or, if this is more, how far omega has gone to 1 (Stop::slope).
  double fraction() const;
  Learned result() const { return {*now_, converged_}; }

  template <class Archive>
  void archive(Archive& members) {
    members(now_, omega_, first_omega_, recorded_, done_, converged_);
  }

 private:
  std::size_t record_until(double end, LearningState const& after) const;
  void end(LearningState last, std::size_t recorded, bool converged);

  LearningRule rule_;
  Ensemble data_;
  Ising initial_;
  Protocol protocol_;
  Averages averages_;
  Record record_;
  std::optional<LearningState> now_;
  double omega_ = 0;          // of now_; only with Stop::slope
  double first_omega_ = 0;    // of the initial model
  std::size_t recorded_ = 0;  // number of records made
  bool done_ = false, converged_ = false;
};

/// The same in one call.
Learned learn(LearningRule const& rule, Ensemble const& data, Ising const& initial, Protocol const& protocol,
              Record const& record, Averages const& averages = exact_averages());

}  // namespace hypnos
