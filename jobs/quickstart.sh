#!/usr/bin/env bash
# Installs what is missing, builds Hypnos, runs jobs/quickstart.ini on all cores and draws its picture.
# A further call continues a job that was stopped, or only draws the picture again.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

cmake/install-dependencies.sh build tests plots
cmake --preset release
cmake --build --preset release --parallel "$(nproc)" --target hypnos

# mpirun may count fewer cores than nproc, and users of containers are root.
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1

mkdir -p results
mpirun -n "$(nproc)" --bind-to none build/release/hypnos run jobs/quickstart.ini -o results/quickstart.h5
"${HYPNOS_PYTHON:-/usr/bin/python3}" analysis/quickstart.py results/quickstart.h5

echo
echo "results: $PWD/results/quickstart.h5"
echo "picture: $PWD/results/quickstart.png"
