#pragma once

#include <string>

namespace hypnos {

/// Keeps two jobs off one store: FILE.lock names the host, the process and when it began. It is taken over when its
/// owner is dead: on this host, when no such process lives; elsewhere, when it has not been refreshed for five
/// minutes by the clock of the file system. Released by the destructor.
class Lock {
 public:
  /// Throws BadInput if a living job holds the lock.
  explicit Lock(std::string const& store_path);
  ~Lock();
  Lock(Lock const&) = delete;

  /// A sign of life for other hosts; to be given at least once a minute.
  void refresh() const;

 private:
  std::string path_;
};

}  // namespace hypnos
