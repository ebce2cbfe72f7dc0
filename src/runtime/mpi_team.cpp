#include "mpi_team.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <new>
#include <numeric>
#include <span>
#include <stdexcept>

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

MpiTeam::Outcome MpiTeam::outcome_of(std::function<void()> const& work) {
  try {
    work();
  } catch (TeamFailure const&) {
    throw;
  } catch (Interrupted const&) {
    return {.interrupted = true};
  } catch (std::exception const& exception) {
    return {.error = message_of(exception)};
  }
  return {};
}

namespace {

// Every member has consecutive items; their numbers differ by at most one.
int first_of(int member, int members, int count) {
  return static_cast<int>(static_cast<long long>(count) * member / members);
}

}  // namespace

std::vector<double> MpiTeam::blocks(int count, int size, FillBlock const& fill) {
  if (size_ == 1) return serial_blocks(count, size, fill);
  auto const width = static_cast<std::size_t>(size);
  std::vector<double> all(static_cast<std::size_t>(count) * width);
  agree(outcome_of([&] {
    for (int k = first_of(rank_, size_, count); k < first_of(rank_ + 1, size_, count); ++k)
      fill(k, std::span(all).subspan(static_cast<std::size_t>(k) * width, width));
  }));
  std::vector<int> counts, offsets;
  for (int member = 0; member < size_; ++member) {
    int const first = first_of(member, size_, count);
    counts.push_back((first_of(member + 1, size_, count) - first) * size);
    offsets.push_back(first * size);
  }
  MPI_Allgatherv(MPI_IN_PLACE, 0, MPI_DATATYPE_NULL, all.data(), counts.data(), offsets.data(), MPI_DOUBLE,
                 communicator_);
  return all;
}

std::vector<std::vector<double>> MpiTeam::gather(int count, MakeItem const& make) {
  std::vector<std::vector<double>> items(static_cast<std::size_t>(count));
  agree(outcome_of([&] {
    for (int k = first_of(rank_, size_, count); k < first_of(rank_ + 1, size_, count); ++k)
      items[static_cast<std::size_t>(k)] = make(k);
  }));
  if (size_ == 1) return items;
  // the lengths of all items, then the numbers of all
  std::vector<unsigned long long> lengths(items.size());
  std::ranges::transform(items, lengths.begin(), [](auto const& item) { return item.size(); });
  std::vector<int> counts, offsets;
  for (int member = 0; member < size_; ++member) {
    offsets.push_back(first_of(member, size_, count));
    counts.push_back(first_of(member + 1, size_, count) - offsets.back());
  }
  MPI_Allgatherv(MPI_IN_PLACE, 0, MPI_DATATYPE_NULL, lengths.data(), counts.data(), offsets.data(),
                 MPI_UNSIGNED_LONG_LONG, communicator_);
  if (std::reduce(lengths.begin(), lengths.end()) > std::numeric_limits<int>::max())
    throw std::length_error("the items that a team gathers have more than 2^31 numbers");
  std::vector<double> all;
  for (int member = 0; member < size_; ++member) {
    auto const begin = lengths.begin() + offsets[static_cast<std::size_t>(member)];
    auto const numbers = std::reduce(begin, begin + counts[static_cast<std::size_t>(member)], 0ULL);
    offsets[static_cast<std::size_t>(member)] = static_cast<int>(all.size());
    counts[static_cast<std::size_t>(member)] = static_cast<int>(numbers);
    all.resize(all.size() + numbers);
  }
  auto to = all.begin() + offsets[static_cast<std::size_t>(rank_)];
  for (int k = first_of(rank_, size_, count); k < first_of(rank_ + 1, size_, count); ++k)
    to = std::ranges::copy(items[static_cast<std::size_t>(k)], to).out;
  MPI_Allgatherv(MPI_IN_PLACE, 0, MPI_DATATYPE_NULL, all.data(), counts.data(), offsets.data(), MPI_DOUBLE,
                 communicator_);
  auto from = all.begin();
  for (std::size_t k = 0; k < items.size(); ++k) {
    items[k].assign(from, from + static_cast<std::ptrdiff_t>(lengths[k]));
    from += static_cast<std::ptrdiff_t>(lengths[k]);
  }
  return items;
}

void MpiTeam::agree(Outcome const& mine) {
  if (size_ == 1 && mine.error.empty() && !mine.interrupted) return;
  std::array<int, 2> const own{mine.error.empty() ? size_ : rank_, mine.interrupted ? 0 : 1};
  std::array<int, 2> least = own;
  MPI_Allreduce(own.data(), least.data(), 2, MPI_INT, MPI_MIN, communicator_);
  auto const [who, well] = least;
  if (who == size_) {
    if (well == 0) throw Interrupted{};
    return;
  }
  std::string message = mine.error;
  auto length = static_cast<unsigned long long>(message.size());
  MPI_Bcast(&length, 1, MPI_UNSIGNED_LONG_LONG, who, communicator_);
  message.resize(length);
  MPI_Bcast(message.data(), static_cast<int>(length), MPI_CHAR, who, communicator_);
  throw TeamFailure(message);
}

std::pair<int, int> MpiTeam::largest(std::pair<int, int> values) {
  if (size_ == 1) return values;
  agree({});
  std::array<int, 2> const own{values.first, values.second};
  std::array<int, 2> result = own;
  MPI_Allreduce(own.data(), result.data(), 2, MPI_INT, MPI_MAX, communicator_);
  return {result[0], result[1]};
}

int MpiTeam::largest(int value) { return largest(std::pair{value, 0}).first; }

std::vector<std::byte> MpiTeam::from_leader(std::vector<std::byte> bytes) {
  if (size_ == 1) return bytes;
  agree({});
  auto size = static_cast<unsigned long long>(bytes.size());
  MPI_Bcast(&size, 1, MPI_UNSIGNED_LONG_LONG, 0, communicator_);
  bytes.resize(size);
  // in pieces, since MPI counts in int
  constexpr std::size_t most = std::size_t{1} << 30;
  for (std::size_t sent = 0; sent < bytes.size(); sent += most)
    MPI_Bcast(bytes.data() + sent, static_cast<int>(std::min(most, bytes.size() - sent)), MPI_BYTE, 0, communicator_);
  return bytes;
}

}  // namespace hypnos
