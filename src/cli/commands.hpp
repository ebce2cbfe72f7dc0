#pragma once

#include <string>
#include <vector>

namespace hypnos::cli {

using Words = std::vector<std::string>;

/// The commands of the program: each takes the words after its name and returns the exit code. A mistake of the
/// user throws BadInput.
int list(Words const& words);
int describe(Words const& words);
int plan(Words const& words);
int run(Words const& words);
int status(Words const& words);
int reduce(Words const& words);
int show(Words const& words);
int replay(Words const& words);
int verify(Words const& words);
int merge(Words const& words);

constexpr int exit_done = 0, exit_failed = 1, exit_bad_input = 2, exit_incomplete = 75;

}  // namespace hypnos::cli
