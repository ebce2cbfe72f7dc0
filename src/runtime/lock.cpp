#include "hypnos/runtime/lock.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <optional>
#include <sstream>

#include "hypnos/base/error.hpp"

namespace hypnos {

namespace {

constexpr long stale_seconds = 300;
// A lock is empty between its creation and its writing, for less than a moment, and may stay so when power fails.
constexpr long unwritten_seconds = 10;

std::string host_name() {
  std::array<char, 256> name{};
  ::gethostname(name.data(), name.size() - 1);
  return name.data();
}

std::string content_of(std::string const& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

// When a process began, in the kernel's ticks: tells it from a later one with the same number. "0" if there is none,
// or only a zombie, which keeps its number until its parent asks how it ended, in some containers for ever.
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

struct Owner {
  std::string host, begin;
  pid_t process = 0;
};

Owner owner_in(std::string const& content) {
  Owner owner;
  std::istringstream(content) >> owner.host >> owner.process >> owner.begin;
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

bool is_dead(Owner const& owner, std::string const& path) {
  if (owner.process > 0 && owner.host == host_name()) return begin_of(owner.process) != owner.begin;
  auto const age = age_of(path);
  return age && *age > (owner.process > 0 ? stale_seconds : unwritten_seconds);
}

// Only one of several jobs that find a dead owner may remove its lock, and none may remove a new one: the rename
// succeeds once, and what it moved is looked at before it goes.
void remove_dead(std::string const& path, std::string const& content) {
  auto const aside = path + ".dead." + host_name() + std::to_string(::getpid());
  if (::rename(path.c_str(), aside.c_str()) != 0) return;
  if (content_of(aside) != content) ::link(aside.c_str(), path.c_str());
  ::unlink(aside.c_str());
}

BadInput cannot_create(std::string const& path) {
  return BadInput("cannot create " + path + ": " + std::strerror(errno) + "; choose another place with -o FILE");
}

}  // namespace

Lock::Lock(std::string const& store_path) : path_(store_path + ".lock") {
  auto const mine = host_name() + ' ' + std::to_string(::getpid()) + ' ' + begin_of(::getpid()) + '\n';
  for (int attempt = 0; attempt < 3; ++attempt) {
    int const descriptor = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL, 0644);
    if (descriptor >= 0) {
      bool const written = ::write(descriptor, mine.data(), mine.size()) == static_cast<ssize_t>(mine.size());
      ::close(descriptor);
      if (written) return;
      auto const error = cannot_create(path_);
      ::unlink(path_.c_str());
      throw error;
    }
    if (errno != EEXIST) throw cannot_create(path_);
    auto const content = content_of(path_);
    auto const owner = owner_in(content);
    bool const dead = is_dead(owner, path_);
    if (!dead && owner.process <= 0)
      throw BadInput(store_path + " is being locked by another job at this moment; try again");
    if (!dead)
      throw BadInput(store_path + " is being written by process " + std::to_string(owner.process) + " on " +
                     owner.host + "; wait for it, or remove " + path_ + " if that job no longer runs");
    remove_dead(path_, content);
  }
  throw BadInput(store_path + " was locked by another job at this moment; try again");
}

Lock::~Lock() { ::unlink(path_.c_str()); }

void Lock::refresh() const { ::utimensat(AT_FDCWD, path_.c_str(), nullptr, 0); }

}  // namespace hypnos
