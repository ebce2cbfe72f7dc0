#!/bin/sh
# What the runtime costs: short tasks against the ideal, the desk, and stores of a million tasks.
# usage: tests/benchmarks/runtime.sh [BUILD] [ROUNDS]
#   BUILD: a configured release build, default build/release; ROUNDS of the first comparison, default 5
# Stores of some hundred MB go to a folder below TMPDIR, which is removed afterwards.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=${1:-$here/../../build/release}

python=
for candidate in ${PYTHON:-} python3 /usr/bin/python3; do
  if "$candidate" -c 'import h5py' 2>/dev/null; then
    python=$candidate
    break
  fi
done
[ -n "$python" ] || { echo "runtime.sh: no python3 with h5py; install python3-h5py or set PYTHON" >&2; exit 2; }

cmake --build "$build" --target benchmark_busy benchmark_ideal benchmark_desk
"$python" "$here/runtime/measure.py" "$build/tests/benchmarks/runtime" "${2:-5}"
