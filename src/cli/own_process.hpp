#pragma once

#include <optional>
#include <string>

namespace hypnos::cli {

/// Goes on in a new process, since libhdf5 crashes on some damaged files. In that process the result is empty. The
/// calling process waits and gets the exit code; after a crash it says on stderr that the file is damaged.
std::optional<int> code_of_own_process(std::string const& path);

/// Limits this process to what reading a sound file of this size can take, with a large margin: 1 GB and four times its
/// size of additional memory, a minute and a second per 10 MB of processor time. libhdf5 follows some damaged numbers
/// without end.
void limit_to_reading(std::string const& path);

}  // namespace hypnos::cli
