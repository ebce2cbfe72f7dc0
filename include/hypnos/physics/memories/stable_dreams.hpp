#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <optional>
#include <vector>

#include "hypnos/base/stage.hpp"
#include "hypnos/physics/memories/unlearning.hpp"
#include "hypnos/physics/states/spin_states.hpp"

namespace hypnos {

/// Searches the dreams first + 1, ..., last of a run for the smallest and the largest D such that no constraint is
/// violated after D dreams: all stabilities Delta_i^mu are >= 0, exactly. Delta_min scatters from dream to dream, so no
/// interpolation between measurements finds D.
///
/// The aligned fields a_i^mu = xi_i^mu sum_j C_ij xi_j^mu after `last` dreams are followed back through the dreams,
///   a_i^mu(D) = a_i^mu(D + 1) + r (xi_i^mu S_i S.xi^mu - 1),  S dream number D,
/// pattern by pattern, the one with the smallest field first. Before D_in and after D_fin the first patterns exclude all
/// dreams, and the search ends: O(N (last - first)) for each of them, against O(N^2) for every dream itself. In an
/// interval with a stable dream, all patterns are followed.
class StableDreamSearch {
 public:
  StableDreamSearch() = default;
  /// `aligned` (N x P) after `last` dreams; first < last. first = -1 includes the network before any dream.
  StableDreamSearch(Eigen::MatrixXi aligned, std::int64_t first, std::int64_t last);

  bool done() const { return pattern_ == order_.size(); }
  /// The patterns, and all dreams of the run from the first one on.
  void advance(SpinStates const& patterns, SpinStates const& dreams, Fraction rate,
               double operations = operations_of_a_piece);

  // Once done; nothing if a constraint is violated after every dream.
  std::optional<std::int64_t> smallest() const;
  std::optional<std::int64_t> largest() const;

  template <class Archive>
  void archive(Archive& members) {
    members(aligned_, order_, last_, stable_, pattern_);
  }

 private:
  Eigen::MatrixXi aligned_;
  std::vector<Eigen::Index> order_;  // of the patterns
  std::int64_t last_ = 0;
  std::vector<std::uint8_t> stable_;  // number k: whether nothing excludes D = last - k
  std::size_t pattern_ = 0;           // of order_, comes next
};

/// A complete search, of the network after dreams 0, ..., D - 1 of its run.
StableDreamSearch stable_dreams(Unlearning const& network, SpinStates const& dreams, std::int64_t first);

}  // namespace hypnos
