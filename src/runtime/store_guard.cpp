#include "hypnos/runtime/store_guard.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <thread>
#include <utility>

namespace hypnos {

namespace {

// Copies everything that is in the file; false if that fails.
bool copy(int from, int to) {
  std::vector<char> bytes(1 << 20);
  for (off_t at = 0;;) {
    auto const count = ::pread(from, bytes.data(), bytes.size(), at);
    if (count == 0) return ::fsync(to) == 0;
    if (count < 0 || ::pwrite(to, bytes.data(), static_cast<std::size_t>(count), at) != count) return false;
    at += count;
  }
}

// Another rank may be copying. When it has finished, its error ends this process too.
void wait_while_it_grows(std::string const& path) {
  namespace fs = std::filesystem;
  using namespace std::chrono_literals;
  std::error_code error;
  while (fs::file_time_type::clock::now() - fs::last_write_time(path, error) < 10s && !error)
    std::this_thread::sleep_for(1s);
}

}  // namespace

StoreGuard::StoreGuard(std::string path, hdf5::File const& file)
    : path_(std::move(path)), descriptor_(::open(path_.c_str(), O_RDONLY | O_CLOEXEC)) {
  if (descriptor_ < 0) throw std::runtime_error("cannot open " + path_ + ": " + std::strerror(errno));
  if (!file.has_dataset("metadata_checksum")) return;
  auto const dataset = file.open_dataset("metadata_checksum");
  offset_ = dataset.offset();
  size_ = hdf5::elements(dataset.shape()) * sizeof(std::uint32_t);
  identity_ = identity();
}

StoreGuard::StoreGuard(StoreGuard&& other) noexcept
    : path_(std::move(other.path_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      offset_(other.offset_),
      size_(other.size_),
      identity_(std::move(other.identity_)) {}

StoreGuard::~StoreGuard() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::vector<std::uint8_t> StoreGuard::identity() const {
  std::vector<std::uint8_t> bytes(size_);
  auto const count = ::pread(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset_));
  bytes.resize(static_cast<std::size_t>(std::max<ssize_t>(0, count)));  // a file that is overwritten is short at first
  return bytes;
}

void StoreGuard::require_same() const {
  struct stat mine {
  }, there{};
  if (::fstat(descriptor_, &mine) != 0) return;
  bool const exists = ::stat(path_.c_str(), &there) == 0;
  if (!exists && errno != ENOENT) return;  // the file system does not answer; writing will tell
  if (exists && mine.st_dev == there.st_dev && mine.st_ino == there.st_ino) {
    if (identity() == identity_) return;
    throw std::runtime_error(path_ +
                             " was overwritten with another file while this job wrote to it; its rows are lost");
  }
  auto const what =
      path_ + (exists ? " was replaced by another file" : " was deleted or moved") + " while this job wrote to it; ";
  throw std::runtime_error(what + (mine.st_nlink > 0 ? "its rows are in the file that was moved, and the same command "
                                                       "continues it at its old place"
                                                     : rescued()));
}

std::string StoreGuard::rescued() const {
  auto const path = path_ + ".rescued";
  int const to = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL, 0666);
  if (to < 0) {
    bool const exists = errno == EEXIST;
    auto const reason = std::string(std::strerror(errno));
    if (exists) wait_while_it_grows(path);
    return "its rows could not be saved as " + path + ": " + reason;
  }
  bool const saved = copy(descriptor_, to);
  auto const reason = std::string(std::strerror(errno));
  ::close(to);
  if (saved)
    return "its rows were saved as " + path + "; moved back to " + path_ + ", it is continued by the same command";
  ::unlink(path.c_str());
  return "its rows could not be saved as " + path + ": " + reason;
}

}  // namespace hypnos
