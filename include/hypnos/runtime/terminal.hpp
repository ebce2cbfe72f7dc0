#pragma once

#include <cstdio>
#include <string>

namespace hypnos {

enum class Paint { good, bad, warning, heading };

/// The text in colour if the stream is a terminal that shows colours, else as it is. The environment variable NO_COLOR
/// (https://no-color.org), if it is not empty, and TERM=dumb switch colours off.
std::string painted(std::string const& text, Paint paint, std::FILE* stream);

/// Whether what this process writes to stderr appears on a terminal: directly, or through a launcher of MPI programs on
/// this host, which started this process and passes its output on.
bool stderr_is_shown_live();

}  // namespace hypnos
