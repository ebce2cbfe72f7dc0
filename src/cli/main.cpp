#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <new>

#include "commands.hpp"
#include "hypnos/base/error.hpp"
#include "hypnos/base/text.hpp"
#include "hypnos/runtime/provenance.hpp"
#include "hypnos/runtime/terminal.hpp"

namespace {

using namespace hypnos;

bool asks_for_help(std::string const& word) { return word == "--help" || word == "-h"; }

int dispatch(cli::Words words) {
  if (words.empty()) {
    cli::help().run({});
    return cli::exit_bad_input;
  }
  auto const name = words.front();
  words.erase(words.begin());
  if (asks_for_help(name)) return cli::help().run(words);
  if (name == "--version") {
    std::printf("hypnos %s\n", version_text().c_str());
    return cli::exit_done;
  }
  auto const& command = cli::find_command(name);
  if (std::ranges::any_of(words, asks_for_help)) return cli::help().run({name});
  return command.run(words);
}

void report(char const* message) {
  std::fprintf(stderr, "%s %s\n", painted("hypnos:", Paint::bad, stderr).c_str(), message);
}

// What the user, a file or the system makes impossible ends with one line. Failed tasks do not come here.
int exit_code(cli::Words const& words) {
  try {
    return dispatch(words);
  } catch (std::bad_alloc const&) {
    report("there is not enough memory");
  } catch (BadInput const& error) {
    report(error.what());
  } catch (std::exception const& error) {
    report(printable(error.what()).c_str());
  }
  return cli::exit_bad_input;
}

// A file that is opened must not take the number of a standard stream that the user closed: output would be written to
// it. Writing to what is opened here fails.
void occupy_standard_streams() {
  for (int const stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (::fcntl(stream, F_GETFD) < 0) ::open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

// Whether all output has been written, also what a network file system reports only at the end.
bool close_output() {
  bool const written = std::ferror(stdout) == 0;
  errno = 0;
  bool const closed = std::fclose(stdout) == 0;
  if (written && closed) return true;
  std::fprintf(stderr, "hypnos: the output could not be written%s%s\n", errno != 0 ? ": " : "",
               errno != 0 ? std::strerror(errno) : "");
  return false;
}

}  // namespace

int main(int count, char** words) {
  occupy_standard_streams();
  std::signal(SIGXFSZ, SIG_IGN);  // a limit of file sizes is then an error of writing
  int const code = exit_code(cli::Words(words + 1, words + count));
  return close_output() || code != cli::exit_done ? code : cli::exit_bad_input;
}
