#include "hypnos/runtime/stop.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <limits>

#include "hypnos/base/error.hpp"
#include "hypnos/base/text.hpp"

namespace hypnos {

namespace {

std::sig_atomic_t volatile signalled = 0;

void on_signal(int signal) { signalled = signal; }

}  // namespace

void listen_to_signals() {
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  for (int const signal : {SIGUSR1, SIGTERM, SIGHUP}) sigaction(signal, &action, nullptr);
  action.sa_flags |= static_cast<int>(SA_RESETHAND);
  sigaction(SIGINT, &action, nullptr);
}

std::string signal_name(int signal) {
  switch (signal) {
    case SIGUSR1: return "SIGUSR1";
    case SIGTERM: return "SIGTERM";
    case SIGINT: return "SIGINT";
    case SIGHUP: return "SIGHUP";
    default: return "signal " + std::to_string(signal);
  }
}

StopRequest::StopRequest(std::optional<double> seconds_left) {
  if (!seconds_left) return;
  double const margin = std::clamp(*seconds_left / 50, 2.0, 60.0);
  deadline_ = Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                 std::chrono::duration<double>(std::max(0.0, *seconds_left - margin)));
}

StopCause StopRequest::cause() const {
  if (signalled != 0) return signalled;
  return deadline_ && Clock::now() >= *deadline_ ? limit_near : no_stop;
}

double StopRequest::seconds_left() const {
  if (signalled != 0) return 0;
  if (!deadline_) return std::numeric_limits<double>::infinity();
  return std::chrono::duration<double>(*deadline_ - Clock::now()).count();
}

double parse_time_limit(std::string const& text) {
  auto const refuse = [&] {
    return BadInput("the time limit " + text + " is not of the form D-HH:MM:SS, HH:MM:SS, MM:SS or minutes");
  };
  auto const dash = text.find('-');
  bool const has_days = dash != text.npos;
  auto const fields = split(has_days ? text.substr(dash + 1) : text, ':');
  std::vector<double> numbers;
  for (auto const& field : fields) {
    bool const digits = !field.empty() && field.find_first_not_of("0123456789") == field.npos && field.size() < 8;
    if (!digits) throw refuse();
    numbers.push_back(std::atof(field.c_str()));
  }
  if (numbers.size() > 3) throw refuse();
  if (has_days) {
    auto const days = parse_number(text.substr(0, dash));
    if (!days || *days < 0 || *days != std::trunc(*days)) throw refuse();
    numbers.resize(3);  // D-HH, D-HH:MM
    return *days * 86400 + numbers[0] * 3600 + numbers[1] * 60 + numbers[2];
  }
  if (numbers.size() == 1) return numbers[0] * 60;
  if (numbers.size() == 2) return numbers[0] * 60 + numbers[1];
  return numbers[0] * 3600 + numbers[1] * 60 + numbers[2];
}

std::optional<TimeLimit> slurm_time_limit() {
  if (auto const* end = std::getenv("SLURM_JOB_END_TIME"))
    if (auto const time = parse_number(end)) {
      std::chrono::duration<double> const now = std::chrono::system_clock::now().time_since_epoch();
      return TimeLimit{*time - now.count(), std::string("Slurm, SLURM_JOB_END_TIME = ") + end};
    }
  auto const* job = std::getenv("SLURM_JOB_ID");
  if (!job || std::string(job).find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
  // the environment has the end of the job only from version 23 on
  auto* answer = ::popen(("squeue --noheader --jobs=" + std::string(job) + " --format=%L 2>/dev/null").c_str(), "r");
  if (!answer) return std::nullopt;
  std::array<char, 64> line{};
  bool const read = std::fgets(line.data(), line.size(), answer) != nullptr;
  ::pclose(answer);
  if (!read) return std::nullopt;
  try {
    // squeue prints the remaining time as [D-]HH:MM:SS or MM:SS, or a word such as UNLIMITED
    auto const left = trimmed(line.data());
    return TimeLimit{parse_time_limit(left),
                     "Slurm, `squeue --jobs=" + std::string(job) + " --format=%L` gave " + left};
  } catch (BadInput const&) {
    return std::nullopt;
  }
}

}  // namespace hypnos
