#!/usr/bin/env bash
# Builds the program with MPICH instead of Open MPI, and runs the tests of the runtime and of processes with it. Arguments
# go to ctest.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

cmake/install-dependencies.sh build tests plots mpich
cmake -S . -B build/mpich -DCMAKE_BUILD_TYPE=Release -DHYPNOS_TESTS=ON -DHYPNOS_BENCHMARKS=OFF \
  -DMPI_C_COMPILER=mpicc.mpich -DMPI_CXX_COMPILER=mpicxx.mpich -DMPIEXEC_EXECUTABLE="$(command -v mpirun.mpich)" \
  -DHDF5_C_COMPILER_EXECUTABLE="$(command -v h5pcc.mpich)"
cmake --build build/mpich --parallel "$(nproc)" --target hypnos hypnos_mock test_runtime
exec ctest --test-dir build/mpich --output-on-failure --parallel "$(nproc)" --tests-regex '^(runtime|process)/' "$@"
