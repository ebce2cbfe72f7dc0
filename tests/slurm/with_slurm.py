#!/usr/bin/env python3
"""Runs a command with a private Slurm, and ends with its exit code: with_slurm.py COMMAND [WORD ...]

`with_slurm.py bash` is a shell in which sbatch works. Afterwards nothing is left: no daemon, no job, no file in the
temporary folder, where the command finds its own, too.
"""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
PR_SET_CHILD_SUBREAPER = 36
SECONDS_TO_END = 20
# In a container users are root, and mpirun refuses root without these two variables. On a node that reports more cores
# than it has, ranks that are bound to the first ones leave no cores for other jobs.
FOR_MPIRUN = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
              "OMPI_MCA_hwloc_base_binding_policy": "none"}


def bury_orphans():
    """Waits for the daemons, which are children of this process since their parents have ended; in a container no other
    process may do so. Returns whether all have ended."""
    deadline = time.monotonic() + SECONDS_TO_END
    while time.monotonic() < deadline:
        try:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                time.sleep(0.02)
        except ChildProcessError:
            return True
    return False


def main(command):
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("with_slurm: interrupted"))  # by way of `finally`
    folder = tempfile.mkdtemp(prefix="hyp")  # names of sockets have at most 107 characters
    temporary = Path(folder) / "tmp"
    temporary.mkdir()
    try:
        subprocess.run([HERE / "slurm-up.sh", folder], check=True, timeout=60)
        return subprocess.run(command, env={**os.environ, **FOR_MPIRUN, "SLURM_CONF": f"{folder}/slurm.conf",
                                            "TMPDIR": str(temporary)}).returncode
    finally:
        subprocess.run([HERE / "slurm-down.sh", folder], check=True, timeout=120)
        if not bury_orphans():
            sys.exit("with_slurm: processes outlive their Slurm")
        shutil.rmtree(folder)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1:]))
