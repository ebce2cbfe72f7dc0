#!/usr/bin/env bash
# Builds the fuzz targets with clang and runs each for a while.
#
#   tests/fuzz/run.sh [SECONDS] [TARGET...]      (without arguments: 60 seconds for each of all targets)
#
# Prints one line per target at the end; exit code 1 if anything was found. An input that breaks a target is stored in
# build/fuzz/found. After the fault is mended, move the input to tests/data/fuzz/TARGET, under a name that describes the
# fault. Inputs that reach new code stay in build/fuzz/corpus for the next run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

seconds=${1:-60}
[[ $seconds =~ ^[1-9][0-9]*$ ]] || { echo "usage: tests/fuzz/run.sh [SECONDS] [TARGET...]" >&2 && exit 2; }
targets=("${@:2}")
[ ${#targets[@]} -gt 0 ] || targets=(job sweep text npy hdf5)
for target in "${targets[@]}"; do
  [ -f "tests/fuzz/${target}_fuzzer.cpp" ] ||
    { echo "run.sh: there is no target '$target'; there are job, sweep, text, npy and hdf5" >&2 && exit 2; }
done

cmake/install-dependencies.sh build tests plots fuzz
build=build/fuzz
cmake -S . -B $build -DHYPNOS_FUZZ=ON -DHYPNOS_BENCHMARKS=OFF -DCMAKE_BUILD_TYPE=Debug \
  -DCMAKE_C_COMPILER=clang-14 -DCMAKE_CXX_COMPILER=clang++-14 -DCMAKE_CXX_FLAGS_DEBUG="-g -O1 -fno-omit-frame-pointer"
cmake --build $build --parallel "$(nproc)" --target "${targets[@]/#/fuzz_}"

mkdir -p $build/found
memory=$([ -w /dev/shm ] && echo /dev/shm || echo "${TMPDIR:-/tmp}")
TMPDIR=$(mktemp -d "$memory/hypnos-fuzz-XXXXXX")
export TMPDIR
trap 'rm -rf "$TMPDIR"' EXIT

# Inputs of a few hundred bytes contain every rule of the grammars; an allocation of 512 MB for one is a fault.
summary="" broken=0
for target in "${targets[@]}"; do
  echo "fuzzing $target for $seconds seconds"
  mkdir -p "$build/corpus/$target"
  log=$build/$target.log verdict="nothing found"
  "$build/tests/fuzz/fuzz_$target" -max_total_time="$seconds" -max_len=400 -timeout=20 \
    -malloc_limit_mb=512 -print_final_stats=1 -artifact_prefix="$build/found/$target-" \
    "$build/corpus/$target" "tests/data/fuzz/$target" >"$log" 2>&1 || {
    broken=1 verdict="BROKEN, see $log"
    tail -n 40 "$log"
  }
  # `-a`: a log quotes inputs
  number() { grep -a "stat::$1:" "$log" | tail -n 1 | awk '{ print $2 }'; }
  summary+=$(printf '%-6s %9s executions, %6s a second, %5s branches, %s' "$target" "$(number number_of_executed_units)" \
    "$(number average_exec_per_sec)" "$(grep -ao 'cov: [0-9]*' "$log" | tail -n 1 | cut -d' ' -f2)" "$verdict")$'\n'
done
printf '\n%s' "$summary"
exit $broken
