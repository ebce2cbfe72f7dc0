#pragma once

#include <string>
#include <vector>

#include "hypnos/runtime/plan.hpp"
#include "hypnos/runtime/store.hpp"

namespace hypnos {

/// Throws BadInput, naming what stands against it, unless every task of `old` is one of `grown`: the same experiment
/// and seed, all values and realizations of the old job, and arrays at least as large.
void require_extension(StoreReader const& store, Plan const& old, Plan const& grown);

/// Makes the store of a job out of that of a part of it. Rows that are done keep their values, times and ranks;
/// everything else is open. The new file is written beside the old one, synced, and takes its place; if that fails, the
/// old one is as it was and the new one is removed. To be called by the owner of the lock.
void extend_store(std::string const& path, Plan const& old, Plan const& grown, Provenance const& provenance);

/// Unites the stores of one job with disjoint realizations in a new store; returns its plan. The parts stay as they
/// are. To be called by the owner of the lock of `path`. Throws BadInput if they are not of one job, overlap, or `path`
/// exists.
Plan merge_stores(std::vector<std::string> const& parts, std::string const& path,
                  std::vector<Experiment> const& catalogue, Provenance const& provenance);

}  // namespace hypnos
