#!/usr/bin/env bash
# Checks the layout of all sources (clang-format) and finds mistakes in those that changed (clang-tidy).
#
#   tests/style.sh [REVISION]     changed since REVISION; without it, on the way from the main branch, or in the last commit
#   tests/style.sh --all          all sources: half an hour
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

cmake/install-dependencies.sh build style

mapfile -t sources < <(git ls-files 'src/*.cpp' 'src/*.hpp' 'include/*.hpp' 'tests/*.cpp' 'tests/*.hpp')
echo "clang-format: ${#sources[@]} files"
clang-format-14 --dry-run -Werror "${sources[@]}"

since=${1:-}
if [ -z "$since" ]; then
  since=$(git merge-base HEAD origin/main 2>/dev/null || true)
  [ -n "$since" ] && [ "$since" != "$(git rev-parse HEAD)" ] || since=$(git rev-parse --verify --quiet HEAD~1 || true)
fi
if [ "$since" = --all ] || [ -z "$since" ]; then
  mapfile -t changed < <(git ls-files 'src/*.cpp')
else
  mapfile -t changed < <(git diff --name-only --diff-filter=d "$since" -- 'src/*.cpp')
fi
[ "${#changed[@]}" -gt 0 ] || exit 0

# An Eigen source takes half a minute: a large change is checked by --all.
most=${HYPNOS_TIDY_FILES:-4}
if [ "$since" != --all ] && [ "${#changed[@]}" -gt "$most" ]; then
  echo "clang-tidy: the first $most of ${#changed[@]} changed files; tests/style.sh --all checks the rest"
  changed=("${changed[@]:0:$most}")
else
  echo "clang-tidy: ${#changed[@]} files"
fi
[ -f build/release/compile_commands.json ] || cmake --preset release >/dev/null
cmake --build --preset release --target hypnos_revision >/dev/null  # a header that the build makes
printf '%s\0' "${changed[@]}" | xargs -0 -n 1 -P "$(nproc)" clang-tidy-14 -p build/release --quiet --warnings-as-errors='*'
