#include "hypnos/runtime/provenance.hpp"

#include <mpi.h>

#include <Eigen/Core>
#include <algorithm>
#include <array>
#include <boost/crc.hpp>
#include <ctime>
#include <fstream>
#include <vector>

#include "revision.hpp"  // made by the build: version, revision, compiler, flags

namespace hypnos {

namespace {

std::string now_utc() {
  std::array<char, 32> text{};
  auto const now = std::time(nullptr);
  std::tm calendar{};
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &calendar));
  return text.data();
}

std::string mpi_library() {
  std::array<char, MPI_MAX_LIBRARY_VERSION_STRING> text{};
  int length = 0;
  MPI_Get_library_version(text.data(), &length);
  // Open MPI continues its line with details of its build, MPICH with a page of them.
  std::string name(text.data(), static_cast<std::size_t>(length));
  name.resize(std::min(name.size(), name.find_first_of(",\n")));
  std::ranges::replace(name, '\t', ' ');
  return name;
}

}  // namespace

std::string version_text() { return std::string(build::version) + " (" + build::revision + ")"; }

std::string program_identity() {
  boost::crc_32_type checksum;
  std::ifstream file("/proc/self/exe", std::ios::binary);
  for (std::vector<char> bytes(1 << 20); file.read(bytes.data(), std::ssize(bytes)) || file.gcount() > 0;)
    checksum.process_bytes(bytes.data(), static_cast<std::size_t>(file.gcount()));
  return std::string(build::version) + ' ' + build::revision + ' ' + build::compiler + ' ' + build::flags + ' ' +
         std::to_string(checksum.checksum());
}

Provenance provenance(int ranks) {
  return {{"version", build::version},
          {"git_revision", build::revision},
          {"compiler", build::compiler},
          {"flags", build::flags},
          {"eigen", std::to_string(EIGEN_WORLD_VERSION) + '.' + std::to_string(EIGEN_MAJOR_VERSION) + '.' +
                        std::to_string(EIGEN_MINOR_VERSION)},
          {"mpi", mpi_library()},
          {"hdf5", hdf5::library_version()},
          {"created", now_utc()},
          {"ranks", std::to_string(ranks)},
          {"Conventions", "CF-1.8"}};
}

}  // namespace hypnos
