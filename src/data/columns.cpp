#include "columns.hpp"

#include <algorithm>

#include "hypnos/base/error.hpp"

namespace hypnos {

void require_columns(std::vector<int> const& columns, std::int64_t available, std::string const& source) {
  for (int const column : columns)
    if (column < 0 || column >= available)
      throw BadInput(source + ": there is no neuron " + std::to_string(column) + ", but " + std::to_string(available) +
                     (available == 1 ? " column, number 0" : " columns, 0 to " + std::to_string(available - 1)));
  auto sorted = columns;
  std::ranges::sort(sorted);
  if (auto const twice = std::ranges::adjacent_find(sorted); twice != sorted.end())
    throw BadInput(source + ": neuron " + std::to_string(*twice) + " is given twice; give each neuron once");
}

}  // namespace hypnos
