#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace hypnos {

/// Throws BadInput, beginning with `source`, unless all columns are in [0, available) and different.
void require_columns(std::vector<int> const& columns, std::int64_t available, std::string const& source);

}  // namespace hypnos
