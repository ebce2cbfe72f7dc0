#!/usr/bin/env bash
# Ends a Slurm that slurm-up.sh started in FOLDER, with all its jobs, and nothing else. The folder stays.
#
#   tests/slurm/slurm-down.sh FOLDER
set -euo pipefail
folder=$(cd "${1:?usage: slurm-down.sh FOLDER}" && pwd)
export SLURM_CONF=$folder/slurm.conf
# Its daemons, and those that supervise jobs, are the processes with an open log in the folder.
daemons() { find /proc/[0-9]*/fd -lname "$folder/log/*.log" 2>/dev/null | cut -d/ -f3 | sort -u; }
if [ -z "$(daemons)" ]; then exit 0; fi

soon() { timeout 5 "$@" 2>/dev/null || true; }  # if the controller has ended, commands wait long for its answer
soon scancel --user="$(id -un)"
for _ in $(seq 100); do
  if [ -z "$(soon squeue --noheader)" ]; then break; fi
  sleep 0.1
done

for signal in TERM KILL; do
  # shellcheck disable=SC2046  # one word per process
  kill -"$signal" $(daemons) 2>/dev/null || true
  for _ in $(seq 100); do
    if [ -z "$(daemons)" ]; then exit 0; fi
    sleep 0.1
  done
done
echo "slurm-down: processes do not end: $(daemons | xargs)" >&2
exit 1
