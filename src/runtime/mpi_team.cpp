#include "mpi_team.hpp"

#include <new>

namespace hypnos {

MpiTeam::MpiTeam(MPI_Comm communicator) : communicator_(communicator) {
  MPI_Comm_rank(communicator_, &rank_);
  MPI_Comm_size(communicator_, &size_);
}

std::string message_of(std::exception const& exception) {
  if (dynamic_cast<std::bad_alloc const*>(&exception)) return "out of memory";
  std::string const text = exception.what();
  return text.empty() ? "an error without a message" : text;
}

std::vector<double> MpiTeam::blocks(int count, int size, FillBlock const& fill) {
  if (size_ == 1) return serial_blocks(count, size, fill);
  auto const width = static_cast<std::size_t>(size);
  std::vector<double> all(static_cast<std::size_t>(count) * width);
  // consecutive blocks to one member, as even as possible
  auto const first_of = [&](int member) { return static_cast<int>(static_cast<long long>(count) * member / size_); };
  std::string error;
  try {
    for (int k = first_of(rank_); k < first_of(rank_ + 1); ++k)
      fill(k, std::span(all).subspan(static_cast<std::size_t>(k) * width, width));
  } catch (std::exception const& exception) {
    error = message_of(exception);
  }
  agree(error);
  std::vector<int> counts, offsets;
  for (int member = 0; member < size_; ++member) {
    counts.push_back((first_of(member + 1) - first_of(member)) * size);
    offsets.push_back(first_of(member) * size);
  }
  MPI_Allgatherv(MPI_IN_PLACE, 0, MPI_DATATYPE_NULL, all.data(), counts.data(), offsets.data(), MPI_DOUBLE,
                 communicator_);
  return all;
}

void MpiTeam::agree(std::string const& error) {
  int const mine = error.empty() ? size_ : rank_;
  int who = size_;
  MPI_Allreduce(&mine, &who, 1, MPI_INT, MPI_MIN, communicator_);
  if (who == size_) return;
  std::string message = error;
  auto length = static_cast<unsigned long long>(message.size());
  MPI_Bcast(&length, 1, MPI_UNSIGNED_LONG_LONG, who, communicator_);
  message.resize(length);
  MPI_Bcast(message.data(), static_cast<int>(length), MPI_CHAR, who, communicator_);
  throw TeamFailure(message);
}

int MpiTeam::largest(int value) {
  if (size_ == 1) return value;
  agree({});
  int result = value;
  MPI_Allreduce(&value, &result, 1, MPI_INT, MPI_MAX, communicator_);
  return result;
}

std::vector<double> MpiTeam::from_leader(std::vector<double> values) {
  if (size_ == 1) return values;
  agree({});
  auto size = static_cast<unsigned long long>(values.size());
  MPI_Bcast(&size, 1, MPI_UNSIGNED_LONG_LONG, 0, communicator_);
  values.resize(size);
  MPI_Bcast(values.data(), static_cast<int>(size), MPI_DOUBLE, 0, communicator_);
  return values;
}

}  // namespace hypnos
