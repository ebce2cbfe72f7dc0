#!/bin/sh
# Efficiency on up to 10,000 ranks: a simulation with the costs below, and its figure,
# tests/benchmarks/simulation/scaling.png.
# usage: tests/benchmarks/simulation.sh [BUILD] [PICTURE]      BUILD: a configured release build, default build/release
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=${1:-$here/../../build/release}
picture=${2:-$here/simulation/scaling.png}

python=$("$here/python_with.sh" "matplotlib, xarray, h5py")

cmake --build "$build" --target simulate_scaling
simulate=$build/tests/benchmarks/simulation/simulate_scaling

# Measured by runtime.sh on two cores of 2.1 GHz, rounded up, in s: an answer of the dispatcher, the interval at which
# an idle dispatcher polls, a message (over a network; faster in shared memory), a rank's own work for a chunk besides
# its tasks. A chunk of an experiment with one observable is five writes. The rate at which a file system performs them
# is assumed.
request=5e-6 pause=5e-4 latency=5e-6 row=2e-5 writes=5
rows=$(mktemp -d)
trap 'rm -rf "$rows"' EXIT
"$simulate" $request $pause $latency $row $writes 0 >"$rows/unlimited"
"$simulate" $request $pause $latency $row $writes 2e-5 >"$rows/50000"
"$simulate" $request $pause $latency $row $writes 1e-4 >"$rows/10000"
PYTHONPATH=$here/../../analysis "$python" "$here/simulation/scaling.py" "$rows" "$picture"
