#pragma once

#include <cstdint>
#include <string>
#include <vector>

/// What a job does to a store before and after its ranks write rows. All of it needs the lock.
namespace hypnos {

/// Notes, on the disk, that a job begins or ends writing: see StoreReader::unclean. At the beginning, what a killed job
/// left beside the store goes.
void mark_writing(std::string const& path, bool writing);

/// After an unclean end: these tasks become open again, and none that is not done keeps a checksum.
void reopen_tasks(std::string const& path, std::vector<std::uint64_t> const& tasks);

/// Tasks that failed become open again and their messages are forgotten, so that a resumed job tries them anew.
void reopen_failed_tasks(std::string const& path);

}  // namespace hypnos
