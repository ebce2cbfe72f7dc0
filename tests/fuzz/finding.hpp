#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>

#include "hypnos/base/error.hpp"

namespace hypnos::fuzz {

/// A condition that must hold for every input. Otherwise ends the program, which a fuzzer counts as a finding.
inline void require(bool holds, std::string const& law) {
  if (holds) return;
  std::fprintf(stderr, "broken: %s\n", law.c_str());
  std::abort();
}

/// Runs `action`, which may refuse its input by BadInput with a message of one line. Any other exception passes and
/// also ends the program. True if the input was accepted.
template <class Action>
bool accepted(Action action) {
  try {
    action();
    return true;
  } catch (BadInput const& error) {
    std::string const message = error.what();
    require(!message.empty(), "a message says something");
    for (unsigned char const c : message) require(c >= ' ' && c != 0x7f, "a message is one line: " + message);
    return false;
  }
}

}  // namespace hypnos::fuzz
