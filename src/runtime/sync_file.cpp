#include "hypnos/runtime/sync_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace hypnos {

void sync_file(std::string const& path) {
  int const descriptor = ::open(path.c_str(), O_RDONLY);
  if (descriptor < 0) throw std::runtime_error("cannot open " + path + " to sync it: " + std::strerror(errno));
  int const result = ::fsync(descriptor);
  ::close(descriptor);
  if (result != 0) throw std::runtime_error("cannot sync " + path + ": " + std::strerror(errno));
}

}  // namespace hypnos
