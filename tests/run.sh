#!/usr/bin/env bash
# Installs what is missing, builds, and runs every test. Arguments go to ctest: ./tests/run.sh -R store
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

cmake/install-dependencies.sh build tests plots
cmake --preset release -DHYPNOS_TESTS=ON -DHYPNOS_WERROR="${HYPNOS_WERROR:-OFF}" \
  -DHYPNOS_BENCHMARKS="${HYPNOS_BENCHMARKS:-ON}" -DHYPNOS_UNITY="${HYPNOS_UNITY:-OFF}" \
  -DHYPNOS_TEST_LEVELS="${HYPNOS_TEST_LEVELS:-v2;v3}"
cmake --build --preset release --parallel "$(nproc)"
# two more than cores, since tests of processes mostly wait
exec ctest --preset release --parallel $(($(nproc) + 2)) "$@"
