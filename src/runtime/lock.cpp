#include "hypnos/runtime/lock.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <condition_variable>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <optional>
#include <sstream>

#include "hypnos/base/error.hpp"
#include "hypnos/runtime/store_path.hpp"

namespace hypnos {

namespace {

constexpr long stale_seconds = 300;
// A lock is empty between its creation and its writing, for a very short time, or after a power loss.
constexpr long unwritten_seconds = 10;

std::string host_name() {
  std::array<char, 256> name{};
  ::gethostname(name.data(), name.size() - 1);
  return name.data();
}

std::string content_of(std::string const& path) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored)) return {};  // reading a FIFO would block
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

// The start time of a process, in the kernel's ticks: distinguishes it from a later one with the same number. "0" if
// there is none, or only a zombie, whose number stays in use until its parent waits for it, in some containers without
// end.
std::string begin_of(pid_t process) {
  auto const text = content_of("/proc/" + std::to_string(process) + "/stat");
  auto const end_of_name = text.rfind(')');
  if (end_of_name == text.npos) return "0";
  std::istringstream fields(text.substr(end_of_name + 1));
  std::string field, state;
  fields >> state;
  for (int k = 4; k <= 22; ++k) fields >> field;
  return state == "Z" ? "0" : field;
}

// One line of a lock: host, process, its start time; in Slurm also the job and the number of its restarts.
struct Owner {
  std::string host, begin;
  pid_t process = 0;
  std::string job = {};
  int restarts = 0;

  std::string line() const {
    auto const who = host + ' ' + std::to_string(process) + ' ' + begin;
    return who + (job.empty() ? "" : ' ' + job + ' ' + std::to_string(restarts)) + '\n';
  }
};

Owner owner_in(std::string const& content) {
  Owner owner;
  std::istringstream(content) >> owner.host >> owner.process >> owner.begin >> owner.job >> owner.restarts;
  return owner;
}

std::string variable(char const* name) {
  auto const* value = std::getenv(name);
  return value ? value : "";
}

Owner myself() {
  Owner owner{host_name(), begin_of(::getpid()), ::getpid()};
  // clusters that share a file system may have jobs of the same number
  if (auto const number = variable("SLURM_JOB_ID"); !number.empty())
    owner.job = variable("SLURM_CLUSTER_NAME") + '/' + number;
  owner.restarts = std::atoi(variable("SLURM_RESTART_COUNT").c_str());
  return owner;
}

std::optional<struct stat> status_of(std::string const& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return std::nullopt;
  return status;
}

// Seconds since the lock was refreshed, by the clock that stamps files in this folder.
std::optional<long> age_of(std::string const& path) {
  auto const probe = path + '.' + host_name() + std::to_string(::getpid());
  int const descriptor = ::open(probe.c_str(), O_WRONLY | O_CREAT | O_EXCL, 0644);
  if (descriptor < 0) return std::nullopt;
  ::close(descriptor);
  auto const now = status_of(probe), then = status_of(path);
  ::unlink(probe.c_str());
  if (!now || !then) return std::nullopt;
  return now->st_mtime - then->st_mtime;
}

// Slurm starts a job again only after all its processes have ended; steps of one start may run side by side.
bool is_earlier_start(Owner const& owner, Owner const& mine) {
  return !owner.job.empty() && owner.job == mine.job && owner.restarts < mine.restarts;
}

bool is_dead(Owner const& owner, Owner const& mine, std::string const& path) {
  // Without /proc no process has a start time, here or when the lock was written.
  bool const have_start_times = owner.begin != "0" && mine.begin != "0";
  if (owner.process > 0 && owner.host == mine.host && have_start_times) return begin_of(owner.process) != owner.begin;
  if (is_earlier_start(owner, mine)) return true;
  auto const age = age_of(path);
  return age && *age > (owner.process > 0 ? stale_seconds : unwritten_seconds);
}

// Only one of several jobs that find a dead owner may remove its lock, and none may remove a new lock: the rename
// succeeds once, and the content of the renamed file is checked before it is removed.
void remove_dead(std::string const& path, std::string const& content) {
  auto const aside = path + ".dead." + host_name() + std::to_string(::getpid());
  if (::rename(path.c_str(), aside.c_str()) != 0) return;
  if (content_of(aside) != content) ::link(aside.c_str(), path.c_str());
  ::unlink(aside.c_str());
}

// The number that its user knows, without the cluster.
std::string in_slurm(Owner const& owner) {
  return owner.job.empty() ? "" : " (Slurm job " + owner.job.substr(owner.job.find('/') + 1) + ')';
}

BadInput cannot_create(std::string const& path) {
  return BadInput("cannot create " + path + ": " + std::strerror(errno) + "; choose another place with -o FILE");
}

}  // namespace

Lock::Lock(std::string const& store_path, std::chrono::duration<double> refresh_interval)
    : path_(store_path + ".lock"), content_(myself().line()) {
  require_writable_store(store_path);
  acquire(store_path);
  refresher_ = std::jthread(
      [this, refresh_interval](std::stop_token const& stop) { refresh_until_stopped(stop, refresh_interval); });
}

void Lock::acquire(std::string const& store_path) const {
  auto const mine = owner_in(content_);
  for (int attempt = 0; attempt < 3; ++attempt) {
    int const descriptor = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL, 0644);
    if (descriptor >= 0) {
      bool const written =
          ::write(descriptor, content_.data(), content_.size()) == static_cast<ssize_t>(content_.size());
      ::close(descriptor);
      if (written) return;
      auto const error = cannot_create(path_);
      ::unlink(path_.c_str());
      throw error;
    }
    if (errno != EEXIST) throw cannot_create(path_);
    auto const content = content_of(path_);
    auto const owner = owner_in(content);
    bool const dead = is_dead(owner, mine, path_);
    if (!dead && owner.process <= 0)
      throw BadInput(store_path + " is being locked by another job at this moment; try again");
    if (!dead)
      throw BadInput(store_path + " is being written by process " + std::to_string(owner.process) + " on " +
                     owner.host + in_slurm(owner) + "; wait for it, or remove " + path_ +
                     " if that job no longer runs");
    remove_dead(path_, content);
  }
  throw BadInput(store_path + " was locked by another job at this moment; try again");
}

// An owner that was taken for dead must not remove the lock of its successor.
Lock::~Lock() {
  refresher_.request_stop();
  refresher_.join();
  if (content_of(path_) == content_) ::unlink(path_.c_str());
}

// Nor must it refresh that lock, which would outlive the successor.
void Lock::refresh_until_stopped(std::stop_token const& stop, std::chrono::duration<double> interval) const {
  std::mutex mutex;
  std::condition_variable_any stopped;
  std::unique_lock lock(mutex);
  while (!stopped.wait_for(lock, stop, interval, [&] { return stop.stop_requested(); }))
    if (content_of(path_) == content_) ::utimensat(AT_FDCWD, path_.c_str(), nullptr, 0);
}

}  // namespace hypnos
