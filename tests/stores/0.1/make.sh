#!/usr/bin/env bash
# Makes the stores of layout 1 in this folder, with what `show`, `status` and `verify` print of them (NAME.txt).
#
#   tests/stores/0.1/make.sh HYPNOS HYPNOS_SILLY
#
# with the programs of version 0.1.0; the tables of `show` were then set as version 0.2 sets them. It documents the
# stores; later programs write another layout, so it must not be run with them.
set -euo pipefail
hypnos=$(realpath "$1") silly=$(realpath "$2")
cd "$(dirname "${BASH_SOURCE[0]}")"
rm -f ./*.h5 ./*.txt

# run PROGRAM NAME CODE key=value... [-- option...]: the store NAME.h5 of a job with these settings
run() {
  local program=$1 name=$2 expected=$3 code=0
  shift 3
  local settings=()
  while [ $# -gt 0 ] && [ "$1" != -- ]; do settings+=("$1") && shift; done
  [ $# -eq 0 ] || shift
  printf '%s\n' "${settings[@]}" >"$name.ini"
  "$program" run "$name.ini" -o "$name.h5" --quiet "$@" >/dev/null || code=$?
  rm "$name.ini"
  [ "$code" = "$expected" ] || { echo "$name: exit code $code" >&2 && exit 1; }
}

# A sweep over a choice and a number of neurons (padded axes), rows that failed: l2 diverges.
run "$hypnos" boltzmann 1 experiment=boltzmann N=3,4 rule=unlearning,l2 gamma=100 lambda=10 stop=steps max_steps=150 \
  realizations=2 betas=0.5,1
# Two parameters that share one axis, a third one with its own.
run "$hypnos" curie-weiss 0 experiment=curie-weiss N=10,20 beta_d=0.5,1.5 together=N,beta_d a=0.5,1 betas=0.5,1,2
# Rows that are open: extended and not gone on with.
for realizations in 0:1,4:5 0:6; do
  case $realizations in 0:6) code=75 more=(--extend --time-limit 0) ;; *) code=0 more=() ;; esac
  run "$hypnos" hebbian-unlearning $code experiment=hebbian-unlearning N=6 alpha=0.2,0.4 realizations=$realizations \
    duration=0.2 records=2 retrieval_points=2 retrieval_trials=1 save_couplings=1 -- "${more[@]}"
done
"$hypnos" reduce hebbian-unlearning.h5 >/dev/null
run "$hypnos" interaction-space 0 experiment=interaction-space N=12 alpha=0.2 k=0.5,1 samples=2 records=2 max_steps=20 \
  realizations=2
run "$hypnos" support-vector-machine 0 experiment=support-vector-machine N=11 alpha=0.2 tolerance=0.001,0.1 \
  realizations=2 retrieval_points=3 retrieval_trials=1
# Neither a sweep nor couplings.
run "$hypnos" symmetric-perceptron 0 experiment=symmetric-perceptron N=10 alpha=0.2 realizations=3 records=2 \
  retrieval_points=0
# An experiment that the catalogue does not have, with gaps in the realizations, of which one failed.
run "$silly" foreign 1 experiment=silly steps=5,10 factor=0.5 size=3 realizations=0:1,4:5 fail=4

for name in boltzmann curie-weiss hebbian-unlearning interaction-space support-vector-machine symmetric-perceptron \
  foreign; do
  case $name in foreign) program=$silly ;; *) program=$hypnos ;; esac
  for words in "show $name.h5" "show $name.h5 --csv" "status $name.h5" "verify $name.h5"; do
    code=0
    echo "\$ hypnos $words"
    # shellcheck disable=SC2086  # words of a command line
    "$program" $words 2>&1 || code=$?
    echo "exit code $code"
  done >"$name.txt"
done

# Stores as older declarations would have made them: these two are edited.
/usr/bin/python3 - <<'END'
import shutil
import zlib

import h5py
import numpy as np

PARTS = ["realizations/{}", "summary/{}_mean", "summary/{}_stderr", "summary/{}_count"]


def names(file):
    return file["realizations/checksum"].attrs["observables"].split()


def set_names(file, observables):
    """Lists the observables, and makes the checksums anew."""
    checksum, done = file["realizations/checksum"], file["realizations/done"]
    checksum.attrs["observables"] = " ".join(observables)
    for place in np.ndindex(done.shape):
        if done[place] == 1:
            row = b"".join(file["realizations"][name][place].tobytes() for name in observables)
            checksum[place] = zlib.crc32(row)


# changed.h5: the experiment had a parameter `softness`, and c_a was called `corr_a`.
shutil.copy("curie-weiss.h5", "changed.h5")
with h5py.File("changed.h5", "r+") as file:
    file.attrs["job"] += "softness = 2\n"
    for part in PARTS:
        file.move(part.format("c_a"), part.format("corr_a"))
    set_names(file, ["corr_a" if name == "c_a" else name for name in names(file)])

# earlier.h5: the experiment had neither the parameter `tolerated_error` nor the observable `q_hebb`; the keys of the job
# stood in another order. The last row is open.
shutil.copy("symmetric-perceptron.h5", "earlier.h5")
with h5py.File("earlier.h5", "r+") as file:
    lines = [line for line in file.attrs["job"].splitlines() if not line.startswith("tolerated_error")]
    file.attrs["job"] = "\n".join(reversed(lines)) + "\n"
    for part in PARTS:
        del file[part.format("q_hebb")]
    realizations = file["realizations"]
    kept = [name for name in names(file) if name != "q_hebb"]
    for name in [*kept, "seconds"]:
        realizations[name][2] = np.nan
    realizations["done"][2], realizations["rank"][2], realizations["checksum"][2] = 0, -1, 0
    set_names(file, kept)
    file["summary/rows"][()] = 0
END
sed 's/curie-weiss[.]h5/changed.h5/; s/\bc_a   /corr_a/; s/c_a_\(mean\|stderr\|count\)/corr_a_\1/g' curie-weiss.txt >changed.txt
