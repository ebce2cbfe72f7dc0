#pragma once

#include <string>

namespace hypnos {

/// Keeps two jobs off one store: FILE.lock names the host, the process and when it began, in Slurm also the job and how
/// often Slurm has started it again. It is taken over when its owner is dead: on this host, when no such process lives;
/// elsewhere, when it is an earlier start of this very job (Slurm never runs two of them at once), or has not been
/// refreshed for five minutes by the clock of the file system. Released by the destructor.
class Lock {
 public:
  /// Throws BadInput if a living job holds the lock.
  explicit Lock(std::string const& store_path);
  ~Lock();
  Lock(Lock const&) = delete;

  /// A sign of life for other hosts; to be given at least once a minute.
  void refresh() const;

 private:
  std::string path_, content_;
};

}  // namespace hypnos
