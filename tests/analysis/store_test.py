#!/usr/bin/python3
"""The reader and the plots, on small stores in the layout of the program."""

import io
import runpy
import sys
import tempfile
import unittest
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from unittest import mock

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parents[2]
ANALYSIS = ROOT / "analysis"
sys.path[:0] = [str(ANALYSIS), str(Path(__file__).parent)]

import h5py
import numpy as np
import xarray as xr

from example_store import DONE, FAILED, OPEN, write_store
from store import StoreError, mean_and_error, open_store
from style import plt

JOB = """experiment = boltzmann
data = sk
rule = unlearning
N = 4
a = 0.5, 1, 1.5
file =
stop = slope
beta_d = 0.4
"""
PNG = b"\x89PNG\r\n\x1a\n"


def boltzmann_store(path, rules=("unlearning", "l1"), realizations=4, job=JOB, done=None, failures=(), **changed):
    """Random observables with 0, 1 and 2 axes of their own, one NaN among them; all that the figures read."""
    axes = {"rule": list(rules)} if rules else {}
    axes["a"] = np.array([0.5, 1.0, 1.5])
    shape = [len(values) for values in axes.values()] + [realizations]
    coordinates = {"beta": (np.linspace(0.1, 3, 30), "1", "inverse temperature"),
                   "i": (np.arange(4), "1", "neuron"), "j": (np.arange(4), "1", "neuron")}
    noise = np.random.default_rng(1)
    scalars = {"sDKL": "nats", "Cv": "1", "Cv_data": "1", "converged": "1", "log_likelihood": "nats",
               "log_likelihood_test": "nats"}
    observables = {name: ((), units, f"the {name}", noise.random(shape)) for name, units in scalars.items()}
    for name in ("Cv_curve", "Cv_curve_data"):
        observables[name] = (("beta",), "nats", f"the {name}", noise.random((*shape, 30)))
    observables["h"] = (("i",), "1", "fields", noise.normal(size=(*shape, 4)))
    observables["J"] = (("i", "j"), "1", "couplings", noise.normal(size=(*shape, 4, 4)))
    observables["sDKL"][3].flat[0] = np.nan
    observables.update(changed)
    write_store(path, "boltzmann", job, axes, realizations, observables, coordinates, done, failures)
    return observables


def curie_weiss_store(path):
    axes = {"beta_d": np.array([0.5, 1.0]), "a": np.array([0.6, 1.0, 1.4])}
    noise = np.random.default_rng(2)
    observables = {name: ((), "1", name, noise.random((2, 3, 1)))
                   for name in ("J", "c_1", "c_a", "c_d", "a_J_over_beta_d")}
    observables["Cv_curve"] = (("beta",), "1", "specific heat", noise.random((2, 3, 1, 30)))
    write_store(path, "curie-weiss", "experiment = curie-weiss\nN = 20\n", axes, 1, observables,
                {"beta": (np.linspace(0.1, 3, 30), "1", "inverse temperature")})


class Scratch(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.path = self.folder / "x.h5"

    def run_script(self, name, *arguments):
        """Exit code, stdout and stderr of a script, run here since loading matplotlib anew each time is slow."""
        script, out, err = str(ANALYSIS / name), io.StringIO(), io.StringIO()
        with mock.patch.object(sys, "argv", [script, *map(str, arguments)]), redirect_stdout(out), redirect_stderr(err):
            with self.assertRaises(SystemExit) as ended:
                runpy.run_path(script, run_name="__main__")
        plt.close("all")
        return ended.exception.code, out.getvalue(), err.getvalue()


class Reader(Scratch):
    def partly_done(self):
        done = np.full((2, 3, 5), DONE)
        done[0, 1, 2], done[1, 2, 0], done[1, 0] = FAILED, OPEN, OPEN
        done[:, :, 4] = OPEN
        values = boltzmann_store(self.path, realizations=5, done=done, failures=[(7, "no root")])
        return done, values, open_store(self.path)

    def test_labels_units_and_settings_are_those_of_the_file(self):
        boltzmann_store(self.path)
        store = open_store(self.path)
        curve = store["Cv_curve"]
        self.assertEqual(curve.dims, ("rule", "a", "realization", "beta"))
        self.assertEqual(list(curve["rule"].values), ["unlearning", "l1"])
        self.assertEqual((curve.attrs["units"], curve.attrs["long_name"]), ("nats", "the Cv_curve"))
        self.assertEqual(curve["beta"].attrs["long_name"], "inverse temperature")
        self.assertEqual(store.axes, ("rule", "a"))
        self.assertEqual(store.own_axes("J"), ("i", "j"))
        self.assertEqual((store.job["N"], store.job["a"], store.job["file"]), ("4", "0.5, 1, 1.5", ""))
        self.assertEqual((store.experiment, store.attributes["ranks"]), ("boltzmann", 2))
        self.assertNotIn("checksum", store.observables)

    def test_open_and_failed_rows_are_nan_and_the_done_ones_keep_their_values(self):
        done, written, store = self.partly_done()
        read = store["Cv"].values
        kept = done[:, :, :4]
        np.testing.assert_array_equal(read[kept == DONE], written["Cv"][3][:, :, :4][kept == DONE])
        self.assertTrue(np.isnan(read[kept != DONE]).all())
        self.assertEqual((store.tasks, store.done, store.failed), (30, 18, 1))
        self.assertEqual(store.failures, [(7, "no root")])

    def test_a_realization_that_is_done_nowhere_is_dropped_but_no_sweep_point_is(self):
        _, _, store = self.partly_done()
        self.assertEqual(list(store["Cv"]["realization"].values), [0, 1, 2, 3])
        self.assertEqual(store["Cv"].sizes["a"], 3)
        estimate = mean_and_error(store, "Cv")
        self.assertEqual(int(estimate.count[1, 0]), 0)
        self.assertTrue(np.isnan(estimate.mean[1, 0]) and np.isnan(estimate.stderr[1, 0]))

    def test_means_errors_and_counts_are_those_of_the_summary(self):
        _, _, store = self.partly_done()
        summary = xr.open_dataset(self.path, group="summary", engine="h5netcdf")
        for name in ("sDKL", "Cv_curve", "J"):
            for part, values in mean_and_error(store, name)._asdict().items():
                expected = summary[f"{name}_{part}"]
                self.assertEqual(values.dims, expected.dims)
                # two sums of at most five terms of order one, in different order: a few units of 1e-16
                np.testing.assert_allclose(values, expected, rtol=1e-13, atol=1e-15)

    def test_the_error_of_one_realization_is_unknown_not_zero(self):
        boltzmann_store(self.path, realizations=1)
        self.assertTrue(np.isnan(mean_and_error(open_store(self.path), "Cv").stderr).all())

    def test_a_store_without_sweep_is_read(self):
        write_store(self.path, "x", "N = 1\n", {}, 3, {"E": ((), "1", "energy", [1.0, 2.0, 3.0])}, done=[1, 1, 2])
        estimate = mean_and_error(open_store(self.path), "E")
        self.assertEqual((float(estimate.mean), float(estimate.stderr), int(estimate.count)), (1.5, 0.5, 2))

    def test_rows_that_finish_while_a_store_is_open_are_seen_when_it_is_opened_again(self):
        done = np.full((2, 3, 4), DONE)
        done[0, 0, 3] = OPEN
        written = boltzmann_store(self.path, done=done)
        before = open_store(self.path)
        with h5py.File(self.path) as file:
            flag = file["realizations/done"].id.get_offset() + 3  # the fourth of the first sweep point, a byte each
        with open(self.path, "r+b") as job:
            job.seek(flag)
            job.write(bytes([DONE]))
        self.assertTrue(np.isnan(before["Cv"][0, 0, 3]))
        self.assertEqual(open_store(self.path)["Cv"][0, 0, 3], written["Cv"][3][0, 0, 3])

    def test_what_is_not_a_store_gets_one_line_that_says_why(self):
        boltzmann_store(self.path)
        whole = self.path.read_bytes()
        cases = {"missing.h5": (None, "no file"), "text.h5": (b"hello", "not an HDF5 file"),
                 "short.h5": (whole[:len(whole) // 2], "truncated")}
        for name, (content, expected) in cases.items():
            if content is not None:
                (self.folder / name).write_bytes(content)
            self.assert_refused(self.folder / name, expected)
        self.assert_refused(self.folder, "folder")
        with h5py.File(self.folder / "foreign.h5", "w") as file:
            file["x"] = 1
        self.assert_refused(self.folder / "foreign.h5", "not a store")
        with h5py.File(self.path, "r+") as file:
            file.attrs["layout"] = 99
        self.assert_refused(self.path, "layout 99")

    def assert_refused(self, path, expected):
        with self.assertRaises(StoreError) as caught:
            open_store(path)
        self.assertIn(expected, str(caught.exception))
        self.assertIn(str(path), str(caught.exception))
        self.assertNotIn("\n", str(caught.exception))


class Plots(Scratch):
    def assert_drawn(self, name, *arguments):
        picture = self.folder / "out.png"
        picture.unlink(missing_ok=True)
        self.assertEqual(self.run_script(name, *arguments, "-o", picture), (0, f"{picture}\n", ""))
        self.assertEqual(picture.read_bytes()[:8], PNG)

    def assert_refused(self, expected, name, *arguments):
        code, out, err = self.run_script(name, *arguments)
        self.assertEqual((code, out), (2, ""), err)
        self.assertEqual(err.count("\n"), 1, err)
        self.assertIn(expected, err)
        self.assertEqual(list(self.folder.glob("*.png")), [])

    def test_observables_with_no_one_and_two_axes_are_drawn(self):
        boltzmann_store(self.path)
        for observable in ("sDKL", "Cv_curve", "J"):
            self.assert_drawn("plot.py", self.path, observable)

    def test_axes_can_be_chosen_and_held(self):
        boltzmann_store(self.path)
        self.assert_drawn("plot.py", self.path, "Cv", "--x", "rule", "--hue", "a")
        self.assert_drawn("plot.py", self.path, "Cv_curve", "--hue", "a", "--at", "rule=l1", "beta=1")
        self.assert_drawn("plot.py", self.path, "J", "--realization", "2", "--at", "a=1")
        self.assert_drawn("plot.py", self.path, "J", "--x", "a")

    def test_a_store_without_sweep_and_one_that_is_half_done_are_drawn(self):
        write_store(self.path, "x", "N = 1\n", {}, 3, {"E": ((), "1", "energy", [1.0, 2.0, 3.0])})
        self.assert_drawn("plot.py", self.path, "E")
        done = np.full((2, 3, 4), DONE)
        done[1:], done[0, 0, 0] = OPEN, FAILED
        boltzmann_store(self.path, done=done, failures=[(0, "no root")])
        for observable in ("sDKL", "Cv_curve"):
            self.assert_drawn("plot.py", self.path, observable)

    def test_the_figures_are_drawn_from_their_jobs(self):
        for realizations in (1, 4):
            boltzmann_store(self.path, rules=(), realizations=realizations)
            self.assert_drawn("quickstart.py", self.path)
        boltzmann_store(self.path, rules=(), job="data = file\nrule = unlearning\nfile = recording.h5\n")
        self.assert_drawn("learning-and-unlearning/fig4.py", self.path)
        curie_weiss_store(self.path)
        self.assert_drawn("unlearning-regularization/fig2.py", self.path)

    def test_every_job_names_the_script_that_draws_it(self):
        jobs = sorted((ROOT / "jobs").rglob("*.ini"))
        self.assertTrue(jobs)
        for job in jobs:
            with job.open() as lines:
                first = lines.readline()
            script = ANALYSIS / job.relative_to(ROOT / "jobs").with_suffix(".py")
            if not script.is_file():  # one of several jobs of a figure, FIGURE-PART.ini
                script = script.with_stem(script.stem.rpartition("-")[0])
            self.assertIn(str(script.relative_to(ROOT)), first, job)
            self.assertTrue(script.is_file(), script)

    def test_mistakes_get_one_line_and_code_2(self):
        boltzmann_store(self.path)
        self.assert_refused("did you mean 'sDKL'", "plot.py", self.path, "sDLK")
        self.assert_refused("it has rule, a", "plot.py", self.path, "Cv", "--x", "time")
        self.assert_refused("cannot be both", "plot.py", self.path, "Cv", "--x", "a", "--hue", "a")
        self.assert_refused("it has unlearning, l1", "plot.py", self.path, "Cv", "--at", "rule=l3")
        self.assert_refused("not a number", "plot.py", self.path, "Cv", "--at", "a=half")
        self.assert_refused("realization 9", "plot.py", self.path, "J", "--realization", "9")
        self.assert_refused("no file", "plot.py", self.folder / "missing.h5", "Cv")
        self.assert_refused("its ending must be", "plot.py", self.path, "Cv", "-o", self.folder / "x.doc")
        self.assert_refused("cannot write", "plot.py", self.path, "Cv", "-o", self.folder / "nowhere" / "x.png")
        self.assert_refused("needs sweep axes = a", "quickstart.py", self.path)
        self.assert_refused("needs experiment = curie-weiss", "unlearning-regularization/fig2.py", self.path)
        boltzmann_store(self.path, rules=(), job="data = curie-weiss\n")
        self.assert_refused("needs data = file", "learning-and-unlearning/fig4.py", self.path)
        boltzmann_store(self.path, done=np.full((2, 3, 4), OPEN))
        self.assert_refused("no finished rows", "plot.py", self.path, "Cv")


if __name__ == "__main__":
    unittest.main()
