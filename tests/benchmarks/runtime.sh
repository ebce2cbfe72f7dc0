#!/bin/sh
# The cost of the runtime: short tasks against the ideal, the dispatcher, and stores of a million tasks.
# usage: tests/benchmarks/runtime.sh [BUILD] [ROUNDS]
#   BUILD: a configured release build, default build/release; ROUNDS of the first comparison, default 5
# Stores of some hundred MB go to a folder below TMPDIR, which is removed afterwards.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=${1:-$here/../../build/release}

python=$("$here/python_with.sh" h5py)

cmake --build "$build" --target benchmark_busy benchmark_ideal benchmark_dispatcher
"$python" "$here/runtime/measure.py" "$build/tests/benchmarks/runtime" "${2:-5}"
