#include "hypnos/runtime/terminal.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <string_view>

namespace hypnos {

namespace {

bool shows_colours(std::FILE* stream) {
  auto const* none = std::getenv("NO_COLOR");
  auto const* terminal = std::getenv("TERM");
  return (none == nullptr || *none == '\0') && (terminal == nullptr || std::string_view(terminal) != "dumb") &&
         ::isatty(::fileno(stream)) != 0;
}

std::string first_line(std::string const& path) {
  std::string line;
  std::getline(std::ifstream(path) >> std::ws, line);
  return line;
}

bool is_launcher(std::string const& name) {
  constexpr std::array launchers{"mpirun",  "mpiexec", "orterun",       "orted",
                                 "prterun", "prted",   "mpiexec.hydra", "hydra_pmi_proxy"};
  return std::ranges::any_of(launchers, [&](std::string_view known) {
    return name == known.substr(0, 15);  // the kernel keeps 15 characters
  });
}

// Of Linux; 0 elsewhere.
pid_t parent_of(pid_t process) {
  auto const stat = first_line("/proc/" + std::to_string(process) + "/stat");
  auto const name_end = stat.rfind(')');  // the name may contain anything
  if (name_end == stat.npos || name_end + 4 >= stat.size()) return 0;
  return std::atoi(stat.c_str() + name_end + 4);
}

bool stderr_of_is_terminal(pid_t process) {
  auto const path = "/proc/" + std::to_string(process) + "/fd/2";
  std::array<char, 64> target{};
  auto const length = ::readlink(path.c_str(), target.data(), target.size());
  if (length <= 0) return false;
  std::string_view const name(target.data(), static_cast<std::size_t>(length));
  return name.starts_with("/dev/pts/") || name.starts_with("/dev/tty");
}

}  // namespace

std::string painted(std::string const& text, Paint paint, std::FILE* stream) {
  if (!shows_colours(stream)) return text;
  auto const* code = paint == Paint::good ? "32" : paint == Paint::bad ? "31" : paint == Paint::warning ? "33" : "1";
  return std::string("\033[") + code + "m" + text + "\033[0m";
}

bool stderr_is_shown_live() {
  if (::isatty(STDERR_FILENO) != 0) return true;
  // the outermost of the launchers above this process has the user's stderr
  pid_t outermost = 0;
  for (auto process = ::getppid(); process > 1; process = parent_of(process)) {
    if (!is_launcher(first_line("/proc/" + std::to_string(process) + "/comm"))) break;
    outermost = process;
  }
  return outermost != 0 && stderr_of_is_terminal(outermost);
}

}  // namespace hypnos
