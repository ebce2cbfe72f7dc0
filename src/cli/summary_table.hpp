#pragma once

#include <cstdio>
#include <string>

#include "hypnos/runtime/store.hpp"

namespace hypnos::cli {

enum class Format { table, csv, json };

/// Means and errors of all observables without axes, a line a sweep point; a table has at most `most_lines` of them.
void print_scalars(StoreReader const& store, Format format, std::uint64_t most_lines, std::FILE* stream);

/// Means and errors of one observable, a line an array element. Throws BadInput with a suggestion.
void print_observable(StoreReader const& store, std::string const& observable, Format format, std::FILE* stream);

/// Why there is no value, from the description of an observable: "NaN if never, or not yet at the end". Empty if the
/// description does not say.
std::string reason_of_nan(std::string const& description);

}  // namespace hypnos::cli
