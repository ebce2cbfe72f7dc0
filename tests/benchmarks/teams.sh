#!/bin/sh
# Enumeration beyond one core: teams of two ranks against one at N = 30, then N = 36 and N = 40 on one core.
# usage: tests/benchmarks/teams.sh [BUILD] [ROUNDS]
#   BUILD: a configured release build, default build/release; ROUNDS of the comparison, default 5
# Needs two free cores. The times are those of the task in the store, without start-up.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "${1:-$here/../../build/release}" && pwd)
rounds=${2:-5}

python=$("$here/python_with.sh" h5py)

cmake --build "$build" --target hypnos benchmark_exact_moments
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >job.ini <<'JOB'
experiment = boltzmann
N = 30
a = 1
stop = steps
max_steps = 20
betas = 1
JOB

export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
for round in $(seq "$rounds"); do
  for ranks in 1 2; do
    mpirun --bind-to none -n $ranks "$build/hypnos" run job.ini --ranks-per-task $ranks -o "$ranks-$round.h5" >log 2>&1 ||
      { cat log >&2; exit 1; }
  done
done
"$python" - "$rounds" <<'REPORT'
import statistics
import sys

import h5py

def seconds(ranks, round):
    with h5py.File(f"{ranks}-{round}.h5") as file:
        return float(file["realizations/seconds"][()].sum())

rounds = range(1, int(sys.argv[1]) + 1)
times = {ranks: [seconds(ranks, round) for round in rounds] for ranks in (1, 2)}
speedups = [one / two for one, two in zip(times[1], times[2])]
print(f"N = 30, one task: {min(times[1]):.2f} s on one rank, {min(times[2]):.2f} s on two at best; "
      f"{min(times[1]) / min(times[2]):.2f} times as fast; round by round median {statistics.median(speedups):.2f}, "
      f"{min(speedups):.2f} to {max(speedups):.2f}")
REPORT
"$build/tests/benchmarks/benchmark_exact_moments" --benchmark_filter=many_spins 2>/dev/null
