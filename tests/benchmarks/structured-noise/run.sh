#!/bin/sh
# Training with noise in blocks beside the fused loop, on one core: the fastest of many short repetitions.
# usage: tests/benchmarks/structured-noise/run.sh [BUILD]      BUILD: a configured release build, default build/release
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=${1:-$here/../../../build/release}
python=$("$here/../python_with.sh" numpy)
times=$(mktemp)
trap 'rm -f "$times"' EXIT
cmake --build "$build" --target benchmark_noise_training >/dev/null
# Interleaved, all are disturbed equally.
"$build/tests/benchmarks/structured-noise/benchmark_noise_training" --benchmark_repetitions=8 \
  --benchmark_min_time=0.03 --benchmark_enable_random_interleaving=true --benchmark_out="$times" \
  --benchmark_out_format=json >/dev/null 2>&1
"$python" "$here/table.py" "$times"
