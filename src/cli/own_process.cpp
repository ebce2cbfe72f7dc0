#include "own_process.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "commands.hpp"
#include "hypnos/base/text.hpp"

namespace hypnos::cli {

std::optional<int> code_of_own_process(std::string const& path) {
  std::fflush(nullptr);
  auto const parent = ::getpid();
  auto const process = ::fork();
  if (process < 0) return std::nullopt;  // no more processes: this one reads the file
  if (process == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::getppid() != parent) ::_exit(exit_bad_input);
    return std::nullopt;
  }
  int state = 0;
  while (::waitpid(process, &state, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(state)) return WEXITSTATUS(state);
  int const signal = WTERMSIG(state);
  if (signal == SIGXCPU) {
    std::fprintf(stderr, "hypnos: %s is damaged: the HDF5 library reads it without end\n", printable(path).c_str());
    return exit_bad_input;
  }
  if (signal == SIGSEGV || signal == SIGBUS || signal == SIGABRT || signal == SIGFPE || signal == SIGILL) {
    std::fprintf(stderr, "hypnos: %s is damaged: the HDF5 library crashed on it (%s)\n", printable(path).c_str(),
                 ::strsignal(signal));
    return exit_bad_input;
  }
  ::signal(signal, SIG_DFL);
  ::raise(signal);  // as if this process had received it
  return exit_bad_input;
}

void limit_to_reading(std::string const& path) {
  std::error_code error;
  auto const bytes = std::filesystem::file_size(path, error);
  if (error) return;  // reading it will tell
  rlim_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  auto const limit = [](auto resource, rlim_t most) {
    struct rlimit now {};
    if (::getrlimit(resource, &now) != 0) return;
    now.rlim_cur = std::min(now.rlim_cur, most);
    ::setrlimit(resource, &now);
  };
  if (pages > 0) limit(RLIMIT_AS, pages * static_cast<rlim_t>(::sysconf(_SC_PAGESIZE)) + (rlim_t{1} << 30) + 4 * bytes);
  limit(RLIMIT_CPU, 60 + bytes / 10'000'000);
}

}  // namespace hypnos::cli
