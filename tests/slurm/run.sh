#!/usr/bin/env bash
# Tests the job scripts of jobs/slurm with a private Slurm, in about four minutes: installs what is missing, builds,
# starts that Slurm, runs the tests, ends it. Arguments go to unittest: tests/slurm/run.sh -k usr1
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

cmake/install-dependencies.sh build tests plots slurm
cmake --preset release -DHYPNOS_TESTS=ON
cmake --build --preset release --parallel "$(nproc)" --target hypnos hypnos_mock

python=${HYPNOS_PYTHON:-/usr/bin/python3}
cd tests/slurm
export PYTHONPATH=$PWD/../process PYTHONDONTWRITEBYTECODE=1
exec timeout --kill-after=150 600 "$python" with_slurm.py "$python" slurm_test.py -v "$@"
