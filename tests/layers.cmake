# The layer test: which #include may stand where. Run by ctest, or by hand: cmake -P tests/layers.cmake
cmake_minimum_required(VERSION 3.25)

# layer     | may include these layers and itself              | and from outside
set(arrows "
base        |                                                  | std Random123
kernels     |                                                  | std simd
physics     | base kernels                                     | std Eigen Boost.Math
experiment  | base                                             | std Eigen
hdf5        | base                                             | std posix hdf5.h mpi.h
data        | base hdf5                                        | std posix
experiments | base data physics experiment                     | std Eigen
runtime     | base hdf5 experiment                             | std posix mpi.h Boost.ProgramOptions Boost.CRC Eigen revision
cli         | base hdf5 experiment data runtime experiments    | std posix mpi.h Boost.ProgramOptions revision
")
# Experiments include of their own layer the list of them all and the parts, never one another.
set(own_experiments "hypnos/experiments/(catalogue\\.hpp|parts/.+)")

# What the names from outside stand for.
set(std "[a-z0-9_]+")
set(posix "(unistd|fcntl|signal|poll|sys/[a-z]+)\\.h")
set(simd "experimental/simd|immintrin\\.h")
set(Random123 "Random123/.+")
set(Eigen "Eigen/.+")
set(Boost.Math "boost/math/.+")
set(Boost.ProgramOptions "boost/program_options(/.+|\\.hpp)")
set(Boost.CRC "boost/crc\\.hpp")
set(hdf5.h "(hdf5|hdf5_hl|H5[A-Za-z]+)\\.h")
set(mpi.h "mpi\\.h")
set(revision "(revision|processor_features)\\.hpp")  # made by the build

# The row of a layer as a regular expression for the included path, and in words; empty if it has no row.
function(read_row layer regex words)
  if(NOT arrows MATCHES "\n${layer} +\\| *([^|]*)\\| *([^\n]*)")
    set(${regex} "" PARENT_SCOPE)
    return()
  endif()
  set(outside "${CMAKE_MATCH_2}")
  string(REGEX REPLACE " +" ";" layers "${CMAKE_MATCH_1}")
  string(REGEX REPLACE " +" ";" outside "${outside}")

  set(patterns "hypnos/${layer}/.+")
  if(DEFINED own_${layer})
    set(patterns "${own_${layer}}")
  endif()
  foreach(other IN LISTS layers)
    list(APPEND patterns "hypnos/${other}/.+")
  endforeach()
  foreach(name IN LISTS outside)
    list(APPEND patterns "${${name}}")
  endforeach()
  list(FILTER patterns EXCLUDE REGEX "^$")
  list(JOIN patterns "|" patterns)
  list(JOIN layers " " layers)
  list(JOIN outside " " outside)
  set(${regex} "^(${patterns})$" PARENT_SCOPE)
  set(${words} "${layers}${outside}" PARENT_SCOPE)
endfunction()

if(NOT ROOT)  # another tree: cmake -D ROOT=... -P tests/layers.cmake
  cmake_path(GET CMAKE_CURRENT_LIST_DIR PARENT_PATH ROOT)
endif()
file(GLOB_RECURSE files LIST_DIRECTORIES false RELATIVE ${ROOT} ${ROOT}/src/* ${ROOT}/include/*)
list(FILTER files EXCLUDE REGEX "CMakeLists\\.txt$")
set(broken "")
set(count 0)

foreach(file IN LISTS files)
  if(NOT file MATCHES "^(src|include/hypnos)/([^/]+)/")
    string(APPEND broken "${file}:1: stands in no layer; sources belong in src/LAYER or include/hypnos/LAYER\n")
    continue()
  endif()
  set(layer ${CMAKE_MATCH_2})
  read_row(${layer} allowed words)
  if(NOT allowed)
    string(APPEND broken "${file}:1: '${layer}' is no layer; give it a row in tests/layers.cmake\n")
    continue()
  endif()
  cmake_path(GET file PARENT_PATH folder)

  file(READ ${ROOT}/${file} text)
  string(REGEX REPLACE "[][;\\]" " " text "${text}")  # they mean something in a list, but nothing in an #include
  string(REPLACE "\n" ";" lines "${text}")
  set(number 0)
  foreach(line IN LISTS lines)
    math(EXPR number "${number} + 1")
    if(NOT line MATCHES "^[ \t]*#[ \t]*(include|import)[a-z_]*[ \t]*(.*)")
      continue()
    endif()
    math(EXPR count "${count} + 1")
    string(STRIP "${CMAKE_MATCH_2}" what)
    set(path "")
    if(NOT what MATCHES "\\.\\." AND what MATCHES "^[<\"]([^>\"]+)[>\"]")
      set(what "${CMAKE_MATCH_0}")
      set(path "${CMAKE_MATCH_1}")
      if(what MATCHES "^\"" AND EXISTS "${ROOT}/${folder}/${path}")  # a header beside the file that includes it
        if(folder MATCHES "^src/[^/]+/" AND NOT path MATCHES "/")
          continue()  # both are parts of what the folder holds
        endif()
        set(path "hypnos/${layer}/${path}")
      elseif(what MATCHES "^\"" AND folder MATCHES "^src/" AND EXISTS "${ROOT}/src/${layer}/${path}")
        set(path "hypnos/${layer}/${path}")  # a private header in another folder of the layer
      endif()
    endif()
    if(NOT path MATCHES "${allowed}")
      string(APPEND broken "${file}:${number}: ${layer} may not include ${what}; it may include: ${words}\n")
    endif()
  endforeach()
endforeach()

if(broken)
  message(NOTICE "${broken}")
  message(FATAL_ERROR "An #include goes against the arrows.")
elseif(count EQUAL 0)
  message(FATAL_ERROR "No #include below ${ROOT}/src and ${ROOT}/include: nothing was tested.")
endif()
list(LENGTH files length)
message(STATUS "${count} includes in ${length} files follow the arrows")
