# A layer is a static library that may use only the layers it names; tests/layers.cmake checks the includes.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)

option(HYPNOS_WERROR "Warnings are errors" OFF)

add_library(hypnos_flags INTERFACE)
target_include_directories(hypnos_flags INTERFACE $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>)
target_compile_features(hypnos_flags INTERFACE cxx_std_20)
# GCC 12 raises false alarms: -Wrestrict on std::string (its bug 105651), -Wmaybe-uninitialized inside its own AVX-512
# intrinsics (bug 105593).
set(warnings -Wall -Wextra -Wpedantic -Wshadow)
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  list(APPEND warnings -Wno-restrict -Wno-maybe-uninitialized)
endif()
if(HYPNOS_WERROR)
  # But for those of which GCC 12 raises false alarms that depend on the instruction set.
  list(APPEND warnings -Werror -Wno-error=uninitialized -Wno-error=maybe-uninitialized -Wno-error=array-bounds
       -Wno-error=stringop-overflow)
endif()
target_compile_options(hypnos_flags INTERFACE "$<BUILD_INTERFACE:${warnings}>")
# Part of the installed package, too: the alignment of Eigen's matrices depends on it.
if(HYPNOS_ARCH)
  target_compile_options(hypnos_flags INTERFACE -march=${HYPNOS_ARCH})
endif()
if(HYPNOS_SANITIZE)
  target_compile_options(hypnos_flags INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=all)
  target_link_options(hypnos_flags INTERFACE -fsanitize=address,undefined)
endif()

# hypnos_layer(NAME SOURCES file... [USES layer...] [LINKS target...])
# USES appear in the layer's headers or sources; LINKS are libraries outside the project.
function(hypnos_layer name)
  cmake_parse_arguments(ARG "" "" "SOURCES;USES;LINKS" ${ARGN})
  add_library(hypnos_${name} STATIC ${ARG_SOURCES})
  add_library(hypnos::${name} ALIAS hypnos_${name})
  list(TRANSFORM ARG_USES PREPEND hypnos::)
  # headers that only this layer needs, by the folder of the layer in which they stand
  target_include_directories(hypnos_${name} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
  target_link_libraries(hypnos_${name} PUBLIC hypnos_flags ${ARG_USES} ${ARG_LINKS})
  set_target_properties(hypnos_${name} PROPERTIES UNITY_BUILD ${HYPNOS_UNITY} UNITY_BUILD_BATCH_SIZE 6)
endfunction()
