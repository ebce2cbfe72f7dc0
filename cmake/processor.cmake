# hypnos_processor_check(TARGET ARCH): a program that was built for instructions which its processor lacks says so and
# ends, instead of dying of an illegal instruction. The compiler may use any instruction of ARCH anywhere, so all that it
# enables are checked, before anything else of the program runs and by code that needs none of them.

# what the compiler defines | what __builtin_cpu_supports calls it
set(HYPNOS_PROCESSOR_FEATURES
  SSE2:sse2 SSE3:sse3 SSSE3:ssse3 SSE4_1:sse4.1 SSE4_2:sse4.2 POPCNT:popcnt AVX:avx AVX2:avx2 FMA:fma BMI:bmi BMI2:bmi2
  AES:aes
  PCLMUL:pclmul GFNI:gfni VPCLMULQDQ:vpclmulqdq AVX512F:avx512f AVX512BW:avx512bw AVX512CD:avx512cd AVX512DQ:avx512dq
  AVX512VL:avx512vl AVX512IFMA:avx512ifma AVX512VBMI:avx512vbmi AVX512VBMI2:avx512vbmi2 AVX512VNNI:avx512vnni
  AVX512BITALG:avx512bitalg AVX512VPOPCNTDQ:avx512vpopcntdq AVX512BF16:avx512bf16 AVX512VP2INTERSECT:avx512vp2intersect
  AVX512ER:avx512er AVX512PF:avx512pf)

function(hypnos_processor_check target arch)
  if(NOT CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
    return()
  endif()
  set(flags ${CMAKE_CXX_FLAGS})
  separate_arguments(flags)
  if(arch)
    list(APPEND flags -march=${arch})
  endif()
  execute_process(COMMAND ${CMAKE_CXX_COMPILER} ${flags} -dM -E -x c++ /dev/null OUTPUT_VARIABLE defined)
  set(checks "")
  foreach(feature IN LISTS HYPNOS_PROCESSOR_FEATURES)
    string(REPLACE ":" ";" feature "${feature}")
    list(GET feature 0 macro)
    list(GET feature 1 name)
    if(defined MATCHES "#define __${macro}__ ")
      string(APPEND checks "  HYPNOS_NEEDS(\"${name}\")\n")
    endif()
  endforeach()
  set(header ${CMAKE_CURRENT_BINARY_DIR}/${target}_processor/processor_features.hpp)
  file(CONFIGURE OUTPUT ${header} CONTENT "${checks}" @ONLY)

  add_library(${target}_processor OBJECT ${PROJECT_SOURCE_DIR}/src/cli/processor.cpp)
  target_include_directories(${target}_processor PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/${target}_processor)
  target_compile_options(${target}_processor PRIVATE -march=x86-64)
  target_sources(${target} PRIVATE $<TARGET_OBJECTS:${target}_processor>)
endfunction()
