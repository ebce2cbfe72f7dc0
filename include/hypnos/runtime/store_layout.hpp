#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "hypnos/hdf5/file.hpp"
#include "hypnos/runtime/plan.hpp"

namespace hypnos {

constexpr std::int64_t layout_version = 1;

enum class TaskState : std::uint8_t { open = 0, done = 1, failed = 2 };

/// Root attributes that tell where a file comes from, beside those the plan gives.
using Provenance = std::vector<std::pair<std::string, std::string>>;

/// Writes the layout of `plan` beside `path`, syncs it and renames it into place: `path` is complete or absent, and
/// what could not be completed is removed. To be called by the owner of the lock. Throws BadInput if the folder cannot
/// be written.
void create_store(std::string const& path, Plan const& plan, Provenance const& provenance);

/// FILE.growing: where a store is made of the rows of others, before it takes the place of FILE.
std::string growing_path(std::string const& path);

/// Removes what a kill left beside `path` of a store that was being created, extended or merged. To be called by the
/// owner of the lock: then nobody is at work on it.
void remove_unfinished(std::string const& path);

/// The place of `rows` consecutive realizations from `task` on, in an array that has `extents` behind the task's own
/// indices.
struct Slab {
  hdf5::Shape offset, count;
};
Slab slab(Plan const& plan, std::uint64_t task, std::uint64_t rows, std::vector<std::uint64_t> const& extents = {});

/// How many failures keep their message.
std::uint64_t failure_slots(std::uint64_t tasks);

}  // namespace hypnos
