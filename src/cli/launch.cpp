#include "launch.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "hypnos/base/error.hpp"
#include "hypnos/base/text.hpp"

namespace hypnos::cli {

namespace {

constexpr auto mark = "HYPNOS_LAUNCHED";

std::sig_atomic_t volatile launcher = 0, interrupts = 0;

void pass_on(int signal) {
  if (signal == SIGINT) interrupts = interrupts + 1;
  ::kill(launcher, interrupts > 1 ? SIGTERM : SIGUSR1);
}

sigset_t stop_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (int const signal : {SIGINT, SIGTERM, SIGHUP, SIGUSR1}) sigaddset(&signals, signal);
  return signals;
}

Words launcher_words() {
  auto const* chosen = std::getenv("HYPNOS_LAUNCHER");
  auto words = split(chosen != nullptr && *chosen != '\0' ? chosen : "mpirun", ' ');
  std::erase(words, "");
  return words;
}

[[noreturn]] void become(Words const& words) {
  std::vector<char*> pointers;
  for (auto const& word : words) pointers.push_back(const_cast<char*>(word.c_str()));
  pointers.push_back(nullptr);
  ::execvp(pointers[0], pointers.data());
  std::fprintf(stderr, "hypnos: cannot start %s: %s; name a launcher in HYPNOS_LAUNCHER\n", pointers[0],
               std::strerror(errno));
  std::_Exit(exit_bad_input);
}

}  // namespace

bool is_launched() { return std::getenv(mark) != nullptr; }

int launch(int ranks, Words const& words) {
  auto const starters = {"OMPI_COMM_WORLD_SIZE", "PMIX_RANK", "PMI_RANK"};
  if (std::ranges::any_of(starters, [](auto const* name) { return std::getenv(name) != nullptr; }))
    throw BadInput("-n " + std::to_string(ranks) + ", but a launcher of MPI programs has started this process; " +
                   "leave -n out, or the launcher");
  if (ranks < 1) throw BadInput("-n " + std::to_string(ranks) + ", but there must be one rank or more");
  auto command = launcher_words();
  for (auto const& word : {std::string("-n"), std::to_string(ranks),
                           std::filesystem::read_symlink("/proc/self/exe").string(), std::string("run")})
    command.push_back(word);
  command.insert(command.end(), words.begin(), words.end());

  // signals wait until it is known where to pass them on
  auto const signals = stop_signals();
  sigset_t before;
  sigprocmask(SIG_BLOCK, &signals, &before);
  ::setenv(mark, "1", 1);
  std::fflush(nullptr);
  auto const child = ::fork();
  if (child < 0) throw std::runtime_error(std::string("cannot start the launcher: ") + std::strerror(errno));
  if (child == 0) {
    ::setpgid(0, 0);  // Ctrl-C on a terminal shall reach this process only by its parent
    sigprocmask(SIG_SETMASK, &before, nullptr);
    become(command);
  }
  launcher = child;
  struct sigaction action {};
  action.sa_handler = pass_on;
  action.sa_flags = SA_RESTART;
  for (int const signal : {SIGINT, SIGTERM, SIGHUP, SIGUSR1}) sigaction(signal, &action, nullptr);
  sigprocmask(SIG_SETMASK, &before, nullptr);
  int state = 0;
  while (::waitpid(child, &state, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(state) ? WEXITSTATUS(state) : exit_failed;
}

}  // namespace hypnos::cli
