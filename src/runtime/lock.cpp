#include "hypnos/runtime/lock.hpp"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include "hypnos/base/error.hpp"

namespace hypnos {

namespace {

std::string host_name() {
  std::array<char, 256> name{};
  ::gethostname(name.data(), name.size() - 1);
  return name.data();
}

// A killed process keeps its number until its parent asks how it ended, in some containers for ever.
bool is_zombie(pid_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/stat");
  std::string const text(std::istreambuf_iterator<char>(file), {});
  auto const end_of_name = text.rfind(')');
  return end_of_name != text.npos && text.substr(end_of_name).starts_with(") Z");
}

bool is_dead(std::string const& host, pid_t process) {
  if (host != host_name() || process <= 0) return false;
  return is_zombie(process) || (::kill(process, 0) != 0 && errno == ESRCH);
}

}  // namespace

Lock::Lock(std::string const& store_path) : path_(store_path + ".lock") {
  auto const mine = host_name() + ' ' + std::to_string(::getpid()) + '\n';
  for (int attempt = 0; attempt < 2; ++attempt) {
    int const descriptor = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL, 0644);
    if (descriptor >= 0) {
      bool const written = ::write(descriptor, mine.data(), mine.size()) == static_cast<ssize_t>(mine.size());
      ::close(descriptor);
      if (written) return;
      ::unlink(path_.c_str());
      throw BadInput("cannot write " + path_ + ": " + std::strerror(errno) + "; choose another place with -o FILE");
    }
    if (errno != EEXIST)
      throw BadInput("cannot create " + path_ + ": " + std::strerror(errno) + "; choose another place with -o FILE");
    std::string host;
    pid_t process = 0;
    std::ifstream(path_) >> host >> process;
    if (!is_dead(host, process))
      throw BadInput(store_path + " is being written by process " + std::to_string(process) + " on " + host +
                     "; wait for it, or remove " + path_ + " if that job no longer runs");
    ::unlink(path_.c_str());
  }
  throw BadInput(store_path + " was locked by another job at this moment");
}

Lock::~Lock() { ::unlink(path_.c_str()); }

}  // namespace hypnos
