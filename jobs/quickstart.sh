#!/usr/bin/env bash
# Installs what is missing, builds Hypnos, runs jobs/quickstart.ini on all cores and draws its picture.
# Run again, it goes on where it was stopped, or only draws anew.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

cmake/install-dependencies.sh build tests plots
cmake --preset release
cmake --build --preset release --parallel "$(nproc)" --target hypnos

# Laptops and containers count cores in ways of their own, and people in containers are root.
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1

mkdir -p results
mpirun -n "$(nproc)" --bind-to none build/release/hypnos run jobs/quickstart.ini -o results/quickstart.h5
"${HYPNOS_PYTHON:-/usr/bin/python3}" analysis/quickstart.py results/quickstart.h5

echo
echo "results: $PWD/results/quickstart.h5"
echo "picture: $PWD/results/quickstart.png"
