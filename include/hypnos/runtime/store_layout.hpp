#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "hypnos/hdf5/file.hpp"
#include "hypnos/runtime/store_description.hpp"

namespace hypnos {

enum class TaskState : std::uint8_t { open = 0, done = 1, failed = 2 };

/// Root attributes that tell where a file comes from, beside those of its description.
using Provenance = std::vector<std::pair<std::string, std::string>>;

/// Writes the layout of a store beside `path`, always in today's version, syncs it and renames it into place: `path` is
/// complete or absent, and what could not be completed is removed. To be called by the owner of the lock. Throws
/// BadInput if the folder cannot be written.
void create_store(std::string const& path, StoreDescription const& description, Provenance const& provenance);

/// FILE.growing: where a store is made of the rows of others, before it takes the place of FILE.
std::string growing_path(std::string const& path);

/// Removes what a kill left beside `path` of a store that was being created, extended or merged. To be called by the
/// owner of the lock: then no other job writes it.
void remove_unfinished(std::string const& path);

/// The place of `rows` consecutive realizations from `task` on, in an array that has `extents` behind the task's own
/// indices.
struct Slab {
  hdf5::Shape offset, count;
};
Slab slab(StoreDescription const& description, std::uint64_t task, std::uint64_t rows,
          std::vector<std::uint64_t> const& extents = {});

/// How many failures keep their message, and how many bytes of it.
std::uint64_t failure_slots(std::uint64_t tasks);
constexpr std::uint64_t failure_message_length = 240;

}  // namespace hypnos
