#!/bin/sh
# Unlearning, the symmetric perceptron and retrieval, each with its reference (naive C++, numpy, the matrix product and
# memory pass that an iteration needs, trajectories one by one), on one core.
# usage: tests/benchmarks/perceptron-vs-unlearning/run.sh [BUILD]      BUILD: a configured release build, default build/release
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=${1:-$here/../../../build/release}
python=$("$here/../python_with.sh" numpy)
program=benchmark_perceptron_vs_unlearning

COUPLINGS=$(mktemp -d)
export COUPLINGS
trap 'rm -rf "$COUPLINGS"' EXIT
# The fastest of many short repetitions counts: the others were disturbed. Interleaved, all are disturbed equally.
measure() {
  cmake --build "$build" --target "$1" >/dev/null
  "$build/tests/benchmarks/perceptron-vs-unlearning/$1" --benchmark_repetitions="$3" --benchmark_min_time=0.03 \
    --benchmark_enable_random_interleaving=true --benchmark_filter="$4" --benchmark_out="$COUPLINGS/times-$2" \
    --benchmark_out_format=json >/dev/null 2>&1
}
measure $program native 6 .
set -- native
# Only on an x86-64 machine that has the instructions.
for level in v2:sse4_2 v3:avx2; do
  grep -qw "${level#*:}" /proc/cpuinfo 2>/dev/null || continue
  measure "${program}_${level%:*}" "x86-64-${level%:*}" 5 '^dream|^iteration|^together'
  set -- "$@" "x86-64-${level%:*}"
done
OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 "$python" "$here/table.py" "$COUPLINGS" "$@"
