#!/usr/bin/env bash
# Installs what Hypnos needs and this machine lacks, and nothing else.
#
#   cmake/install-dependencies.sh [build] [tests] [plots] [style] [benchmarks] [fuzz] [mpich] [slurm]
#
# Without arguments: build.
#
# On Debian and Ubuntu by apt, as root or through sudo; a machine that has everything needs neither of them, nor a
# network. Anywhere else it names what is absent. Exit code 0: everything is there.
# shellcheck disable=SC2317  # functions are called by their names in the table
set -euo pipefail

# group | Debian package | how to find it without a package manager | Fedora package
needs="
build | g++                            | command c++                       | gcc-c++
build | cmake                          | command cmake                     | cmake
build | make                           | command make                      | make
build | git                            | command git                       | git
build | openmpi-bin                    | command mpirun                    | openmpi
build | libopenmpi-dev                 | command mpicxx                    | openmpi-devel
build | libhdf5-openmpi-dev            | parallel_hdf5                     | hdf5-openmpi-devel
build | libeigen3-dev                  | header Eigen/Core                 | eigen3-devel
build | libboost-program-options-dev   | header boost/program_options.hpp  | boost-devel
build | libboost-math-dev              | header boost/math/tools/roots.hpp | boost-devel
build | librandom123-dev               | header Random123/philox.h         | Random123-devel
tests | doctest-dev                    | header doctest/doctest.h          | doctest-devel
tests | libbenchmark-dev               | header benchmark/benchmark.h      | google-benchmark-devel
tests | netcdf-bin                     | command ncdump                    | netcdf
tests | zsh                            | command zsh                       | zsh
tests | python3-netcdf4                | module netCDF4                    | python3-netcdf4
tests | python3-pip                    | module pip                        | python3-pip
tests | python3-setuptools             | module setuptools                 | python3-setuptools
tests | python3-wheel                  | module wheel                      | python3-wheel
tests | python3-venv                   | module ensurepip                  | python3
plots | python3-numpy                  | module numpy                      | python3-numpy
plots | python3-h5py                   | module h5py                       | python3-h5py
plots | python3-matplotlib             | module matplotlib                 | python3-matplotlib
plots | python3-xarray                 | module xarray                     | python3-xarray
plots | python3-h5netcdf               | module h5netcdf                   | python3-h5netcdf
style | clang-format-14                | command clang-format-14           | clang-tools-extra
style | clang-tidy-14                  | command clang-tidy-14             | clang-tools-extra
benchmarks | liblinear-dev             | header linear.h                   | liblinear-devel
fuzz  | clang-14                       | command clang++-14                | clang
fuzz  | libclang-rt-14-dev             | fuzzer_library                    | compiler-rt
mpich | mpich                          | command mpirun.mpich              | mpich
mpich | libmpich-dev                   | command mpicxx.mpich              | mpich-devel
mpich | libhdf5-mpich-dev              | command h5pcc.mpich               | hdf5-mpich-devel
slurm | slurmctld                      | command slurmctld                 | slurm-slurmctld
slurm | slurmd                         | command slurmd                    | slurm-slurmd
slurm | slurm-client                   | command sbatch                    | slurm
slurm | munge                          | command munged                    | munge
"

# Where modules, Spack, conda and hand-made installations put headers.
preprocess() {
  local prefix flags=() prefixes=${CMAKE_PREFIX_PATH:-}
  prefixes=${prefixes//[:;]/ }
  for prefix in /usr /usr/local "${CONDA_PREFIX:-}" "${HDF5_ROOT:-}" "${HDF5_DIR:-}" $prefixes; do
    [ -z "$prefix" ] || flags+=(-I"$prefix/include" -I"$prefix/include/eigen3")
  done
  "${CXX:-c++}" -std=c++20 "${flags[@]}" -E -x c++ -
}
header() { echo "#include <$1>" | preprocess >/dev/null 2>&1; }
parallel_hdf5() {
  { command -v h5pcc || { echo '#include <H5pubconf.h>'; echo 'parallel=H5_HAVE_PARALLEL'; } | preprocess |
    grep -x 'parallel=1'; } >/dev/null 2>&1
}
fuzzer_library() {
  echo 'extern "C" int LLVMFuzzerTestOneInput() { return 0; }' |
    clang++-14 -fsanitize=fuzzer -x c++ -o /dev/null - >/dev/null 2>&1
}
module() { "${HYPNOS_PYTHON:-/usr/bin/python3}" -c "import $1" >/dev/null 2>&1; }

# The rows of `needs` in the wanted groups for which the given test fails.
rows_without() {
  local group package probe fedora
  while IFS='|' read -r group package probe fedora; do
    group=${group// /} package=${package// /}
    [[ " $groups " == *" $group "* ]] || continue
    "$1" || echo "$package|$probe|$fedora"
  done <<<"$needs"
}
installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ]; }
present() {
  local words
  read -ra words <<<"$probe"
  case ${words[0]} in
    command) command -v "${words[1]}" >/dev/null ;;
    *) "${words[@]}" ;;
  esac
}

groups=${*:-build}
for group in $groups; do
  case $group in
    build | tests | plots | style | benchmarks | fuzz | mpich | slurm) ;;
    *) echo "install-dependencies: unknown group '$group'; there are build, tests, plots, style, benchmarks, fuzz," \
        "mpich and slurm" >&2 && exit 2 ;;
  esac
done

has() { command -v "$1" >/dev/null; }
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
advice=""
if has dpkg-query && has apt-get; then
  missing=$(rows_without installed)
  [ -n "$missing" ] || exit 0
  mapfile -t packages <<<"$(cut -d'|' -f1 <<<"$missing")"
  install=(install -y --no-install-recommends "${packages[@]}")
  advice="An administrator mends it by:  apt-get update && apt-get ${install[*]}"
  if [ "$(id -u)" = 0 ] || has sudo; then
    echo "installing ${packages[*]}"
    apt_get=(env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=600)
    as_root "${apt_get[@]}" update || echo "apt-get update failed; going on with the package lists at hand" >&2
    if as_root "${apt_get[@]}" "${install[@]}"; then exit 0; fi
  fi
fi

# No apt, or nobody who may use it: what counts is whether the things themselves are there.
missing=$(rows_without present)
[ -n "$missing" ] || exit 0
{
  echo
  echo "Hypnos needs what this machine lacks:"
  while IFS='|' read -r package probe fedora; do
    printf '%-36s Debian, Ubuntu: %-29s Fedora: %s\n' "${probe/parallel_hdf5/parallel HDF5}" "$package" "${fedora// /}"
  done <<<"$missing"
  echo
  [ -z "$advice" ] || printf '%s\n\n' "$advice"
  echo "On a cluster load the modules of a compiler with C++20 (GCC 11 or later), CMake 3.22, Open MPI, and an HDF5 built"
  echo "with this MPI; with Spack: openmpi hdf5+mpi+hl eigen boost+program_options random123 doctest benchmark."
  echo "Where a library has a folder of its own, name it in CMAKE_PREFIX_PATH; another Python in HYPNOS_PYTHON."
} >&2
exit 1
