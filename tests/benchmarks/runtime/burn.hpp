#pragma once

#include <ctime>

/// Processor time of this thread, in seconds. Unlike the wall clock it does not advance while another thread has the
/// core, so a task of a given processor time takes longer if the core is shared.
inline double thread_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// Computes for `seconds` of processor time; returns the time used.
inline double burn(double seconds) {
  double const start = thread_seconds();
  double spent = 0;
  while (spent < seconds) spent = thread_seconds() - start;
  return spent;
}
