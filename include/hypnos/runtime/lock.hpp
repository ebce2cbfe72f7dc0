#pragma once

#include <chrono>
#include <string>
#include <thread>

namespace hypnos {

/// Prevents that two jobs write one store. FILE.lock contains the host, the process and its start time, in Slurm also the
/// job and the number of its restarts. A thread of the owner refreshes its time of modification. The lock is taken over
/// if its owner is dead: on this host, if there is no such process; elsewhere, if it is an earlier start of the same job
/// (Slurm never runs two starts at once), or if the lock was not refreshed for five minutes by the clock of the file
/// system. The destructor releases it.
class Lock {
 public:
  /// `store_path` is that of the file itself (see store_path), so that all names of a store lead to one lock. Throws
  /// BadInput if a running job has the lock, and by require_writable_store.
  explicit Lock(std::string const& store_path,
                std::chrono::duration<double> refresh_interval = std::chrono::seconds(20));
  ~Lock();
  Lock(Lock const&) = delete;

 private:
  void acquire(std::string const& store_path) const;
  void refresh_until_stopped(std::stop_token const& stop, std::chrono::duration<double> interval) const;

  std::string path_, content_;
  std::jthread refresher_;
};

}  // namespace hypnos
