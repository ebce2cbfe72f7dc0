#!/usr/bin/env bash
# Runs unit tests under the address and undefined-behaviour sanitizers.
#
#   tests/sanitize.sh              those of all layers: half an hour on two cores
#   tests/sanitize.sh LAYER...     those of some: tests/sanitize.sh base data
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

layers=("$@")
[ "${#layers[@]}" -gt 0 ] || layers=(base kernels experiment physics hdf5 data experiments runtime cli)

cmake/install-dependencies.sh build tests plots
cmake --preset sanitize -DHYPNOS_TESTS=ON -DHYPNOS_BENCHMARKS=OFF
cmake --build --preset sanitize --parallel "$(nproc)" --target "${layers[@]/#/test_}"
exec ctest --preset sanitize --parallel "$(nproc)" \
  --tests-regex "^($(IFS='|' && echo "${layers[*]}"))/" --exclude-regex 'integers by|processor'
