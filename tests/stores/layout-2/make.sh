#!/usr/bin/env bash
# Makes the store of layout 2 in this folder, with what `show --csv`, `status` and `verify` print of it (NAME.txt). No
# released version has this layout.
#
#   tests/stores/layout-2/make.sh HYPNOS
#
# with the program of revision 50f7965. It documents the store; later programs write another layout, so it must not be
# run with them.
set -euo pipefail
hypnos=$(realpath "$1")
cd "$(dirname "${BASH_SOURCE[0]}")"
rm -f ./*.h5 ./*.txt

# Rows that are done and rows that are open: extended and not gone on with.
printf '%s\n' "experiment = curie-weiss" "N = 10, 20" "beta_d = 0.5, 1.5" "together = N, beta_d" "a = 0.5, 1" \
  "betas = 0.5, 1, 2" >curie-weiss.ini
"$hypnos" run curie-weiss.ini -o curie-weiss.h5 --quiet >/dev/null
code=0
"$hypnos" run curie-weiss.ini realizations=2 -o curie-weiss.h5 --extend --time-limit 0 --quiet >/dev/null || code=$?
[ "$code" = 75 ]
rm curie-weiss.ini
"$hypnos" reduce curie-weiss.h5 >/dev/null

for words in "show curie-weiss.h5 --csv" "status curie-weiss.h5" "verify curie-weiss.h5"; do
  code=0
  echo "\$ hypnos $words"
  # shellcheck disable=SC2086  # words of a command line
  "$hypnos" $words 2>&1 || code=$?
  echo "exit code $code"
done >curie-weiss.txt
