#pragma once

#include <string>
#include <vector>

#include "hypnos/runtime/plan.hpp"
#include "hypnos/runtime/store.hpp"

namespace hypnos {

/// Throws BadInput, naming what stands against it, unless every task of `old` is one of `grown`: the same experiment
/// and seed, all values and realizations of the old job, and arrays at least as large. `old` is the plan of the store's
/// job (plan_of).
void require_extension(StoreReader const& store, Plan const& old, Plan const& grown);

/// Makes the store of a job out of that of a part of it, in today's layout. Rows that are done keep their values, times
/// and ranks; everything else is open. Observables that the old file lacks although its job measures them today were
/// added since: the old rows cannot have them, so the new store has no array for them either, and all its rows are
/// alike. The new file is written beside the old one, synced, and takes its place; if that fails, the old one is as it
/// was and the new one is removed. To be called by the owner of the lock. Returns the names of those observables.
std::vector<std::string> extend_store(std::string const& path, Plan const& old, Plan const& grown,
                                      Provenance const& provenance);

/// Unites the stores of one job with disjoint realizations in a new store, by what the files say of themselves. The
/// parts stay as they are. To be called by the owner of the lock of `path`. Parts made by different programs may have
/// different observables if one has all of the other's: the new store has those that all parts have, and the names of
/// the rest are returned. A parameter that a part does not name was added since and has its default in `catalogue` (see
/// with_defaults). Throws BadInput if the parts are not of one job, overlap, or `path` exists.
std::vector<std::string> merge_stores(std::vector<std::string> const& parts, std::string const& path,
                                      Provenance const& provenance, std::vector<Experiment> const& catalogue = {});

}  // namespace hypnos
