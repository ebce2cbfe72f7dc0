#!/bin/sh
# Exact moments in C++ and in numpy, side by side, on one core, in comparison with the limit of the machine.
# usage: tests/benchmarks/run.sh [BUILD]      BUILD: a configured release build, default build/release
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=${1:-$here/../../build/release}

python=$("$here/python_with.sh" numpy)

times=$(mktemp -d)
trap 'rm -rf "$times"' EXIT
cmake --build "$build" --target benchmark_exact_moments
# The fastest of many short repetitions counts: the others were disturbed. Interleaved, all are disturbed equally.
measure() {
  program=$1
  out=$2
  shift 2
  "$build/tests/benchmarks/$program" --benchmark_repetitions=20 --benchmark_min_time=0.02 --benchmark_enable_random_interleaving=true \
    --benchmark_out="$times/$out" --benchmark_out_format=json "$@" >/dev/null 2>&1
}
measure benchmark_exact_moments native --benchmark_filter=-many_spins
set -- "$times/native"
# Only on an x86-64 machine that has the instructions.
for level in v2:sse4_2 v3:avx2; do
  program=benchmark_exact_moments_${level%:*}
  grep -qw "${level#*:}" /proc/cpuinfo 2>/dev/null || continue
  cmake --build "$build" --target "$program"
  measure "$program" "x86-64-${level%:*}" --benchmark_filter='multiply_adds|matrix_product|^moments/2'
  set -- "$@" "$times/x86-64-${level%:*}"
done
OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 "$python" "$here/exact_moments_numpy.py" "$@"
