#!/usr/bin/python3
"""hypnos-plot and the figure scripts, on small stores in the layout of the program: pictures, and mistakes."""

import unittest

import numpy as np

from example_store import DONE, FAILED, OPEN, Scratch, boltzmann_store, curie_weiss_store, write_store
from scripts import ANALYSIS, JOBS, PNG, ROOT, run_script


class Plots(Scratch):
    def assert_drawn(self, name, *arguments):
        picture = self.folder / "out.png"
        picture.unlink(missing_ok=True)
        self.assertEqual(run_script(name, *arguments, "-o", picture), (0, f"{picture}\n", ""))
        self.assertEqual(picture.read_bytes()[:8], PNG)

    def assert_refused(self, expected, name, *arguments):
        code, out, err = run_script(name, *arguments)
        self.assertEqual((code, out), (2, ""), err)
        self.assertEqual(err.count("\n"), 1, err)
        self.assertIn(expected, err)
        self.assertEqual(list(self.folder.glob("*.png")), [])

    def test_observables_with_no_one_and_two_axes_are_drawn(self):
        boltzmann_store(self.path)
        for observable in ("sDKL", "Cv_curve", "J"):
            self.assert_drawn("hypnos/plot.py", self.path, observable)

    def test_axes_can_be_chosen_and_held(self):
        boltzmann_store(self.path)
        self.assert_drawn("hypnos/plot.py", self.path, "Cv", "--x", "rule", "--hue", "a")
        self.assert_drawn("hypnos/plot.py", self.path, "Cv_curve", "--hue", "a", "--at", "rule=l1", "beta=1")
        self.assert_drawn("hypnos/plot.py", self.path, "J", "--realization", "2", "--at", "a=1")
        self.assert_drawn("hypnos/plot.py", self.path, "J", "--x", "a")

    def test_a_store_without_sweep_and_one_that_is_half_done_are_drawn(self):
        write_store(self.path, "x", "N = 1\n", {}, 3, {"E": ((), "1", "energy", [1.0, 2.0, 3.0])})
        self.assert_drawn("hypnos/plot.py", self.path, "E")
        done = np.full((2, 3, 4), DONE)
        done[1:], done[0, 0, 0] = OPEN, FAILED
        boltzmann_store(self.path, done=done, failures=[(0, "no root")])
        for observable in ("sDKL", "Cv_curve"):
            self.assert_drawn("hypnos/plot.py", self.path, observable)

    def test_the_figures_are_drawn_from_their_jobs(self):
        for realizations in (1, 4):
            boltzmann_store(self.path, rules=(), realizations=realizations)
            self.assert_drawn("quickstart.py", self.path)
        boltzmann_store(self.path, rules=(), job="data = file\nrule = unlearning\nfile = recording.h5\n")
        self.assert_drawn("learning-and-unlearning/fig4.py", self.path)
        curie_weiss_store(self.path)
        self.assert_drawn("unlearning-regularization/fig2.py", self.path)

    def test_every_job_names_the_script_that_draws_it(self):
        jobs = sorted((JOBS).rglob("*.ini"))
        self.assertTrue(jobs)
        for job in jobs:
            with job.open() as lines:
                first = lines.readline()
            script = ANALYSIS / job.relative_to(JOBS).with_suffix(".py")
            if not script.is_file():  # one of several jobs of a figure, FIGURE-PART.ini
                script = script.with_stem(script.stem.rpartition("-")[0])
            self.assertIn(str(script.relative_to(ROOT)), first, job)
            self.assertTrue(script.is_file(), script)

    def test_mistakes_get_one_line_and_code_2(self):
        boltzmann_store(self.path)
        self.assert_refused("did you mean 'sDKL'", "hypnos/plot.py", self.path, "sDLK")
        self.assert_refused("it has rule, a", "hypnos/plot.py", self.path, "Cv", "--x", "time")
        self.assert_refused("cannot be both", "hypnos/plot.py", self.path, "Cv", "--x", "a", "--hue", "a")
        self.assert_refused("it has unlearning, l1", "hypnos/plot.py", self.path, "Cv", "--at", "rule=l3")
        self.assert_refused("not a number", "hypnos/plot.py", self.path, "Cv", "--at", "a=half")
        self.assert_refused("realization 9", "hypnos/plot.py", self.path, "J", "--realization", "9")
        self.assert_refused("no file", "hypnos/plot.py", self.folder / "missing.h5", "Cv")
        self.assert_refused("its ending must be", "hypnos/plot.py", self.path, "Cv", "-o", self.folder / "x.doc")
        self.assert_refused("cannot write", "hypnos/plot.py", self.path, "Cv", "-o", self.folder / "nowhere" / "x.png")
        self.assert_refused("needs sweep axes = a", "quickstart.py", self.path)
        self.assert_refused("needs experiment = curie-weiss", "unlearning-regularization/fig2.py", self.path)
        boltzmann_store(self.path, rules=(), job="data = curie-weiss\n")
        self.assert_refused("needs data = file", "learning-and-unlearning/fig4.py", self.path)
        boltzmann_store(self.path, done=np.full((2, 3, 4), OPEN))
        self.assert_refused("no finished rows", "hypnos/plot.py", self.path, "Cv")


if __name__ == "__main__":
    unittest.main()
