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
  char magic[8] = {'h', 'y', 'p', 'n', 'o', 's', 'c', '1'};
  std::uint64_t task = 0, count = 0;
  std::uint32_t job_checksum = 0, state_checksum = 0;
};

std::string folder_of(std::string const& store_path) { return store_path + ".checkpoints"; }

std::uint32_t checksum(void const* bytes, std::size_t size) {
  boost::crc_32_type crc;
  crc.process_bytes(bytes, size);
  return crc.checksum();
}

}  // namespace

std::uint32_t job_checksum(std::string const& job_text) { return checksum(job_text.data(), job_text.size()); }

CheckpointFile::CheckpointFile(std::string const& store_path, std::uint32_t job_checksum, std::uint64_t task)
    : folder_(folder_of(store_path)),
      path_(folder_ + "/task-" + std::to_string(task)),
      task_(task),
      job_checksum_(job_checksum) {}

void CheckpointFile::write(std::vector<double> const& state) const {
  if (fs::create_directories(folder_)) sync_file(fs::absolute(folder_).parent_path().string());
  auto const bytes = state.size() * sizeof(double);
  Header header;
  header.task = task_;
  header.count = state.size();
  header.job_checksum = job_checksum_;
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

std::optional<std::vector<double>> CheckpointFile::read() const {
  std::ifstream file(path_, std::ios::binary);
  Header header;
  Header const expected;
  if (!file.read(reinterpret_cast<char*>(&header), sizeof header)) return std::nullopt;
  std::error_code error;
  auto const size = fs::file_size(path_, error);
  if (error || std::memcmp(header.magic, expected.magic, sizeof header.magic) != 0 || header.task != task_ ||
      header.job_checksum != job_checksum_ || header.count != (size - sizeof header) / sizeof(double))
    return std::nullopt;
  std::vector<double> state(header.count);
  auto const bytes = state.size() * sizeof(double);
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
