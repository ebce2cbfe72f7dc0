#pragma once

#include <string>
#include <vector>

namespace hypnos {

/// The grammar of values, piece by piece between commas:
///   0.3                a number or word, as it is
///   0.1:0.9:0.1        start:stop:step, stop included (it must be met)
///   log(1e-4:1e-1:4)   start:stop:count, evenly spaced in the logarithm, both ends included
/// Returns one text a value: "0.1:0.3:0.1, 5" -> {"0.1", "0.2", "0.3", "5"}. Computed numbers are rounded to 12
/// significant digits, so that 0.1:0.9:0.1 contains the same 0.3 as a typed one. Throws BadInput(key, …).
std::vector<std::string> expand_values(std::string const& key, std::string const& text);

}  // namespace hypnos
