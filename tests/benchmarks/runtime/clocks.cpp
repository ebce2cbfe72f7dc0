#include <mpi.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>

#include "burn.hpp"

// The use of time of a process. At its end every process appends one line of JSON to the file that the environment
// variable HYPNOS_CLOCKS names: moments on the monotonic clock of the machine, durations in seconds.

namespace {

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

// The activity of the main thread, or of the dispatcher's thread, since work began.
struct Activity {
  double sending = 0, waiting = 0, writing = 0, first_probe = 0, last_probe = 0;
  long sends = 0, writes = 0, probes = 0;
};

struct Clocks {
  int rank = 0;
  double loaded = now(), entered = 0, shared = 0, begin = 0, end = 0;
  double main_seconds = 0, dispatcher_seconds = 0;  // of processor time between begin and end
  Activity main, dispatcher;

  ~Clocks() {
    auto const* path = std::getenv("HYPNOS_CLOCKS");
    if (!path) return;
    char line[1024];
    std::snprintf(line, sizeof line,
                  R"({"rank": %d, "loaded": %.6f, "entered": %.6f, "shared": %.6f, "begin": %.6f, "end": %.6f, )"
                  R"("left": %.6f, "main_seconds": %.6f, "dispatcher_seconds": %.6f, "sending": %.6f, "sends": %ld, )"
                  R"("waiting": %.6f, "writing": %.6f, "writes": %ld, "dispatcher_sends": %ld, "probes": %ld, )"
                  R"("peak_kB": %ld})"
                  "\n",
                  rank, loaded, entered, shared, begin, end, now(), main_seconds, dispatcher_seconds, main.sending,
                  main.sends, main.waiting, main.writing, main.writes, dispatcher.sends, dispatcher.probes, peak_kB());
    std::ofstream(path, std::ios::app) << line << std::flush;
  }

  // Of this program alone: getrusage would include the memory of the shell before exec.
  static long peak_kB() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
      if (line.starts_with("VmHWM:")) return std::atol(line.c_str() + std::strlen("VmHWM:"));
    return 0;
  }
};

Clocks clocks;
thread_local bool is_dispatcher = false;

Activity& mine() { return is_dispatcher ? clocks.dispatcher : clocks.main; }

class Timer {
 public:
  explicit Timer(double& total) : total_(total) {}
  ~Timer() { total_ += now() - start_; }
  Timer(Timer const&) = delete;

 private:
  double& total_;
  double start_ = now();
};

}  // namespace

extern "C" {

int MPI_Init_thread(int* count, char*** words, int required, int* provided) {
  int const result = PMPI_Init_thread(count, words, required, provided);
  PMPI_Comm_rank(MPI_COMM_WORLD, &clocks.rank);
  clocks.entered = now();
  return result;
}

// The first broadcast sends the job to all ranks, after rank 0 has prepared the store.
int MPI_Bcast(void* buffer, int count, MPI_Datatype type, int root, MPI_Comm communicator) {
  if (clocks.shared == 0) clocks.shared = now();
  return PMPI_Bcast(buffer, count, type, root, communicator);
}

// The first message of a process requests tasks from the dispatcher.
int MPI_Send(void const* buffer, int count, MPI_Datatype type, int rank, int tag, MPI_Comm communicator) {
  if (!is_dispatcher && clocks.begin == 0) {
    clocks.begin = now();
    clocks.main_seconds = -thread_seconds();
  }
  ++mine().sends;
  Timer const timer(mine().sending);
  return PMPI_Send(buffer, count, type, rank, tag, communicator);
}

int MPI_Wait(MPI_Request* request, MPI_Status* status) {
  Timer const timer(mine().waiting);
  return PMPI_Wait(request, status);
}

int MPI_Iprobe(int source, int tag, MPI_Comm communicator, int* flag, MPI_Status* status) {
  is_dispatcher = true;
  ++mine().probes;
  clocks.dispatcher_seconds = thread_seconds();
  return PMPI_Iprobe(source, tag, communicator, flag, status);
}

int MPI_File_write_at(MPI_File file, MPI_Offset offset, void const* buffer, int count, MPI_Datatype type,
                      MPI_Status* status) {
  ++mine().writes;
  Timer const timer(mine().writing);
  return PMPI_File_write_at(file, offset, buffer, count, type, status);
}

int MPI_File_close(MPI_File* file) {
  if (clocks.end == 0) {
    clocks.end = now();
    clocks.main_seconds += thread_seconds();
  }
  return PMPI_File_close(file);
}
}
