#include "dispatcher.hpp"

#include <algorithm>
#include <chrono>

namespace hypnos {

namespace {

// The tag is the kind of a message. Answers have their own tags, since rank 0 also sends requests to itself.
enum Tag { want_tasks = 1, want_failure_slot, my_part, good_bye, some_tasks, a_failure_slot };

static_assert(std::is_trivially_copyable_v<Report> && std::is_trivially_copyable_v<Chunk>);

template <class T>
void send(T const& value, int rank, Tag tag, MPI_Comm communicator) {
  MPI_Send(&value, sizeof value, MPI_BYTE, rank, tag, communicator);
}

template <class T>
T receive(int rank, Tag tag, MPI_Comm communicator) {
  T value{};
  MPI_Recv(&value, sizeof value, MPI_BYTE, rank, tag, communicator, MPI_STATUS_IGNORE);
  return value;
}

}  // namespace

Dispatcher::Dispatcher(MPI_Comm communicator, Schedule& schedule, Progress& progress, StopRequest const& stop,
                       Settings settings)
    : communicator_(communicator),
      schedule_(schedule),
      progress_(progress),
      stop_(stop),
      settings_(settings),
      leaving_(settings_.teams) {
  int ranks = 0;
  MPI_Comm_size(communicator_, &ranks);
  busy_seconds_.resize(static_cast<std::size_t>(ranks));
  partial_.resize(static_cast<std::size_t>(ranks));
  in_hand_.resize(static_cast<std::size_t>(ranks));
  thread_ = std::thread([this] { serve(); });
}

void Dispatcher::serve() {
  // Teams with short tasks request chunks ahead of time, so the pause delays none; it leaves the core to rank 0's task.
  constexpr auto pause = std::chrono::microseconds(500);
  while (leaving_ > 0) {
    int waiting = 0;
    MPI_Status status;
    MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, communicator_, &waiting, &status);
    if (waiting && status.MPI_TAG > good_bye) waiting = 0;  // an answer to rank 0, which its worker receives
    if (!waiting) {
      stop(stop_.cause());
      answer();
      progress_.show(schedule_, standing());
      std::this_thread::sleep_for(pause);
      continue;
    }
    int const source = status.MPI_SOURCE;
    auto const tag = static_cast<Tag>(status.MPI_TAG);
    switch (tag) {
      case want_tasks:
        take_in(receive<Report>(source, tag, communicator_), source);
        asking_.push_back(source);
        answer();
        break;
      case want_failure_slot:
        receive<char>(source, tag, communicator_);
        send(failure_slots_given_++, source, a_failure_slot, communicator_);
        break;
      case my_part:
        partial_[static_cast<std::size_t>(source)] = receive<PartialTask>(source, tag, communicator_);
        break;
      case good_bye:
        take_in(receive<Report>(source, tag, communicator_), source);
        --leaving_;
        break;
      case some_tasks:
      case a_failure_slot: break;
    }
  }
  progress_.show(schedule_, standing(), true);
}

void Dispatcher::take_in(Report const& report, int source) {
  schedule_.finished(TaskState::done, static_cast<std::uint64_t>(report.done));
  schedule_.finished(TaskState::failed, static_cast<std::uint64_t>(report.failed));
  schedule_.worked_off(report.cost);
  schedule_.take_back(report.returned);
  in_hand_[static_cast<std::size_t>(source)] -=
      static_cast<std::uint64_t>(report.done + report.failed) + report.returned.count;
  pace_.took(static_cast<std::uint64_t>(report.done + report.failed), report.seconds);
  busy_seconds_[static_cast<std::size_t>(source)] += report.seconds;
  partial_[static_cast<std::size_t>(source)] = {};
  longest_seconds_ = std::max(longest_seconds_, report.longest_seconds);
  keeps_ = keeps_ || report.keeps != 0;
  stop(static_cast<StopCause>(report.stop));
  stop(stop_.cause());
}

void Dispatcher::stop(StopCause cause) {
  if (cause == no_stop) return;
  stopped_ = true;
  if (cause_ != no_stop) return;
  cause_ = cause;
  progress_.announce((cause == limit_near ? "the time limit is near" : signal_name(cause)) +
                     ": the job stops, long tasks write checkpoints");
}

Standing Dispatcher::standing() const {
  // leaders are the first ranks of teams of equal size
  auto const step = busy_seconds_.size() / static_cast<std::size_t>(settings_.teams);
  Standing standing{.stopping = stopped_};
  for (auto const& [fraction, cost] : partial_) {
    standing.in_hand += fraction;
    standing.cost_in_hand += cost;
  }
  for (std::size_t rank = 0; rank < busy_seconds_.size(); rank += step)
    standing.busy_seconds.push_back(busy_seconds_[rank]);
  return standing;
}

Chunk Dispatcher::hand_out() {
  if (!stopped_ && !keeps_ && longest_seconds_ > stop_.seconds_left()) stop(limit_near);
  if (stopped_) return {};
  constexpr std::uint64_t most_bytes = 1 << 23;
  auto const most_rows = most_bytes / std::max<std::uint64_t>(1, settings_.row_bytes);
  auto const size =
      chunk_size(pace_.task_seconds(), schedule_.not_handed_out(), static_cast<std::uint64_t>(settings_.teams));
  return schedule_.next(std::clamp<std::uint64_t>(most_rows, 1, size)).value_or(Chunk{});
}

// A team without tasks gets no answer until there are tasks again, all are finished, or the job stops.
void Dispatcher::answer() {
  std::erase_if(asking_, [&](int rank) {
    auto& in_hand = in_hand_[static_cast<std::size_t>(rank)];
    auto const chunk = hand_out();
    bool const others_work = schedule_.left() > schedule_.not_handed_out();
    if (chunk.count == 0 && in_hand == 0 && others_work && !stopped_) return false;
    in_hand += chunk.count;
    send(chunk, rank, some_tasks, communicator_);
    return true;
  });
}

void DispatcherClient::ask(Report const& report) {
  MPI_Irecv(&chunk_, sizeof chunk_, MPI_BYTE, 0, some_tasks, communicator_, &request_);
  send(report, 0, want_tasks, communicator_);
}

Chunk DispatcherClient::answer() {
  MPI_Wait(&request_, MPI_STATUS_IGNORE);
  return chunk_;
}

std::uint64_t DispatcherClient::failure_slot() {
  send('?', 0, want_failure_slot, communicator_);
  return static_cast<std::uint64_t>(receive<std::int64_t>(0, a_failure_slot, communicator_));
}

void DispatcherClient::tell(PartialTask done) { send(done, 0, my_part, communicator_); }

void DispatcherClient::leave(Report const& report) { send(report, 0, good_bye, communicator_); }

}  // namespace hypnos
