#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <functional>
#include <map>
#include <new>

#include "commands.hpp"
#include "hypnos/base/error.hpp"
#include "hypnos/base/text.hpp"
#include "hypnos/runtime/provenance.hpp"

namespace {

using namespace hypnos;

constexpr char const* help = R"(hypnos - distributed simulations of recurrent neural networks and Boltzmann machines

  hypnos list                             all experiments, one per line
  hypnos describe EXPERIMENT              parameters, observables, units, source
  hypnos plan JOB [key=value ...]         axes, tasks, file size, cost of one task; creates nothing
  hypnos run JOB [key=value ...]          runs a job or continues it; under mpirun on all ranks
         [-o FILE] [--extend]             the store; add realizations or values to it
         [--ranks-per-task r]             ranks that share one large task
         [--time-limit D-HH:MM:SS]        stop before it and exit with 75 (in Slurm the limit of the job is read)
         [--checkpoint-interval SECONDS] [--sync task|minute|end|SECONDS] [--quiet]
  hypnos status FILE [--watch]            done, failed, left; exit code 0: complete, 75: not complete
  hypnos reduce FILE                      means and errors over the tasks done so far
  hypnos show FILE [OBSERVABLE] [--csv]   tables of means and errors
  hypnos verify FILE                      checks layout, flags and checksums
  hypnos replay FILE --task k             computes one task again and compares it bit by bit
  hypnos merge A B ... -o FILE            unites stores of one job that have different realizations

A JOB is an .ini file, as in jobs/quickstart.ini. A value is 0.3, a list 0.1, 0.2, a range 0.1:0.9:0.1 or
log(1e-4:1e-1:4); a parameter with several values is swept. Exit codes: 0 done, 1 some tasks failed, 2 bad input
(nothing was created), 75 not complete.
)";

int dispatch(cli::Words words) {
  std::map<std::string, std::function<int(cli::Words const&)>> const commands{
      {"list", cli::list},     {"describe", cli::describe}, {"plan", cli::plan}, {"run", cli::run},
      {"status", cli::status}, {"reduce", cli::reduce},     {"show", cli::show}, {"verify", cli::verify},
      {"replay", cli::replay}, {"merge", cli::merge}};
  auto const name = words.empty() ? "help" : words.front();
  if (name == "help" || name == "--help" || name == "-h") {
    std::fputs(help, stdout);
    return words.empty() ? cli::exit_bad_input : cli::exit_done;
  }
  if (name == "--version") {
    std::printf("hypnos %s\n", version_text().c_str());
    return cli::exit_done;
  }
  auto const command = commands.find(name);
  if (command == commands.end()) {
    std::vector<std::string> names;
    for (auto const& [known, function] : commands) names.push_back(known);
    throw BadInput("unknown command '" + name + "'" + suggestion(name, names) + "; `hypnos help` shows them all");
  }
  words.erase(words.begin());
  return command->second(words);
}

}  // namespace

namespace {

// What the user, a file or the system makes impossible ends with one line. Failed tasks do not come here.
int exit_code(cli::Words const& words) {
  try {
    return dispatch(words);
  } catch (std::bad_alloc const&) {
    std::fputs("hypnos: there is not enough memory\n", stderr);
  } catch (BadInput const& error) {
    std::fprintf(stderr, "hypnos: %s\n", error.what());
  } catch (std::exception const& error) {
    std::fprintf(stderr, "hypnos: %s\n", printable(error.what()).c_str());
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
