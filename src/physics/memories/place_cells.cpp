#include "hypnos/physics/memories/place_cells.hpp"

#include <numbers>
#include <stdexcept>
#include <utility>

namespace hypnos {

using Eigen::ArrayXXd;
using Eigen::Index;

namespace {

// Along one direction, (a x b).
ArrayXXd periodic_distances(Eigen::ArrayXd const& a, Eigen::ArrayXd const& b) {
  ArrayXXd const direct = (a.replicate(1, b.size()).rowwise() - b.transpose()).abs();
  return direct.min(1 - direct);
}

}  // namespace

double coding_level(PlaceField field, double w) {
  bool const disc = field == PlaceField::disc;
  if (!(w > 0 && (disc ? w <= 0.5 : w < 1)))
    throw std::domain_error("a place field is a disc of radius up to 1/2 or a square of side below 1");
  return disc ? std::numbers::pi * w * w : w * w;
}

PlaceCells::PlaceCells(Places centres, PlaceField field, double w)
    : centres_(std::move(centres)), field_(field), w_(w) {
  coding_level(field, w);  // refuses what is no field
}

PlaceCells::PlaceCells(int N, PlaceField field, double w, Rng& rng) : PlaceCells(Places(N, 2), field, w) {
  for (Index i = 0; i < N; ++i)
    for (Index k = 0; k < 2; ++k) centres_(i, k) = rng.uniform();
}

Eigen::MatrixXd PlaceCells::states(Places const& places) const {
  ArrayXXd const from_border = field_ == PlaceField::disc
                                   ? ArrayXXd(squared_distances(places, centres_) - w_ * w_)
                                   : ArrayXXd(periodic_distances(places.col(0), centres_.col(0))
                                                  .max(periodic_distances(places.col(1), centres_.col(1))) -
                                              w_ / 2);
  return (from_border < 0).select(ArrayXXd::Ones(from_border.rows(), from_border.cols()), -1).matrix();
}

ArrayXXd squared_distances(Places const& a, Places const& b) {
  return periodic_distances(a.col(0), b.col(0)).square() + periodic_distances(a.col(1), b.col(1)).square();
}

Places grid(int columns, int rows) {
  Places centres(Index{columns} * rows, 2);
  for (int x = 0; x < columns; ++x)
    for (int y = 0; y < rows; ++y) centres.row(Index{x} * rows + y) << (x + 0.5) / columns, (y + 0.5) / rows;
  return centres;
}

Places grid(int P) {
  int rows = 1;
  for (int divisor = 1; divisor * divisor <= P; ++divisor)
    if (P % divisor == 0) rows = divisor;
  return grid(P / rows, rows);
}

}  // namespace hypnos
