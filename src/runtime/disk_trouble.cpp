#include "hypnos/runtime/disk_trouble.hpp"

#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

namespace hypnos {

namespace {

// The error of writing and syncing a file beside `path` (a quota on a network may be reported only by the sync); 0 if
// there is none.
int error_of_trial(std::string const& path, std::uint64_t bytes) {
  auto name = path + ".trial.XXXXXX";
  int const descriptor = ::mkstemp(name.data());
  // a user may have the right to write to a file but not to create another
  if (descriptor < 0) return errno == EACCES || errno == EPERM ? 0 : errno;
  ::unlink(name.c_str());
  std::array<char, 4096> const zeros{};
  auto left = std::clamp<std::uint64_t>(bytes, zeros.size(), 1 << 20);
  int error = 0;
  while (error == 0 && left > 0) {
    auto const written = ::write(descriptor, zeros.data(), std::min<std::uint64_t>(left, zeros.size()));
    if (written < 0) error = errno;
    else left -= static_cast<std::uint64_t>(written);
  }
  if (error == 0 && ::fsync(descriptor) != 0) error = errno;
  ::close(descriptor);
  return error;
}

}  // namespace

std::string disk_trouble(std::string const& path, std::uint64_t bytes) {
  auto const folder = std::filesystem::absolute(path).parent_path().string();
  struct statvfs disk {};
  if (::statvfs(folder.c_str(), &disk) == 0)
    if (auto const free = std::uint64_t{disk.f_bavail} * disk.f_frsize; free < bytes)
      return "the disk of " + folder + " is full (" + std::to_string(free) + " bytes free)";
  int const error = error_of_trial(path, bytes);
  return error == 0 ? "" : "writing a trial file in " + folder + " fails too: " + std::strerror(error);
}

}  // namespace hypnos
