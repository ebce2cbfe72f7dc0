#pragma once

#include <cstdio>
#include <string>

#include "hypnos/runtime/store.hpp"

namespace hypnos::cli {

/// Means and errors of all observables without axes, a line a sweep point; at most `most_lines` of them.
void print_scalars(StoreReader const& store, bool csv, std::uint64_t most_lines, std::FILE* stream);

/// Means and errors of one observable, a line an array element. Throws BadInput with a suggestion.
void print_observable(StoreReader const& store, std::string const& observable, bool csv, std::FILE* stream);

}  // namespace hypnos::cli
