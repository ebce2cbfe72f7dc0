#!/bin/sh
# Exact moments in C++ and in numpy, side by side, on one core.
# usage: tests/benchmarks/run.sh [BUILD]      BUILD: a configured release build, default build/release
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=${1:-$here/../../build/release}

python=
for candidate in ${PYTHON:-} python3 /usr/bin/python3; do
  if "$candidate" -c 'import numpy' 2>/dev/null; then
    python=$candidate
    break
  fi
done
[ -n "$python" ] || { echo "run.sh: no python3 with numpy; install python3-numpy or set PYTHON" >&2; exit 2; }

times=$(mktemp)
trap 'rm -f "$times"' EXIT
cmake --build "$build" --target benchmark_exact_moments
"$build/tests/benchmarks/benchmark_exact_moments" --benchmark_repetitions=5 --benchmark_min_time=0.1 \
  --benchmark_out="$times" --benchmark_out_format=json >/dev/null
OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 "$python" "$here/exact_moments_numpy.py" "$times"
