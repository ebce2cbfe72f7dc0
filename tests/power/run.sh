#!/usr/bin/env bash
# Simulates hundreds of losses of power (explained in power_test.py), for some minutes.
#
#   tests/power/run.sh [CASES]      (without an argument: 600 losses of power)
#
# HYPNOS_POWER_SEED=… in the environment repeats the choices of an earlier run, which prints it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

cases=${1:-600}
[[ $cases =~ ^[1-9][0-9]*$ ]] || { echo "usage: tests/power/run.sh [CASES]" >&2 && exit 2; }

cmake/install-dependencies.sh build tests plots
cmake --preset release
cmake --build --preset release --parallel "$(nproc)" --target hypnos hypnos_mock power_recorder
python=$(sed -n 's/^HYPNOS_PYTHON:FILEPATH=//p' build/release/CMakeCache.txt)
build=$PWD/build/release
export HYPNOS=$build/hypnos HYPNOS_MOCK=$build/tests/mock/hypnos_mock
export HYPNOS_RECORDER=$build/tests/power/libpower_recorder.so
cd tests/power
PYTHONPATH=$PWD/../process HYPNOS_POWER_CASES=$cases exec "$python" -B -m unittest -v power_test
