#pragma once

#include <Eigen/Core>

#include "hypnos/base/random.hpp"

namespace hypnos {

/// Points of the periodic unit square, one a row: (x, y), both in [0, 1).
using Places = Eigen::Array<double, Eigen::Dynamic, 2>;

/// Where a place cell is active: in a disc of radius w, or a square of side w, about its centre.
enum class PlaceField { disc, square };

/// The part of the square that a field covers, pi w^2 or w^2: the mean activity of a neuron. std::domain_error unless
/// the field does not overlap itself: 0 < w <= 1/2 for a disc, 0 < w < 1 for a square.
double coding_level(PlaceField field, double w);

/// Neurons with place fields in the periodic unit square (Battista and Monasson, Phys. Rev. Lett. 124, 048302 (2020);
/// Ventura, Learning and unlearning (2024), Sec. IV).
class PlaceCells {
 public:
  /// Fields of size w about the centres (N x 2); see coding_level.
  PlaceCells(Places centres, PlaceField field, double w);
  /// Uniformly random centres: x and y of neuron 0, of neuron 1, ...
  PlaceCells(int N, PlaceField field, double w, Rng& rng);

  Places const& centres() const { return centres_; }

  /// s_i = +1 at places in field i, else -1, (places x N).
  Eigen::MatrixXd states(Places const& places) const;

 private:
  Places centres_;
  PlaceField field_;
  double w_;
};

/// The squares of the distances on the periodic square, (a x b).
Eigen::ArrayXXd squared_distances(Places const& a, Places const& b);

/// The centres of columns x rows equal cells of the square, (columns rows x 2): those of the first column, of the
/// second, ...
Places grid(int columns, int rows);
/// P centres, on the grid whose numbers of columns and rows are as near to each other as possible, columns >= rows. 20:
/// 5 x 4.
Places grid(int P);

}  // namespace hypnos
