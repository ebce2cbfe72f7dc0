#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <optional>
#include <vector>

#include "hypnos/base/buffered_random.hpp"
#include "hypnos/base/fraction.hpp"
#include "hypnos/base/stage.hpp"
#include "hypnos/physics/dynamics/training_configurations.hpp"
#include "hypnos/physics/memories/noise_weights.hpp"
#include "hypnos/physics/states/spin_states.hpp"

namespace hypnos {

/// What is measured along training with structured noise.
struct StructuredRecords {
  std::vector<std::int64_t> steps{};  ///< when, not decreasing; the last one ends training
  int configurations = 1;             ///< sampled at every record for the weights omega, not trained with
};

/// Training with structured noise (Benedetti and Ventura, arXiv:2302.13417, Secs. IV and V): from Hebb's couplings, in
/// each step a pattern mu is chosen uniformly, a configuration S of the present network at overlap 0+ with it is
/// sampled (training_configurations.hpp), and the symmetric rule applied (Eq. 17),
///   J_ij += (lambda / N) (eps_i xi_i^mu S_j + eps_j xi_j^mu S_i),  eps_i = Theta(-xi_i^mu (J S)_i),  J_ii = 0.
/// Couplings are integers K in units of lambda / (r N), lambda = r / q: all fields and ties are exact.
/// A stage (stage.hpp). A step is O(N^2 + N P) and one configuration. std::overflow_error before a step after which
/// couplings might outgrow 32 bits.
class StructuredTraining {
 public:
  /// Of |K_ij| over j.
  static constexpr std::int64_t largest_sum = IntegerNetwork::largest_sum;

  /// xi (P x N), P > 0. T of the law in units of J. std::domain_error if Hebb's couplings need more than 32 bits.
  StructuredTraining(Eigen::MatrixXd const& xi, Fraction lambda, ConfigurationLaw const& law, StructuredRecords records,
                     Rng const& stream, Rng const& measured);

  bool done() const { return record_ == plan_.steps.size(); }
  void advance(double operations = operations_of_a_piece);
  double fraction() const;

  template <class Archive>
  void archive(Archive& members) {
    members(K_, fields_, largest_row_, steps_, record_, random_, unreached_, classified_at_, K_classified_, omega_,
            pearson_, Omega_, sigma_, delta_min_, delta_av_);
    bool running = measurement_.has_value();
    members(running);
    if (!running) return measurement_.reset();
    if (!measurement_ || measurement_->record != record_) begin_record();
    members(measurement_->sampled, measurement_->weights, measurement_->random);
  }

  double unit() const { return unit_; }
  Eigen::MatrixXd J() const { return unit_ * K_.cast<double>(); }
  /// The first number of steps after which no stability is negative, and the couplings then. None if there was none.
  std::optional<std::int64_t> classified_at() const;
  Eigen::MatrixXd J_classified() const { return unit_ * K_classified_.cast<double>(); }
  /// Saddles whose fraction was not reached, in all steps.
  std::int64_t unreached() const { return unreached_; }

  // By record.
  Eigen::ArrayXd const& omega_emp_0() const { return omega_; }  ///< noise_weights.hpp
  Eigen::ArrayXd const& pearson() const { return pearson_; }
  Eigen::ArrayXd const& Omega_emp_0() const { return Omega_; }
  Eigen::ArrayXd const& sigma() const { return sigma_; }  ///< N^-1 sum_i sigma_i
  Eigen::ArrayXd const& delta_min() const { return delta_min_; }
  Eigen::ArrayXd const& delta_av() const { return delta_av_; }

 private:
  struct Measurement {
    std::size_t record;
    int sampled;  // configurations so far
    WeightStatistics weights;
    BufferedRandom random;
  };

  ConfigurationLaw law_in_units() const;
  double operations_of_configuration() const;
  void step();
  void begin_record();
  void record(double operations);
  void look_for_classification();

  Eigen::MatrixXd xi_;
  Eigen::ArrayXXi signs_;  // xi^T, (N x P)
  SpinStates patterns_;
  int rate_;
  double unit_;
  ConfigurationLaw law_;
  StructuredRecords plan_;
  Rng measured_;

  Eigen::MatrixXi K_;
  Eigen::ArrayXXi fields_;    // K xi^mu, (N x P)
  std::int64_t largest_row_;  // no sum of |K_ij| over j is larger
  std::int64_t steps_ = 0;
  std::size_t record_ = 0;
  BufferedRandom random_;
  std::int64_t unreached_ = 0, classified_at_ = -1;
  Eigen::MatrixXi K_classified_;
  Eigen::ArrayXd omega_, pearson_, Omega_, sigma_, delta_min_, delta_av_;
  std::optional<Measurement> measurement_;  // under way
};

}  // namespace hypnos
