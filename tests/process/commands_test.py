"""The output, files and exit codes of the commands."""

import csv
import io
import re
import shutil
import unittest

from hypnos_process import (DONE, DONE_ROW, FAILED_ROW, INCOMPLETE, OPEN_ROW, RETINA, ROOT, SOME_FAILED, ProcessTest,
                            observables)

import h5py
import numpy as np

JOB = {"experiment": "boltzmann", "N": 6, "realizations": 4, "rule": "unlearning, l1", "a": "0.5, 0.7, 1",
       "stop": "steps", "max_steps": 20, "betas": "0.5, 1, 2"}
# settings for small jobs of experiments whose defaults take longer than a few tenths of a second
SMALL = {"boltzmann": {"N": 6, "betas": 1, "stop": "steps"}, "curie-weiss": {"N": 6, "betas": 1},
         "hebbian-unlearning": {"N": 20}, "interaction-space": {"N": 20}, "support-vector-machine": {"N": 20},
         "symmetric-perceptron": {"N": 20}}


def table(text):
    return list(csv.DictReader(io.StringIO(text)))


class Catalogue(ProcessTest):
    def experiments(self):
        """Names and summaries; a long summary continues on indented lines."""
        text = re.sub(r"\n +", " ", self.succeed("list").out)
        return dict(line.split(maxsplit=1) for line in text.splitlines())

    def test_list_names_every_experiment(self):
        experiments = self.experiments()
        self.assertLessEqual(set(SMALL), set(experiments))
        for summary in experiments.values():
            self.assertGreater(len(summary), 20)

    def test_describe_names_all_that_a_job_sets_and_a_store_holds(self):
        for experiment in self.experiments():
            with self.subTest(experiment):
                small = SMALL.get(experiment, {})
                text = self.succeed("describe", experiment).out
                first = {line.split()[0] for line in text.splitlines() if re.match(r"  \S", line)}
                self.succeed("run", self.job(experiment=experiment, **small), "-o", f"{experiment}.h5")
                file = self.store(f"{experiment}.h5")
                keys = {line.split("=")[0].strip() for line in file.attrs["job"].splitlines()}
                self.assertLessEqual(keys, first)
                self.assertLessEqual(set(observables(file)), first)
                self.assertIn(file.attrs["source"], text)
                for name in keys & {"lambda", "beta_d", "a"}:
                    self.assertRegex(text, rf"\n  {name} +\S+ +1 +number in \[")

    def test_help_and_version(self):
        self.assertEqual(self.succeed("--help").out, self.succeed("help").out)
        self.assertRegex(self.succeed("--version").out, r"^hypnos \d+\.\d+\.\d+ \(.+\)\n$")


class Plan(ProcessTest):
    def test_plan_counts_and_creates_nothing(self):
        job = self.job(**JOB)
        before = self.files()
        text = self.succeed("plan", job).out
        self.assertEqual(self.files(), before)
        self.assertRegex(text, r"sweep +rule +2 +unlearning, l1\n")
        self.assertRegex(text, r"sweep +a +3 +0.5, 0.7, 1\n")
        self.assertRegex(text, r"realization +4 +0, 1, 2, 3\n")
        self.assertRegex(text, r"axis +beta +3 +0.5, 1, 2\n")
        self.assertRegex(text, r"tasks +24\n")
        self.assertRegex(text, r"one task +[\d.e-]+ s \(measured here: rule = unlearning, a = 0.5, realization 0\)\n")

    def test_plan_prints_the_size_of_the_file_in_advance(self):
        job = self.job(**JOB, records=2000)
        announced = re.search(r"file +([\d.]+) MB", self.succeed("plan", job, "--no-measure").out).group(1)
        self.succeed("run", job, "-o", "x.h5", "--quiet")
        # beside the arrays: names, units and coordinates, some 150 kB
        self.assertAlmostEqual((self.folder / "x.h5").stat().st_size / 1e6, float(announced), delta=0.25)
        self.assertGreater(float(announced), 2.5)

    def test_plan_without_measurement_is_ready_at_once(self):
        job = self.job(experiment="boltzmann", N=40, stop="steps")  # a task of days
        text = self.succeed("plan", job, "--no-measure").out
        self.assertRegex(text, r"tasks +1\n")
        self.assertNotIn("one task", text)

    def test_the_jobs_of_the_project_can_be_planned(self):
        jobs = sorted((ROOT / "jobs").rglob("*.ini"))
        self.assertTrue(jobs)
        for job in jobs:
            with self.subTest(str(job.relative_to(ROOT))):
                words = []
                if "data = file" in job.read_text():
                    if not RETINA.exists():
                        self.skipTest(f"there is no {RETINA}")
                    words = [f"file={RETINA}"]
                self.assertIn("tasks", self.succeed("plan", job, "--no-measure", *words).out)
        self.assertEqual(self.files(), {})


class Run(ProcessTest):
    def test_output_has_the_name_of_the_job(self):
        (self.folder / "jobs").mkdir()
        answer = self.succeed("run", self.job("jobs/night.ini", **JOB))
        self.assertEqual(sorted(self.files()), ["jobs", "jobs/night.ini", "night.h5"])
        self.assertEqual(answer.out.splitlines()[-1], "night.h5")

    def test_output_elsewhere(self):
        (self.folder / "results").mkdir()
        for way in (["-o", "results/a.h5"], ["--output", "results/b.h5"], ["--output=results/c.h5"]):
            self.succeed("run", self.job(**JOB), *way)
        self.assertEqual(sorted(path.name for path in (self.folder / "results").iterdir()), ["a.h5", "b.h5", "c.h5"])

    def test_the_table_is_on_stdout_and_the_progress_on_stderr(self):
        answer = self.succeed("run", self.job(**JOB))
        self.assertRegex(answer.out, r"^rule +a +sDKL ")
        self.assertRegex(answer.err, r"^24/24 done, .* tasks/s, load \d+ %\n$")

    def test_quiet(self):
        answer = self.succeed("run", self.job(**JOB), "--quiet")
        self.assertEqual(answer.err, "")
        self.assertRegex(answer.out, r"^rule +a +sDKL ")

    def test_settings_of_the_command_line_replace_those_of_the_file(self):
        self.succeed("run", self.job(**JOB), "a=0.3", "betas=1, 2", "realizations=2")
        file = self.store("job.h5")
        self.assertEqual(file["realizations/Cv_curve"].shape, (2, 2, 2))
        self.assertIn("\na = 0.3\n", file.attrs["job"])

    def test_a_complete_store_is_left_as_it_is(self):
        self.succeed("run", self.job(**JOB))
        before = (self.folder / "job.h5").read_bytes()
        answer = self.succeed("run", "job.ini")
        self.assertEqual((self.folder / "job.h5").read_bytes(), before)
        self.assertRegex(answer.out, r"^rule +a +sDKL ")
        self.assertEqual(sorted(self.files()), ["job.h5", "job.ini"])

    def test_open_rows_are_computed_and_the_others_keep_their_bytes(self):
        self.succeed("run", self.job(**JOB))
        shutil.copy(self.folder / "job.h5", self.folder / "before.h5")
        with h5py.File(self.folder / "job.h5", "r+") as file:
            file["realizations/done"][1, 2, 1:] = OPEN_ROW
            file["realizations/sDKL"][1, 2, 1:] = 7
            file["realizations/sDKL"][0, 0, 0] = 7  # a mark that a done row must keep
        self.succeed("run", "job.ini")
        after, before = self.store("job.h5")["realizations"], self.store("before.h5")["realizations"]
        self.assertTrue((after["done"][()] == DONE_ROW).all())
        self.assertEqual(after["sDKL"][0, 0, 0], 7)
        self.assertEqual(after["sDKL"][()].ravel()[1:].tobytes(), before["sDKL"][()].ravel()[1:].tobytes())

    def test_seeds_and_realizations_differ_and_sweep_points_share_them(self):
        self.succeed("run", self.job(**JOB), "-o", "x.h5")
        self.succeed("run", "job.ini", "seed=2", "-o", "y.h5")
        one, other = (self.store(name)["realizations/c_d"][()] for name in ("x.h5", "y.h5"))
        self.assertFalse((one == other)[..., np.triu_indices(6, 1)[0], np.triu_indices(6, 1)[1]].any())
        self.assertEqual(len(np.unique(one[0, 0, :, 0, 1])), 4)
        self.assertEqual(len(np.unique(one[:, :, 0, 0, 1])), 1)


class Status(ProcessTest):
    def test_exit_code_shows_whether_tasks_are_left(self):
        self.succeed("run", self.job(**JOB))
        self.assertIn("job.h5: boltzmann, 24 of 24 tasks done, 0 failed, 0 left", self.succeed("status", "job.h5").out)
        for states, code, words in (([FAILED_ROW, DONE_ROW], SOME_FAILED, "23 of 24 tasks done, 1 failed, 0 left"),
                                    ([FAILED_ROW, OPEN_ROW], INCOMPLETE, "22 of 24 tasks done, 1 failed, 1 left"),
                                    ([OPEN_ROW, OPEN_ROW], INCOMPLETE, "22 of 24 tasks done, 0 failed, 2 left")):
            with h5py.File(self.folder / "job.h5", "r+") as file:
                file["realizations/done"][0, 0, :2] = states
            before = self.files()
            answer = self.hypnos("status", "job.h5")
            self.assertEqual(answer.code, code, answer)
            self.assertIn(words, answer.out)
            self.assertEqual(self.files(), before)


class ReduceAndShow(ProcessTest):
    def setUp(self):
        super().setUp()
        self.succeed("run", self.job(**JOB), "-o", "x.h5")

    def test_reduce_rebuilds_the_summary(self):
        shutil.copy(self.folder / "x.h5", self.folder / "before.h5")
        with h5py.File(self.folder / "x.h5", "r+") as file:
            for dataset in file["summary"].values():
                if not h5py.h5ds.is_scale(dataset.id):
                    dataset[...] = 0
        answer = self.hypnos("show", "x.h5")
        self.assertEqual(answer.code, DONE)
        self.assertIn("`hypnos reduce x.h5`", answer.err)
        self.assertEqual(self.succeed("reduce", "x.h5").out, "x.h5: summary of 24 of 24 tasks\n")
        self.assert_same_bits("before.h5", "x.h5")
        self.assertEqual(self.succeed("show", "x.h5").err, "")
        self.assertEqual(sorted(self.files()), ["before.h5", "job.ini", "x.h5"])

    def test_reduce_while_tasks_are_open(self):
        with h5py.File(self.folder / "x.h5", "r+") as file:
            file["realizations/done"][0, 1, 1:] = OPEN_ROW
            file["realizations/done"][1, 0] = OPEN_ROW
        self.assertEqual(self.succeed("reduce", "x.h5").out, "x.h5: summary of 17 of 24 tasks\n")
        self.assertEqual(self.store("x.h5")["summary/sDKL_count"][()].tolist(), [[4, 1, 4], [0, 4, 4]])

    def test_csv_is_read_back_as_the_summary(self):
        summary = self.store("x.h5")["summary"]
        lines = table(self.succeed("show", "x.h5", "--csv").out)
        self.assertEqual([(line["rule"], float(line["a"])) for line in lines],
                         [(rule, a) for rule in ("unlearning", "l1") for a in (0.5, 0.7, 1.0)])
        for name in ("sDKL", "omega", "steps"):
            for part in ("mean", "stderr", "count"):
                # shortest decimals that read back as the same number: exact
                self.assertEqual([float(line[f"{name}_{part}"]) for line in lines],
                                 summary[f"{name}_{part}"][()].ravel().tolist())
        self.assertEqual({line["log_likelihood_test_mean"] for line in lines}, {""})  # measured nowhere

    def test_csv_of_one_observable(self):
        summary = self.store("x.h5")["summary"]
        lines = table(self.succeed("show", "x.h5", "Cv_curve", "--csv").out)
        self.assertEqual(list(lines[0]), ["rule", "a", "beta", "mean", "stderr", "count"])
        self.assertEqual([float(line["mean"]) for line in lines], summary["Cv_curve_mean"][()].ravel().tolist())
        self.assertEqual([float(line["beta"]) for line in lines[:3]], [0.5, 1, 2])
        matrix = table(self.succeed("show", "x.h5", "J", "--csv").out)
        self.assertEqual(len(matrix), 6 * 36)
        self.assertEqual([float(line["mean"]) for line in matrix], summary["J_mean"][()].ravel().tolist())

    def test_printed_tables_agree_with_the_summary(self):
        mean = self.store("x.h5")["summary/Cv_mean"][()].ravel()
        error = self.store("x.h5")["summary/Cv_stderr"][()].ravel()
        lines = self.succeed("show", "x.h5", "Cv").out.splitlines()
        self.assertEqual(lines[0].split(), ["rule", "a", "Cv", "realizations"])
        for line, value, uncertainty in zip(lines[1:], mean, error, strict=True):
            shown = line.split()[2]
            digits, last = re.fullmatch(r"([\d.]+)\((\d+)\)", shown).groups()
            unit = 10.0 ** -len(digits.partition(".")[2])
            self.assertAlmostEqual(float(digits), value, delta=0.51 * unit)
            self.assertAlmostEqual(int(last) * unit, uncertainty, delta=0.51 * unit)
            self.assertEqual(line.split()[3], "4")
        self.assertIn("Cv_data", self.succeed("show", "x.h5").out)

    def test_show_reads_only(self):
        before = self.files()
        self.succeed("show", "x.h5", "J")
        self.succeed("show", "x.h5", "--csv")
        self.assertEqual(self.files(), before)

    def test_a_store_without_sweep(self):
        self.succeed("run", "job.ini", "a=1", "rule=l2", "-o", "y.h5")
        line, = table(self.succeed("show", "y.h5", "--csv").out)
        self.assertEqual(float(line["sDKL_mean"]), self.store("y.h5")["summary/sDKL_mean"][()])
        self.assertRegex(self.succeed("show", "y.h5").out, r"^sDKL +[\d.]+\(\d+\)\n")


if __name__ == "__main__":
    unittest.main()
