#include <mpi.h>

#include <cstdio>
#include <cstdlib>

#include "burn.hpp"

// usage: mpirun -n R benchmark_ideal TASKS MILLISECONDS: the same tasks, assigned in advance, nothing stored. Prints
// the wall time in seconds.

int main(int count, char** words) {
  if (count != 3) return 2;
  auto const tasks = std::atol(words[1]);
  double const seconds = 1e-3 * std::atof(words[2]);
  MPI_Init(nullptr, nullptr);
  int rank = 0, ranks = 1;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &ranks);
  MPI_Barrier(MPI_COMM_WORLD);
  double const start = MPI_Wtime();
  for (long task = rank; task < tasks; task += ranks) burn(seconds);
  MPI_Barrier(MPI_COMM_WORLD);
  if (rank == 0) std::printf("%.6f\n", MPI_Wtime() - start);
  MPI_Finalize();
}
