#pragma once

#include <cstdint>
#include <string>

#include "hypnos/runtime/store_description.hpp"

namespace hypnos::cli {

/// "12.3 kB", "1.2 GB"
std::string size_text(std::uint64_t bytes);

/// The coordinates of a dimension: all, or the first ones and the last.
std::string values_text(Dimension const& dimension);

}  // namespace hypnos::cli
