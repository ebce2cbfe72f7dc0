# The layer test can fail: plants forbidden includes, one at a time, into a copy of the sources and sees each caught
# at its line.   cmake -D SCRATCH=folder -P tests/layers_test.cmake
cmake_minimum_required(VERSION 3.25)

# into the end of a file of this layer | this line
set(plants
  "physics     | #include <mpi.h>"
  "physics     | #include \"mpi.h\""
  "physics     | #  include <hdf5.h>  // only this once"
  "physics     | #include \"hypnos/experiment/experiment.hpp\""
  "physics     | #include \"hypnos/base/../runtime/job.hpp\""
  "physics     | #include HEADER"
  "base        | #include <Eigen/Core>"
  "experiment  | #include \"hypnos/physics/boltzmann/ising.hpp\""
  "experiments | #include \"hypnos/runtime/job.hpp\""
  "experiments | #include \"catalogue.cpp\""
  "experiments | #include \"boltzmann/lesson.hpp\""
  "experiments | #include <mpi.h>"
  "data        | #include <hdf5.h>"
  "runtime     | #include \"hypnos/experiments/catalogue.hpp\""
  "runtime     | #include <hdf5.h>"
  "cli         | #include \"hypnos/physics/boltzmann/ising.hpp\""
)

cmake_path(GET CMAKE_CURRENT_LIST_DIR PARENT_PATH root)
if(NOT SCRATCH)
  message(FATAL_ERROR "usage: cmake -D SCRATCH=folder -P tests/layers_test.cmake")
endif()
file(REMOVE_RECURSE ${SCRATCH})
file(COPY ${root}/src ${root}/include DESTINATION ${SCRATCH})

function(check expected_status expected_words what)
  execute_process(COMMAND ${CMAKE_COMMAND} -D ROOT=${SCRATCH} -P ${root}/tests/layers.cmake
                  RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  string(REGEX REPLACE "[ \n]+" " " output "${output}")  # messages are wrapped, where depends on the length of paths
  string(FIND "${output}" "${expected_words}" place)
  if(NOT status EQUAL expected_status OR place EQUAL -1)
    message(FATAL_ERROR "${what}: expected status ${expected_status} and '${expected_words}', got ${status} and\n${output}")
  endif()
endfunction()

check(0 "follow the arrows" "the sources as they are")

foreach(plant IN LISTS plants)
  string(REGEX MATCH "^([a-z]+) +\\| +(.*)$" _ "${plant}")
  set(layer ${CMAKE_MATCH_1})
  set(line "${CMAKE_MATCH_2}")
  file(GLOB_RECURSE victims RELATIVE ${SCRATCH} ${SCRATCH}/src/${layer}/*.cpp)
  if(NOT victims)
    message(FATAL_ERROR "src/${layer} has no source to plant '${line}' into")
  endif()
  list(GET victims 0 victim)
  file(READ ${SCRATCH}/${victim} sound)
  string(REGEX MATCHALL "\n" ends "${sound}")
  list(LENGTH ends number)
  math(EXPR number "${number} + 1")
  file(APPEND ${SCRATCH}/${victim} "${line}\n")
  string(REGEX REPLACE "^# *include |  //.*" "" word "${line}")
  check(1 "${victim}:${number}: ${layer} may not include ${word}" "'${line}' in ${victim}")
  file(WRITE ${SCRATCH}/${victim} "${sound}")
endforeach()

file(MAKE_DIRECTORY ${SCRATCH}/src/misc)
file(WRITE ${SCRATCH}/src/misc/x.cpp "\n")
check(1 "src/misc/x.cpp:1: 'misc' is no layer" "a folder without a row")
file(REMOVE_RECURSE ${SCRATCH}/src ${SCRATCH}/include)
check(1 "nothing was tested" "an empty tree")

list(LENGTH plants count)
message(STATUS "${count} forbidden includes planted, ${count} caught")
