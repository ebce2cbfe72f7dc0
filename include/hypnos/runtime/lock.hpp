#pragma once

#include <string>

namespace hypnos {

/// Keeps two jobs off one store: FILE.lock holds the host and process that write to it. A lock whose owner on this
/// host is dead is taken over. Released by the destructor.
class Lock {
 public:
  /// Throws BadInput if a living job, or one on another host, holds the lock.
  explicit Lock(std::string const& store_path);
  ~Lock();
  Lock(Lock const&) = delete;

 private:
  std::string path_;
};

}  // namespace hypnos
