#include "hypnos/experiment/experiment.hpp"

#include <algorithm>
#include <stdexcept>

namespace hypnos {

namespace {

template <class Items>
std::size_t index_of(Items const& items, std::string const& name) {
  auto const found = std::ranges::find(items, name, [](auto const& item) { return item.name; });
  if (found == items.end()) throw std::out_of_range("nothing is called " + name);
  return static_cast<std::size_t>(found - items.begin());
}

}  // namespace

std::size_t Experiment::parameter_index(std::string const& parameter) const { return index_of(parameters, parameter); }
std::size_t Experiment::axis_index(std::string const& axis) const { return index_of(axes, axis); }

}  // namespace hypnos
