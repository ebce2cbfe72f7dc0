#pragma once

#include <cstdint>
#include <string>

namespace hypnos {

/// Why writing `bytes` to the file at `path` has failed, as far as the disk shows it afterwards, since MPI-IO does not
/// say: too little free space, or else (a quota, a limit, a broken disk) what the system answers to a trial of at most
/// 1 MB in a file beside it, removed at once. Empty if nothing is found.
std::string disk_trouble(std::string const& path, std::uint64_t bytes);

}  // namespace hypnos
