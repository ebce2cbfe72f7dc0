"""Runs figure scripts in this process, since loading matplotlib anew for each takes a second."""

import io
import runpy
import sys
import warnings
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from unittest import mock

from hypnos.style import plt

ROOT = Path(__file__).resolve().parents[2]
ANALYSIS, JOBS = ROOT / "analysis", ROOT / "jobs"
PNG = b"\x89PNG\r\n\x1a\n"


def figure_scripts():
    """All scripts that draw a figure: those that run the shared command line."""
    scripts = [*ANALYSIS.glob("*.py"), *ANALYSIS.glob("*-*/*.py")]
    return [script for script in sorted(scripts) if "command(__doc__" in script.read_text()]


def run_script(script, *arguments, look=None):
    """Exit code, stdout and stderr of a script below analysis/, for which warnings are errors. look: is called with the
    figure that was drawn."""
    script = ANALYSIS / script
    out, err, code = io.StringIO(), io.StringIO(), None
    with (mock.patch.object(sys, "argv", [str(script), *map(str, arguments)]),
          mock.patch.object(sys, "path", [str(script.parent), *sys.path]), redirect_stdout(out), redirect_stderr(err),
          warnings.catch_warnings()):
        warnings.simplefilter("error")
        try:
            runpy.run_path(str(script), run_name="__main__")
        except SystemExit as ended:
            code = ended.code
        if look and code == 0:
            look(plt.gcf())
    plt.close("all")
    return code, out.getvalue(), err.getvalue()


def names_of(script):
    """The functions and values of a script that is not run."""
    script = ANALYSIS / script
    with mock.patch.object(sys, "path", [str(script.parent), *sys.path]):
        return runpy.run_path(str(script))


def claims_of(script, *stores):
    """{claim: finding} that a script prints with --claims. The picture is not arranged and saved, which analysis/jobs
    tests for every script."""
    with mock.patch("hypnos.command.arrange"), mock.patch("hypnos.command.save"):
        code, out, err = run_script(script, *stores, "--claims")
    assert (code, err) == (0, ""), (code, err)
    rows = [line[2:-2].split(" | ") for line in out.splitlines() if line.startswith("| ")]
    return dict(rows[2:])
