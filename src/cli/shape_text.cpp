#include "shape_text.hpp"

#include <cstdio>

#include "hypnos/base/text.hpp"

namespace hypnos::cli {

std::string size_text(std::uint64_t bytes) {
  char text[32];
  auto const size = static_cast<double>(bytes);
  if (size < 1e6) std::snprintf(text, sizeof text, "%.1f kB", size / 1e3);
  else if (size < 1e9) std::snprintf(text, sizeof text, "%.1f MB", size / 1e6);
  else std::snprintf(text, sizeof text, "%.1f GB", size / 1e9);
  return text;
}

std::string values_text(Dimension const& dimension) {
  constexpr std::uint64_t most = 12;
  std::vector<std::string> labels;
  for (std::uint64_t k = 0; k < dimension.size(); ++k)
    if (dimension.size() <= most || k < most - 2 || k + 1 == dimension.size()) labels.push_back(dimension.label(k));
    else if (k == most - 2) labels.emplace_back("...");
  return joined(labels, ", ");
}

}  // namespace hypnos::cli
