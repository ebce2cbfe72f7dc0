#include "hypnos/data/raster.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <string>

#include "columns.hpp"
#include "hypnos/base/error.hpp"

namespace hypnos {

Raster::Raster(std::int64_t samples, std::int64_t neurons)
    : samples_(static_cast<int>(samples)), neurons_(static_cast<int>(neurons)) {
  constexpr std::int64_t most = std::numeric_limits<int>::max();
  if (samples < 1 || neurons < 1 || samples > most || neurons > most)
    throw BadInput("a raster of " + std::to_string(samples) + " samples x " + std::to_string(neurons) +
                   " neurons is not possible; each must lie between 1 and " + std::to_string(most));
  bits_.resize(words() * static_cast<std::size_t>(neurons));
}

std::span<std::uint64_t const> Raster::spikes(int neuron) const {
  return std::span(bits_).subspan(word(0, neuron), words());
}

Raster Raster::with_neurons(std::vector<int> const& indices) const {
  require_columns(indices, neurons_, "the raster");
  Raster chosen(samples_, std::ssize(indices));
  auto end = chosen.bits_.begin();
  for (int const i : indices) end = std::ranges::copy(spikes(i), end).out;
  return chosen;
}

Raster Raster::with_samples(std::vector<int> const& indices) const {
  for (int const t : indices)
    if (t < 0 || t >= samples_) throw std::out_of_range("a raster has no sample " + std::to_string(t));
  Raster chosen(std::ssize(indices), neurons_);
  for (int i = 0; i < neurons_; ++i)
    for (int t = 0; t < chosen.samples_; ++t)
      if (spin(indices[static_cast<std::size_t>(t)], i) > 0) chosen.activate(t, i);
  return chosen;
}

}  // namespace hypnos
