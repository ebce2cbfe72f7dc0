#!/usr/bin/env bash
# Runs the unit tests under the address and undefined-behaviour sanitizers. Arguments go to ctest.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

cmake/install-dependencies.sh build tests plots
cmake --preset sanitize -DHYPNOS_TESTS=ON -DHYPNOS_BENCHMARKS=OFF
targets=(test_base test_kernels test_experiment test_physics test_hdf5 test_data test_experiments test_runtime test_cli)
cmake --build --preset sanitize --parallel "$(nproc)" --target "${targets[@]}"
exec ctest --preset sanitize --parallel "$(nproc)" \
  --tests-regex '^(base|kernels|experiment|physics|hdf5|data|experiments|runtime|cli)/' --exclude-regex 'integers by|processor' "$@"
