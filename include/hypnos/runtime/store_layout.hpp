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

/// The place of `rows` consecutive tasks from `task` on, in an array that has `extents` behind the task's own indices:
/// realizations of one sweep point, or as many as rows_of_slab gives.
struct Slab {
  hdf5::Shape offset, count;
};
Slab slab(StoreDescription const& description, std::uint64_t task, std::uint64_t rows,
          std::vector<std::uint64_t> const& extents = {});
/// The largest number of tasks from `task` on that are one block of every array, at most `most`: tasks of whole sweep
/// points if several of them fit and `task` is the first of one.
std::uint64_t rows_of_slab(StoreDescription const& description, std::uint64_t task, std::uint64_t most);

/// CRC-32 of the hdf5::Group::signature of every object of a store in alphabetical order of the paths (see
/// hdf5::Group::objects): everything that is written at the creation of a store and never changes, the job, the
/// provenance and the coordinates among it.
std::vector<std::uint32_t> metadata_checksums(hdf5::File const& file);

/// How many failures keep their message, and how many bytes of it.
std::uint64_t failure_slots(std::uint64_t tasks);
constexpr std::uint64_t failure_message_length = 240;

}  // namespace hypnos
