#pragma once

#include <string>

namespace hypnos {

/// Forces the bytes of a file, or the names in a folder, to the disk. Throws std::runtime_error.
void sync_file(std::string const& path);

}  // namespace hypnos
