#pragma once

#include <string>

namespace hypnos {

/// Forces the bytes of a file, or the names in a folder, to the disk. Throws std::runtime_error.
void sync_file(std::string const& path);

/// The seconds after which rows are to be forced to the disk, from the word of a user: "task" (0, after every chunk of
/// rows), "minute" (60), "end" (infinite), or a number of seconds. Throws BadInput.
double parse_sync_interval(std::string const& text);

}  // namespace hypnos
