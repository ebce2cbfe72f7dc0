#!/bin/sh
# usage: python_with.sh MODULE      Prints a python3 that has MODULE: $PYTHON, the first on the path, or the system's.
for candidate in ${PYTHON:-} python3 /usr/bin/python3; do
  if "$candidate" -c "import $1" 2>/dev/null; then
    echo "$candidate"
    exit
  fi
done
echo "$0: no python3 with $1; install python3-$1 or set PYTHON" >&2
exit 2
