#include "dispatcher.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <vector>

// usage: mpirun -n R benchmark_dispatcher CLIENTS SECONDS: the number of requests per second that the dispatcher
// answers when every rank but the first sends requests of CLIENTS teams at once and no team computes. Prints their
// number, requests per second, and microseconds of rank 0's processor time per request.

using namespace hypnos;

namespace {

using Clock = std::chrono::steady_clock;

// Answers to one rank are interchangeable, so it can send requests of several teams.
long ask_and_ask(MPI_Comm communicator, int teams, double seconds) {
  std::vector<DispatcherClient> clients(static_cast<std::size_t>(teams), DispatcherClient(communicator));
  // tasks that are reported to take a second are assigned one by one
  Report const report{.done = 1, .seconds = 1, .longest_seconds = 1};
  auto const end = Clock::now() + std::chrono::duration<double>(seconds);
  long answers = 0;
  for (auto& client : clients) client.ask(report);
  while (Clock::now() < end)
    for (auto& client : clients) {
      client.answer();
      client.ask(report);
      ++answers;
    }
  for (auto& client : clients) client.answer();
  clients.front().leave({});
  return answers;
}

double processor_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

}  // namespace

int main(int count, char** words) {
  if (count != 3) return 2;
  int const teams = std::atoi(words[1]);
  double const seconds = std::atof(words[2]);
  int provided = 0, rank = 0, ranks = 1;
  MPI_Init_thread(nullptr, nullptr, MPI_THREAD_MULTIPLE, &provided);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &ranks);
  MPI_Barrier(MPI_COMM_WORLD);
  long answers = 0;
  double spent = 0;
  if (rank == 0) {
    Schedule schedule(std::vector<TaskState>(50'000'000), {1.0});
    Progress progress(true);
    StopRequest const stop(std::nullopt);
    spent = -processor_seconds();
    DispatcherClient(MPI_COMM_WORLD).leave({});
    { Dispatcher const dispatcher(MPI_COMM_WORLD, schedule, progress, stop, {ranks, 8}); }
    spent += processor_seconds();
  } else {
    answers = ask_and_ask(MPI_COMM_WORLD, teams, seconds);
  }
  long all = 0;
  MPI_Reduce(&answers, &all, 1, MPI_LONG, MPI_SUM, 0, MPI_COMM_WORLD);
  if (rank == 0)
    std::printf("%d %.0f %.2f\n", teams * (ranks - 1), static_cast<double>(all) / seconds,
                1e6 * spent / static_cast<double>(all));
  MPI_Finalize();
}
