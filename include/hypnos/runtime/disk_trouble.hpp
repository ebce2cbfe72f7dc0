#pragma once

#include <cstdint>
#include <string>

namespace hypnos {

/// The likely reason why writing `bytes` to the file at `path` has failed, since MPI-IO does not report it: too little
/// free space, or else (a quota, a limit, a broken disk) the error of writing at most 1 MB to a file beside it, which
/// is removed at once. Empty if no reason is found.
std::string disk_trouble(std::string const& path, std::uint64_t bytes);

}  // namespace hypnos
