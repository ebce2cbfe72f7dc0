#include "hypnos/physics/memories/stable_dreams.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace hypnos {

using Eigen::Index;

namespace {

// field_i += r (xi_i S_i S.xi - 1) where xi_i S_i = 1 for bits that are equal.
void undo_dream(SpinState pattern, SpinState dream, int r, Eigen::VectorXi& field) {
  int const product = scalar_product(pattern, dream), where_equal = r * (product - 1), change = 2 * r * product;
  int* a = field.data();
  for (std::size_t w = 0; w < pattern.words().size(); ++w)
    for (int half = 0; half < 64; half += 32) {
      auto const differing = static_cast<std::uint32_t>((pattern.words()[w] ^ dream.words()[w]) >> half);
      for (std::uint32_t k = 0; k < 32; ++k) *a++ += where_equal - change * static_cast<int>(differing >> k & 1);
    }
}

}  // namespace

StableDreamSearch::StableDreamSearch(Eigen::MatrixXi aligned, std::int64_t first, std::int64_t last)
    : aligned_(std::move(aligned)),
      order_(static_cast<std::size_t>(aligned_.cols())),
      last_(last),
      stable_(static_cast<std::size_t>(last - first), 1) {
  std::iota(order_.begin(), order_.end(), 0);
  Eigen::RowVectorXi const smallest = aligned_.colwise().minCoeff();
  std::ranges::stable_sort(order_, {}, [&](Index mu) { return smallest(mu); });
}

void StableDreamSearch::advance(SpinStates const& patterns, SpinStates const& dreams, Fraction rate,
                                double operations) {
  auto const N = patterns.size();
  Eigen::VectorXi field = Eigen::VectorXi::Zero(static_cast<Index>(64 * patterns.words()));
  for (double left = operations; left > 0 && !done(); ++pattern_) {
    auto const mu = order_[pattern_];
    field.head(N) = aligned_.col(mu);
    bool any = false;
    for (std::size_t k = 0; k < stable_.size(); ++k) {
      if (k > 0) undo_dream(patterns[mu], dreams[last_ - static_cast<std::int64_t>(k)], rate.r, field);
      if (stable_[k] != 0) stable_[k] = field.head(N).minCoeff() >= 0;
      any = any || stable_[k] != 0;
    }
    if (!any) pattern_ = order_.size() - 1;
    left -= static_cast<double>(N) * static_cast<double>(stable_.size());
  }
}

std::optional<std::int64_t> StableDreamSearch::smallest() const {
  auto const found = std::find(stable_.rbegin(), stable_.rend(), 1);
  if (found == stable_.rend()) return {};
  return last_ - (stable_.rend() - found - 1);
}

std::optional<std::int64_t> StableDreamSearch::largest() const {
  auto const found = std::find(stable_.begin(), stable_.end(), 1);
  if (found == stable_.end()) return {};
  return last_ - (found - stable_.begin());
}

StableDreamSearch stable_dreams(Unlearning const& network, SpinStates const& dreams, std::int64_t first) {
  StableDreamSearch search(network.aligned_fields(0, network.patterns().count()), first, network.dreams());
  while (!search.done()) search.advance(network.patterns(), dreams, network.rate());
  return search;
}

}  // namespace hypnos
