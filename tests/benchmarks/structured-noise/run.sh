#!/bin/sh
# What structured noise is made of, each beside what a user would write, on one core: training with noise in blocks and
# the fused loop, the heat bath of one network and a naive one, the support vector machine and LIBLINEAR.
# usage: tests/benchmarks/structured-noise/run.sh [BUILD]      BUILD: a configured release build, default build/release
set -eu
here=$(cd "$(dirname "$0")" && pwd)
"$here/../../../cmake/install-dependencies.sh" build tests benchmarks
build=${1:-$here/../../../build/release}
python=$("$here/../python_with.sh" numpy)
programs=$build/tests/benchmarks/structured-noise
times=$(mktemp -d)
trap 'rm -rf "$times"' EXIT
cmake "$build" >/dev/null  # LIBLINEAR may be new
cmake --build "$build" --target benchmark_noise_training benchmark_heat_bath_single benchmark_support_vector_machine \
  >/dev/null
# The fastest of many short repetitions counts: the others were disturbed. Interleaved, all are disturbed equally.
for program in noise_training heat_bath_single; do
  "$programs/benchmark_$program" --benchmark_repetitions=8 --benchmark_min_time=0.03 \
    --benchmark_enable_random_interleaving=true --benchmark_out="$times/$program" --benchmark_out_format=json \
    --benchmark_display_aggregates_only=true | grep '<E>' || true
done
"$python" "$here/table.py" "$times/noise_training" "$times/heat_bath_single"
"$programs/benchmark_support_vector_machine"
