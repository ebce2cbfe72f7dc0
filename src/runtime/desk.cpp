#include "desk.hpp"

#include <chrono>

namespace hypnos {

namespace {

constexpr int question_tag = 1, answer_tag = 2;
// Questions; a TaskState among them says "next, please; the last one ended so".
constexpr std::int64_t first_task = -1, want_failure_slot = -2;
constexpr std::int64_t no_more_tasks = -1;

}  // namespace

Desk::Desk(MPI_Comm communicator, Schedule& schedule, Progress& progress, int leaders)
    : communicator_(communicator), schedule_(schedule), progress_(progress), leaders_(leaders), thread_([this] {
        serve();
      }) {}

void Desk::serve() {
  while (leaders_ > 0) {
    int waiting = 0;
    MPI_Status status;
    MPI_Iprobe(MPI_ANY_SOURCE, question_tag, communicator_, &waiting, &status);
    if (!waiting) {
      progress_.show(schedule_);
      // short against any task worth distributing, long enough to leave the core to rank 0
      std::this_thread::sleep_for(std::chrono::microseconds(100));
      continue;
    }
    std::int64_t question = 0, answer = 0;
    MPI_Recv(&question, 1, MPI_INT64_T, status.MPI_SOURCE, question_tag, communicator_, MPI_STATUS_IGNORE);
    if (question == want_failure_slot) {
      answer = failure_slots_given_++;
    } else {
      if (question != first_task) schedule_.finished(static_cast<TaskState>(question));
      auto const task = schedule_.next();
      answer = task ? static_cast<std::int64_t>(*task) : no_more_tasks;
      if (!task) --leaders_;
    }
    MPI_Send(&answer, 1, MPI_INT64_T, status.MPI_SOURCE, answer_tag, communicator_);
  }
  progress_.show(schedule_, true);
}

std::int64_t DeskClient::ask(std::int64_t question) {
  std::int64_t answer = 0;
  MPI_Send(&question, 1, MPI_INT64_T, 0, question_tag, communicator_);
  MPI_Recv(&answer, 1, MPI_INT64_T, 0, answer_tag, communicator_, MPI_STATUS_IGNORE);
  return answer;
}

std::optional<std::uint64_t> DeskClient::next_task(std::optional<TaskState> last) {
  auto const answer = ask(last ? static_cast<std::int64_t>(*last) : first_task);
  if (answer == no_more_tasks) return std::nullopt;
  return static_cast<std::uint64_t>(answer);
}

std::uint64_t DeskClient::failure_slot() { return static_cast<std::uint64_t>(ask(want_failure_slot)); }

}  // namespace hypnos
