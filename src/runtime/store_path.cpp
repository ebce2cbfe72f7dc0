#include "hypnos/runtime/store_path.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "hypnos/base/error.hpp"

namespace hypnos {

namespace fs = std::filesystem;

namespace {

BadInput unusable(std::string const& name, int error) {
  return BadInput("cannot use " + name + " as a store: " + std::strerror(error) +
                  "; choose another place with -o FILE");
}

void require_regular(std::string const& path, struct stat const& status) {
  if (S_ISDIR(status.st_mode)) throw BadInput(path + " is a folder, but a store (HDF5 file) was expected");
  if (!S_ISREG(status.st_mode)) throw BadInput(path + " is not a regular file, but a store (HDF5 file) was expected");
}

}  // namespace

std::string store_path(std::string const& name) {
  constexpr int most_links = 40;  // as the kernel
  fs::path path = name;
  for (int links = 0; links <= most_links; ++links) {
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0) {
      if (errno != ENOENT) throw unusable(name, errno);
      return path;
    }
    if (!S_ISLNK(status.st_mode)) return path;
    std::error_code error;
    auto const target = fs::read_symlink(path, error);
    if (error) throw unusable(name, error.value());
    path = path.parent_path() / target;  // an absolute target replaces the folder
  }
  throw unusable(name, ELOOP);
}

void require_readable_file(std::string const& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    if (errno == ENOENT) throw BadInput("there is no file " + path + "; `hypnos run JOB -o FILE` makes one");
    throw BadInput(path + " cannot be read: " + std::strerror(errno));
  }
  require_regular(path, status);
  if (::access(path.c_str(), R_OK) != 0) throw BadInput(path + " cannot be read: " + std::strerror(errno));
}

void require_writable_store(std::string const& path) {
  // A name may have 255 bytes. MPI-IO adds up to 40 to it, for a file of its own.
  constexpr std::size_t longest_name = 200;
  if (auto const length = fs::path(path).filename().string().size(); length > longest_name)
    throw BadInput("the name of the store " + path + " has " + std::to_string(length) + " bytes, but at most " +
                   std::to_string(longest_name) + " leave room for files beside it; choose another one with -o FILE");
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return;
  require_regular(path, status);
  if (::access(path.c_str(), R_OK | W_OK) != 0) throw BadInput(path + " cannot be written: " + std::strerror(errno));
  if (status.st_nlink > 1)
    throw BadInput(path + " has " + std::to_string(status.st_nlink) +
                   " names (hard links), and another job could write to it by each of them; remove the other names, " +
                   "or use a copy");
}

}  // namespace hypnos
