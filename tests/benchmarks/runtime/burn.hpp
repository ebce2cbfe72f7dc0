#pragma once

#include <ctime>

/// Seconds that this thread has computed. Unlike the wall clock it stands still while another thread has the core, so
/// a task that burns it cannot hide that somebody took the core away.
inline double thread_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// Computes for `seconds`; returns for how long it did.
inline double burn(double seconds) {
  double const start = thread_seconds();
  double spent = 0;
  while (spent < seconds) spent = thread_seconds() - start;
  return spent;
}
