#include "hypnos/runtime/checkpoint_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <boost/crc.hpp>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "hypnos/runtime/store.hpp"

namespace hypnos {

namespace fs = std::filesystem;

namespace {

// In the byte order of the machine: a checkpoint lives no longer than its job.
struct Header {
  char magic[8] = {'h', 'y', 'p', 'n', 'o', 's', 'c', '2'};
  std::uint64_t task = 0, count = 0;
  std::uint32_t identity = 0, state_checksum = 0;
};

std::string folder_of(std::string const& store_path) { return store_path + ".checkpoints"; }

std::uint32_t checksum(void const* bytes, std::size_t size) {
  boost::crc_32_type crc;
  crc.process_bytes(bytes, size);
  return crc.checksum();
}

}  // namespace

std::uint32_t checkpoint_identity(std::string const& job_text, std::string const& program) {
  auto const both = job_text + '\0' + program;
  return checksum(both.data(), both.size());
}

bool have_checkpoints(std::string const& store_path) {
  std::error_code ignored;
  return fs::exists(folder_of(store_path), ignored);
}

CheckpointFile::CheckpointFile(std::string const& store_path, std::uint32_t identity, std::uint64_t task)
    : folder_(folder_of(store_path)),
      path_(folder_ + "/task-" + std::to_string(task)),
      task_(task),
      identity_(identity) {}

void CheckpointFile::write(std::vector<std::byte> const& state) const {
  if (fs::create_directories(folder_)) sync_file(fs::absolute(folder_).parent_path().string());
  auto const bytes = state.size();
  Header header;
  header.task = task_;
  header.count = state.size();
  header.identity = identity_;
  header.state_checksum = checksum(state.data(), bytes);

  auto const temporary = path_ + ".tmp";
  {
    std::ofstream file(temporary, std::ios::binary | std::ios::trunc);
    file.write(reinterpret_cast<char const*>(&header), sizeof header);
    file.write(reinterpret_cast<char const*>(state.data()), static_cast<std::streamsize>(bytes));
    if (!file.flush()) {
      auto const reason = std::string(std::strerror(errno));
      fs::remove(temporary);
      throw std::runtime_error("cannot write the checkpoint " + temporary + ": " + reason);
    }
  }
  sync_file(temporary);
  fs::rename(temporary, path_);
  sync_file(folder_);
}

std::optional<std::vector<std::byte>> CheckpointFile::read() const {
  std::ifstream file(path_, std::ios::binary);
  Header header;
  Header const expected;
  if (!file.read(reinterpret_cast<char*>(&header), sizeof header)) return std::nullopt;
  std::error_code error;
  auto const size = fs::file_size(path_, error);
  if (error || std::memcmp(header.magic, expected.magic, sizeof header.magic) != 0 || header.task != task_ ||
      header.identity != identity_ || header.count != size - sizeof header)
    return std::nullopt;
  std::vector<std::byte> state(header.count);
  auto const bytes = state.size();
  if (!file.read(reinterpret_cast<char*>(state.data()), static_cast<std::streamsize>(bytes)) ||
      checksum(state.data(), bytes) != header.state_checksum)
    return std::nullopt;
  return state;
}

void remove_checkpoints(std::string const& store_path) {
  std::error_code ignored;
  fs::remove_all(folder_of(store_path), ignored);
}

void CheckpointFile::remove() const {
  std::error_code ignored;
  fs::remove(path_, ignored);
}

}  // namespace hypnos
