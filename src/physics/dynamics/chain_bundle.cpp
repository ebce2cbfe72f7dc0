#include "chain_bundle.hpp"

#include <cmath>
#include <stdexcept>

namespace hypnos {

using Eigen::Index;

namespace {

// Sums of `lanes at once` x 4 sites stay in registers: 16 of 32 with AVX-512, 8 of 16 otherwise.
constexpr int lanes_at_once = EIGEN_MAX_STATIC_ALIGN_BYTES >= 64 ? 64 : EIGEN_MAX_STATIC_ALIGN_BYTES / 2;
constexpr int sites_at_once = 4;

}  // namespace

ChainBundle::ChainBundle(SingleIsing const& model, Rng const& stream, int first, int used, std::uint64_t sweeps_before,
                         std::span<std::uint64_t const> spins, BlockMap const& blocks)
    : model_(model),
      stream_(stream),
      first_(static_cast<std::uint32_t>(first)),
      used_(used),
      updates_(sweeps_before * spins.size()),
      s_(lanes, static_cast<Index>(spins.size())),
      work_(blocks) {
  for (Index i = 0; i < s_.cols(); ++i)
    for (int l = 0; l < lanes; ++l) s_(l, i) = static_cast<float>(spins[static_cast<std::size_t>(i)] >> l & 1) * 2 - 1;
  if (updates_ % 4 != 0) stream_.side_by_side(updates_ / 4, first_, words_);
}

// Sums of spins times powers of two, sixteen at a time: whole numbers that single precision holds exactly.
void ChainBundle::pack(std::span<std::uint64_t> spins) const {
  constexpr int part = 16;
  static Eigen::Array<float, part, 1> const powers =
      Eigen::Array<float, part, 1>::NullaryExpr([](Index l) { return static_cast<float>(1 << l); });
  for (Index i = 0; i < s_.cols(); ++i) {
    std::uint64_t word = 0;
    for (int l = 0; l < lanes; l += part) {
      float const sum = (s_.col(i).segment<part>(l) * powers).sum();
      word |= static_cast<std::uint64_t>((sum + ((1 << part) - 1)) / 2) << l;
    }
    spins[static_cast<std::size_t>(i)] = word;
  }
}

// Multiples of 2^-23 from 2^-24 to 1 - 2^-24: exact in single precision, and so is 1 - u.
ChainBundle::Lanes ChainBundle::uniform() {
  auto const word = updates_ % 4;
  if (word == 0) stream_.side_by_side(updates_ / 4, first_, words_);
  ++updates_;
  Lanes u;
  for (int l = 0; l < lanes; ++l)
    u(l) = (static_cast<float>(static_cast<std::int32_t>(words_[word * Rng::side + l] >> 9)) + 0.5F) * 0x1p-23F;
  return u;
}

// The fields on a few consecutive sites from all other sites, and from those among themselves that come later.
template <int sites>
ChainBundle::Fields<sites> ChainBundle::fields_of_others(Index first) const {
  Fields<sites> fields;
  for (int lane = 0; lane < lanes; lane += lanes_at_once) {
    std::array<Eigen::Array<float, lanes_at_once, 1>, sites> sums;
    for (int k = 0; k < sites; ++k) sums[k].setConstant(model_.h(first + k));
    auto const add = [&](Index begin, Index end) {
      for (Index j = begin; j < end; ++j) {
        auto const s = s_.col(j).segment<lanes_at_once>(lane);
        for (int k = 0; k < sites; ++k) sums[k] += model_.J(j, first + k) * s;
      }
    };
    add(0, first);
    add(first + sites, s_.cols());
    for (int k = 0; k < sites; ++k) fields.col(k).template segment<lanes_at_once>(lane) = sums[k];
  }
  for (int k = 0; k < sites; ++k)
    for (int later = k + 1; later < sites; ++later)
      fields.col(k) += model_.J(first + later, first + k) * s_.col(first + later);
  return fields;
}

// u < 1 / (1 + w) without a division: w is finite (Eigen's exponential ends at 1e38), u and 1 - u are not 0.
void ChainBundle::draw(Index i, Lanes const& field, float beta) {
  Lanes const u = uniform();
  Lanes const w = (-2 * beta * field).exp();
  for (int l = 0; l < lanes; ++l) {
    float const s = u(l) * w(l) < 1 - u(l) ? 1.F : -1.F;
    energy_change_(l) += (s_(l, i) - s) * field(l);
    s_(l, i) = s;
  }
}

template <int sites>
void ChainBundle::update(Index first, float beta) {
  auto fields = fields_of_others<sites>(first);
  for (int k = 0; k < sites; ++k) {
    draw(first + k, fields.col(k), beta);
    for (int later = k + 1; later < sites; ++later)
      fields.col(later) += model_.J(first + k, first + later) * s_.col(first + k);
  }
}

void ChainBundle::sweep(double beta) {
  auto const single = static_cast<float>(beta);
  if (!(beta >= 0) || !std::isfinite(2 * single)) throw std::domain_error("Markov chains need a finite beta >= 0");
  work_.add(static_cast<std::uint64_t>(lanes * s_.cols() * (s_.cols() + 60) / 80));  // see HeatBath::seconds_of_sweep
  energy_change_.setZero();
  Index first = 0;
  for (; first + sites_at_once <= s_.cols(); first += sites_at_once) update<sites_at_once>(first, single);
  switch (s_.cols() - first) {
    case 1: update<1>(first, single); break;
    case 2: update<2>(first, single); break;
    case 3: update<3>(first, single); break;
  }
  if (energies_known_) energies_ += energy_change_.cast<double>();
}

ChainBundle::Energies const& ChainBundle::energies() {
  if (!energies_known_) {
    energies_.setZero();
    for (Index i = 0; i < s_.cols(); ++i) {
      Lanes field = Lanes::Constant(model_.h(i));  // with that of later spins only: each pair counts once
      for (Index j = i + 1; j < s_.cols(); ++j) field += model_.J(j, i) * s_.col(j);
      energies_ -= (field * s_.col(i)).cast<double>();
    }
    energies_known_ = true;
  }
  return energies_;
}

}  // namespace hypnos
