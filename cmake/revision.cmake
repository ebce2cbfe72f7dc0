# Writes OUTPUT (revision.hpp) from VERSION, COMPILER, FLAGS and the git revision of SOURCE_DIR.
execute_process(COMMAND git describe --always --dirty --abbrev=12 WORKING_DIRECTORY ${SOURCE_DIR}
                OUTPUT_VARIABLE revision OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
if(failed)
  set(revision "unknown")
endif()
string(STRIP "${FLAGS}" FLAGS)
file(CONFIGURE OUTPUT ${OUTPUT} CONTENT [=[
#pragma once

namespace hypnos::build {

inline constexpr char const* version = "@VERSION@";
inline constexpr char const* revision = "@revision@";
inline constexpr char const* compiler = "@COMPILER@";
inline constexpr char const* flags = "@FLAGS@";

}  // namespace hypnos::build
]=] @ONLY)
