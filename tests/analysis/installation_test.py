#!/usr/bin/python3
"""The package installs from the checkout without a network, and scripts run from the checkout without it."""

import os
import re
import subprocess
import sys
import unittest

from example_store import Scratch, boltzmann_store, curie_weiss_store
from scripts import ANALYSIS, PNG, ROOT


def run(*words, cwd=None):
    """Without the folder that the tests themselves import from."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    return subprocess.run(list(map(str, words)), capture_output=True, text=True, cwd=cwd, env=environment, timeout=300)


class Installed(Scratch):
    def test_a_fresh_environment_has_the_reader_and_hypnos_plot(self):
        folder = self.folder / "venv"
        made = run(sys.executable, "-m", "venv", "--system-site-packages", folder)
        self.assertEqual(made.returncode, 0, made.stdout + made.stderr)
        # a copy, since setuptools leaves its own files beside pyproject.toml
        copied = run("cp", "-r", ANALYSIS, self.folder / "analysis")
        self.assertEqual(copied.returncode, 0, copied.stderr)
        pip = folder / "bin/python", "-m", "pip", "install", "--no-index", "--no-build-isolation", "--no-deps"
        installed = run(*pip, "./analysis", cwd=self.folder)
        self.assertEqual(installed.returncode, 0, installed.stdout + installed.stderr)
        boltzmann_store(self.path)
        code = ("import sys, hypnos; data = hypnos.open('x.h5'); print(hypnos.__file__); print(data.hypnos.axes); "
                "import xarray; print(xarray.open_dataset('x.h5', engine='hypnos').sizes['a']); "
                "print([name for name in ('matplotlib', 'h5netcdf') if name in sys.modules])")
        read = run(folder / "bin/python", "-c", code, cwd=self.folder)
        where, *rest = read.stdout.splitlines() or [read.stderr]
        self.assertTrue(where.startswith(str(folder)), where)
        self.assertEqual(rest[:2], ["('rule', 'a')", "3"], read.stderr)
        drawn = run(folder / "bin/hypnos-plot", self.path, "Cv_curve")
        self.assertEqual((drawn.returncode, drawn.stderr), (0, ""))
        self.assertEqual(drawn.stdout, f"{self.folder / 'x.Cv_curve.png'}\n")
        self.assertEqual((self.folder / "x.Cv_curve.png").read_bytes()[:8], PNG)
        mistake = run(folder / "bin/hypnos-plot", self.path, "Cv_cruve")
        self.assertEqual((mistake.returncode, mistake.stdout, mistake.stderr.count("\n")), (2, "", 1))
        self.assertIn("did you mean 'Cv_curve'", mistake.stderr)

    def test_program_and_package_have_one_version(self):
        versions = [re.search(pattern, (ROOT / name).read_text())[1] for name, pattern in (
            ("CMakeLists.txt", r"project\(\w+\s+VERSION (\S+)"), ("analysis/pyproject.toml", r'version = "(\S+)"'))]
        self.assertEqual(versions[0], versions[1])

    def test_the_reader_imports_no_matplotlib_and_no_h5netcdf(self):
        boltzmann_store(self.path)
        code = ("import sys, hypnos; hypnos.open(sys.argv[1]).Cv.hypnos.mean().values; "
                "print([name for name in ('matplotlib', 'h5netcdf') if name in sys.modules])")
        read = run(sys.executable, "-c", code, self.path, cwd=ANALYSIS)
        self.assertEqual((read.stdout, read.stderr), ("[]\n", ""))

    def test_scripts_run_from_the_checkout_without_an_installation(self):
        boltzmann_store(self.path, rules=())
        drawn = run(sys.executable, ANALYSIS / "quickstart.py", self.path, cwd=self.folder)
        self.assertEqual((drawn.returncode, drawn.stderr), (0, ""))
        curie_weiss_store(self.path)
        drawn = run(sys.executable, "analysis/unlearning-regularization/fig2.py", self.path, cwd=ROOT)
        self.assertEqual((drawn.returncode, drawn.stderr), (0, ""))
        for folder in ("learning-and-unlearning", "perceptron-vs-unlearning", "unlearning-regularization"):
            self.assertTrue((ANALYSIS / folder / "hypnos").samefile(ANALYSIS / "hypnos"))

    def test_a_missing_package_is_named_with_its_remedy(self):
        # -S: without the packages of the system
        ran = run(sys.executable, "-S", "-c", "import hypnos", cwd=ANALYSIS)
        self.assertEqual(ran.returncode, 1)
        self.assertIn("pip install ./analysis", ran.stderr.splitlines()[-1])


if __name__ == "__main__":
    unittest.main()
