#!/bin/sh
# Hebbian unlearning here, in naive C++ and in numpy, side by side, on one core.
# usage: tests/benchmarks/unlearning/run.sh [BUILD]      BUILD: a configured release build, default build/release
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=${1:-$here/../../../build/release}

python=
for candidate in ${PYTHON:-} python3 /usr/bin/python3; do
  if "$candidate" -c 'import numpy' 2>/dev/null; then
    python=$candidate
    break
  fi
done
[ -n "$python" ] || { echo "run.sh: no python3 with numpy; install python3-numpy or set PYTHON" >&2; exit 2; }

COUPLINGS=$(mktemp -d)
export COUPLINGS
trap 'rm -rf "$COUPLINGS"' EXIT
cmake --build "$build" --target benchmark_unlearning
"$build/tests/benchmarks/unlearning/benchmark_unlearning" --benchmark_repetitions=5 --benchmark_min_time=0.1 \
  --benchmark_out="$COUPLINGS/times" --benchmark_out_format=json >/dev/null
OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 "$python" "$here/unlearning.py" "$COUPLINGS/times" "$COUPLINGS"
