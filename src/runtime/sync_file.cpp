#include "hypnos/runtime/sync_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <limits>
#include <stdexcept>

#include "hypnos/base/error.hpp"
#include "hypnos/base/text.hpp"

namespace hypnos {

void sync_file(std::string const& path) {
  int const descriptor = ::open(path.c_str(), O_RDONLY);
  if (descriptor < 0) throw std::runtime_error("cannot open " + path + " to sync it: " + std::strerror(errno));
  int const result = ::fsync(descriptor);
  ::close(descriptor);
  if (result != 0) throw std::runtime_error("cannot sync " + path + ": " + std::strerror(errno));
}

double parse_sync_interval(std::string const& text) {
  if (text == "task") return 0;
  if (text == "minute") return 60;
  if (text == "end") return std::numeric_limits<double>::infinity();
  if (auto const seconds = parse_number(text); seconds && *seconds >= 0) return *seconds;
  throw BadInput("--sync " + text + ", but must be task | minute | end, or a number of seconds");
}

}  // namespace hypnos
