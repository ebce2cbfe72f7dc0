#!/usr/bin/env bash
# Kills jobs at random moments, 15 times and more a round: ./tests/process/kill_many.sh [rounds]. Seven rounds, the
# default, take some three minutes. HYPNOS and HYPNOS_MOCK name the programs if they are not those of build/release.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

python=${HYPNOS_PYTHON:-/usr/bin/python3}
for ((round = 1; round <= ${1:-7}; ++round)); do
  echo "round $round"
  "$python" -m unittest -v kill_test checkpoint_test.Kills
done
