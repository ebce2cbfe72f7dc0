#!/usr/bin/python3
"""Every job of the project is planned, run at a small size with the program, and drawn by its script for screen and
paper."""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import h5py
import numpy as np

from appearance import faults
from scripts import ANALYSIS, JOBS, PNG, ROOT, figure_scripts, run_script

HYPNOS = Path(os.environ.get("HYPNOS", ROOT / "build/release/hypnos")).resolve()
if not HYPNOS.is_file():
    sys.exit(f"there is no program {HYPNOS}; build it, or name it in the environment variable HYPNOS")
# What makes a job small enough for a test.
SMALL = ["realizations=4"]
FEWER = {"quickstart": ["N=12"],
         "unlearning-regularization/fig3": ["N=12"],
         "unlearning-regularization/fig4": ["N=12", "max_steps=3000", "records=31"],
         "unlearning-regularization/fig5-6": ["N=12"],
         "unlearning-regularization/fig7": ["N=12", "lambda=0.01", "max_steps=3000"],
         "unlearning-regularization/fig9": ["N=12"],
         "unlearning-regularization/fig10": ["N=12"],
         "unlearning-regularization/fig11": ["N=12", "start=0:2:1"],
         "unlearning-regularization/fig8": ["mc_sweeps=2000", "chains=64"],
         "unlearning-regularization/early-stopping": ["N=8", "max_steps=500", "records=251"],
         "unlearning-regularization/other-data": ["N=5,6"],
         "unlearning-regularization/sampled": ["chains=16", "max_steps=20", "records=5", "mc_sweeps=60"],
         "perceptron-vs-unlearning/fig1": ["N=20,40", "max_steps=100"],
         "perceptron-vs-unlearning/fig2": ["N=40", "max_steps=100", "records=50"],
         "perceptron-vs-unlearning/fig3": ["N=60"],
         "perceptron-vs-unlearning/fig4-perceptron": ["N=40", "max_steps=100", "retrieval_points=9"],
         "perceptron-vs-unlearning/fig4-unlearning": ["N=40", "records=20", "retrieval_points=9"],
         "perceptron-vs-unlearning/fig5-perceptron": ["N=20,40,60", "max_steps=100", "retrieval_points=9"],
         "perceptron-vs-unlearning/fig5-unlearning": ["N=20,40,60", "records=20", "retrieval_points=9"],
         "perceptron-vs-unlearning/fig6-alpha": ["N=40"],
         "perceptron-vs-unlearning/fig6-k": ["N=20,40"],
         "perceptron-vs-unlearning/fig7-8": ["N=40", "max_steps=300", "samples=2", "records=5"],
         "perceptron-vs-unlearning/fig9": ["N=20,40", "glassy_states=10", "records=20"],
         "perceptron-vs-unlearning/learning-rate": ["N=40", "max_steps=300", "retrieval_points=9"],
         "perceptron-vs-unlearning/scaling": ["N=20,40,60"],
         "perceptron-vs-unlearning/scaling-epsilon": ["N=20,40"],
         "learning-and-unlearning/fig2": ["N=60", "dreams=100", "resolution=10"],
         "learning-and-unlearning/fig2-classification": ["N=20", "P=4", "resolution=10"],
         "learning-and-unlearning/fig3": ["N=12"],
         "learning-and-unlearning/fig1-unlearning": ["retrieval_points=11"],
         "learning-and-unlearning/fig1-svm": ["retrieval_points=11"],
         "learning-and-unlearning/classification-capacity": ["N=10,12,14", "max_steps=300"],
         "learning-and-unlearning/classification-basins": ["N=10,12,14", "max_steps=1000"],
         "learning-and-unlearning/classification-sampled": ["N=12,14", "max_steps=200"],
         "learning-and-unlearning/retrieval-classification": ["N=16", "retrieval_points=11"],
         "learning-and-unlearning/retrieval-svm": ["N=16", "retrieval_points=11"],
         "learning-and-unlearning/retrieval-unlearning": ["N=16", "retrieval_points=11"],
         "learning-and-unlearning/minima-sk": ["N=10,14,18"],
         "learning-and-unlearning/minima-hebb": ["N=12,16"],
         "learning-and-unlearning/minima-unlearning": ["N=16"],
         "regularized-axons/fig1-std": ["V=8", "H=40", "std=0.01,0.1,1,10"],
         "regularized-axons/fig1-inset": ["V=4,6,8", "H=40"],
         "structured-noise/fig1": ["N=40", "steps=3000"],
         "structured-noise/fig2-noise": ["N=20,30,40", "alpha=0.2,0.5", "m_t=0.1,0.5,0.9", "steps=3000"],
         "structured-noise/fig2-svm": ["N=20,30,40", "alpha=0.2,0.5"],
         "structured-noise/fig3": ["N=40,60,80"],
         "structured-noise/fig4-8": ["N=60"],
         "structured-noise/fig5": ["N=40", "steps=2000"],
         "structured-noise/fig6": ["N=40", "steps=2000"],
         "structured-noise/fig7": ["N=40", "steps=3000"],
         "structured-noise/fig9-noise": ["N=40", "steps=3000", "retrieval_points=11"],
         "structured-noise/fig9-svm": ["N=40", "retrieval_points=11"],
         "structured-noise/fig10-noise": ["N=20", "lambda=0.01", "steps=2000", "retrieval_points=11"],
         "structured-noise/fig10-svm": ["N=20", "retrieval_points=11"],
         "structured-noise/mean-field": ["N=20,40,60", "retrieval_points=11"]}
RECORDING = ["realizations=4", "neurons=5"]

# Every picture at both widths, and of stores without values. Otherwise one of each script.
ALL_PICTURES = bool(os.environ.get("HYPNOS_ALL_PICTURES"))


def recording(path):
    """Correlated neurons, 0/1, in 300 repeats of 20 bins: made here, since recordings are not part of the project."""
    noise = np.random.default_rng(1)
    common = noise.normal(size=(6000, 1))
    with h5py.File(path, "w") as file:
        file["samples"] = (noise.normal(size=(6000, 6)) + common > 1.5).astype(np.uint8)
        file["repeat"] = np.repeat(np.arange(300), 20)


def reads_a_recording(job):
    return "data = file" in job.read_text()


def one_sample(rows):
    rows["done"][..., 1:] = 0


def nothing_known(rows):
    """All rows are done, but no observable has a value; perceptrons and learning have not converged."""
    shape = rows["done"].shape
    for name, values in rows.items():
        if values.shape[:len(shape)] == shape and values.dtype.kind == "f":
            values[...] = np.nan
    if "converged" in rows:
        rows["converged"][...] = 0


def name_of(job):
    return str(job.relative_to(JOBS).with_suffix(""))


def scripts_and_jobs():
    """Every script that draws jobs, with these: NAME.py draws NAME.ini, and each NAME-*.ini that has no script of its
    own; these together where there is no NAME.ini."""
    scripts = figure_scripts()
    for script in scripts:
        folder = JOBS / script.parent.relative_to(ANALYSIS)
        own = folder / f"{script.stem}.ini"
        others = [job for job in sorted(folder.glob(f"{script.stem}-*.ini"))
                  if script.with_name(f"{job.stem}.py") not in scripts]
        if own.is_file():
            yield from ((script, [job]) for job in (own, *others))
        elif others:
            yield script, others


class Jobs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        recording(cls.folder / "recording.h5")

    def settings(self, job):
        fewer = FEWER.get(name_of(job), [])
        if reads_a_recording(job):
            return [f"file={self.folder / 'recording.h5'}", *RECORDING, *fewer]
        return [*SMALL, *fewer]

    def hypnos(self, *words):
        return subprocess.run([HYPNOS, *map(str, words)], capture_output=True, text=True, cwd=self.folder, timeout=300)

    def store(self, job):
        """The results of a job at its small size."""
        store = self.folder / (name_of(job).replace("/", "-") + ".h5")
        if not store.exists():
            ran = self.hypnos("run", job, *self.settings(job), "-o", store, "--quiet")
            self.assertEqual(ran.returncode, 0, ran.stderr)
        return store

    def drawn(self, script, stores, picture, *options, sizes=None):
        """What the script prints; a picture has no faults."""
        picture.unlink(missing_ok=True)
        found = []
        printed = run_script(script, *stores, *options, "-o", picture,
                             look=lambda figure: found.extend(faults(figure, sizes)))
        self.assertEqual(found, [], options)
        return printed

    def test_jobs_run_and_their_scripts_draw_them_and_judge_their_claims(self):
        left = set(JOBS.rglob("*.ini"))
        self.assertGreater(len(left), 10)
        for script, jobs in scripts_and_jobs():
            with self.subTest(jobs=", ".join(map(name_of, jobs))):
                left -= set(jobs)
                stores, picture = list(map(self.store, jobs)), self.folder / "x.png"
                claims = ["--claims"] if "claims=claims" in script.read_text() else []
                code, out, err = self.drawn(script, stores, picture, *claims)
                self.assertEqual((code, err), (0, ""), out)
                self.assertEqual(out.splitlines()[-1], str(picture))
                self.assertEqual("| claim | found |" in out, bool(claims))
                self.assertEqual(picture.read_bytes()[:8], PNG)
                if len(jobs) == 1 and not ALL_PICTURES:
                    continue
                # in any order, and in a column of a paper
                again = self.drawn(script, stores[::-1], picture, *claims[:len(jobs) - 1], "--width", "86mm",
                                   sizes=(7, 9))
                self.assertEqual(again, (code, out if len(jobs) > 1 else f"{picture}\n", err))
        self.assertEqual(left, set(), "jobs that no script draws")

    @unittest.skipUnless(ALL_PICTURES, "takes two minutes: HYPNOS_ALL_PICTURES=1 tests/run.sh -R analysis/jobs")
    def test_stores_of_one_sample_and_those_in_which_nothing_is_known_are_drawn_without_a_warning(self):
        for spoil in (one_sample, nothing_known):
            for script, jobs in scripts_and_jobs():
                with self.subTest(script=str(script.relative_to(ANALYSIS)), store=spoil.__name__):
                    stores = [self.folder / f"spoilt-{k}.h5" for k in range(len(jobs))]
                    for job, store in zip(jobs, stores):
                        shutil.copy(self.store(job), store)
                        with h5py.File(store, "r+") as file:
                            spoil(file["realizations"])
                    code, out, err = self.drawn(script, stores, self.folder / "x.png")
                    if script.stem == "fig7-8" and spoil is nothing_known:
                        self.assertEqual((code, err.count("\n")), (2, 1), err)
                        self.assertIn("no sample that is done", err)
                    else:
                        self.assertEqual((code, err), (0, ""), out)

    def test_jobs_are_planned_at_their_own_size(self):
        # all settings, axes and shapes are checked; no task is run
        for job in sorted(JOBS.rglob("*.ini")):
            with self.subTest(job=name_of(job)):
                given = self.settings(job) if reads_a_recording(job) else []
                planned = self.hypnos("plan", job, *given, "--no-measure")
                self.assertEqual(planned.returncode, 0, planned.stderr)

    def test_a_script_given_the_store_of_another_figure_says_so_in_one_line(self):
        store = self.store(JOBS / "unlearning-regularization/fig9.ini")
        for script in figure_scripts():
            if script != ANALYSIS / "unlearning-regularization/fig9.py":
                code, out, err = run_script(script, store, "-o", self.folder / "other.png")
                self.assertEqual((code, out, err.count("\n")), (2, "", 1), f"{script}: {err}")
                self.assertIn("but this figure needs", err)


if __name__ == "__main__":
    unittest.main()
