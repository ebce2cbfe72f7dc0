#pragma once

#include <chrono>
#include <string>
#include <thread>

namespace hypnos {

/// Keeps two jobs off one store: FILE.lock names the host, the process and when it began, in Slurm also the job and how
/// often Slurm has started it again. A thread refreshes its time of modification as long as the lock is held. It is taken
/// over when its owner is dead: on this host, when no such process lives; elsewhere, when it is an earlier start of this
/// very job (Slurm never runs two of them at once), or has not been refreshed for five minutes by the clock of the file
/// system. Released by the destructor.
class Lock {
 public:
  /// Throws BadInput if a living job holds the lock.
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
