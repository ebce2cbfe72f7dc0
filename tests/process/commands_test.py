"""The output, files and exit codes of the commands."""

import csv
import io
import json
import os
import pty
import re
import resource
import select
import shutil
import signal
import subprocess
import time
import unittest
from pathlib import Path

from hypnos_process import (BAD_INPUT, DONE, DONE_ROW, FAILED_ROW, HYPNOS, INCOMPLETE, MOCK, OPEN_ROW, RETINA, ROOT,
                            SOME_FAILED, ProcessTest, observables)

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
        self.assertRegex(text, r"memory +at least [\d.]+ MB per rank, before any task\n")
        self.assertRegex(text, r"measured +24 tasks in [\d.e-]+ s, 0 of them in part\n")
        self.assertRegex(text, r"cheapest task +[\d.e-]+ s: rule = \w+, a = [\d.]+\n")
        self.assertRegex(text, r"dearest task +[\d.e-]+ s: rule = \w+, a = [\d.]+\n")
        self.assertRegex(text, r"all tasks +[\d.]+ s of one core like this\n")
        self.assertRegex(text, r"\n8 ranks +[\d.e-]+ s\n")

    def test_plan_prints_the_size_of_the_file_in_advance(self):
        job = self.job(**JOB, records=2000)
        announced = re.search(r"file +([\d.]+) MB", self.succeed("plan", job, "--no-measure").out).group(1)
        self.succeed("run", job, "-o", "x.h5", "--quiet")
        # labels are estimated, and HDF5 keeps gaps
        self.assertAlmostEqual((self.folder / "x.h5").stat().st_size / 1e6, float(announced), delta=0.15)
        self.assertGreater(float(announced), 2.5)

    def test_plan_without_measurement_is_ready_at_once(self):
        job = self.job(experiment="boltzmann", N=40, stop="steps")  # a task of days
        text = self.succeed("plan", job, "--no-measure").out
        self.assertRegex(text, r"tasks +1\n")
        self.assertNotIn("all tasks", text)

    def test_measurement_is_bounded_and_sizes_come_first(self):
        # a task of days, exact averages of 34 neurons, and a job with a wide range of costs
        for words in (["experiment=boltzmann", "N=40", "stop=steps"],
                      ["experiment=boltzmann", "N=34", "stop=steps", "max_steps=1000", "betas=1"],
                      ["experiment=symmetric-perceptron", "N=100,400,1600", "k=0.5,1,3", "retrieval_points=0"]):
            start = time.monotonic()
            process = self.start("plan", *words, "--measure", 1)
            lines = [process.stdout.readline() for _ in range(3)]
            while lines[-1] and "memory" not in lines[-1]:
                lines.append(process.stdout.readline())
            self.assertIn("at least", lines[-1])
            sizes = time.monotonic() - start
            process.communicate(timeout=60)
            self.assertEqual(process.returncode, DONE)
            # one second of processor time, on a busy machine three by the clock; a piece of work takes a second or more
            self.assertLess(time.monotonic() - start - sizes, 20, words)

    def test_the_estimate_is_true(self):
        # whole tasks of several sizes, and a task of which only a part is measured
        job = self.job(experiment="hebbian-unlearning", N="60, 120, 240", retrieval_points=0, realizations=2)
        estimated = self.seconds(self.succeed("plan", job, "--measure", 2).out)
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        self.succeed("run", job, "-o", "x.h5", "--quiet")
        truth = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
        # some tenths of a second are for the start and the end of the program
        self.assertGreater(estimated, (truth - 0.5) / 2)
        self.assertLess(estimated, truth * 2)

    def seconds(self, text):
        number, unit = re.search(r"all tasks +([\d.e-]+) (s|min)\b", text).groups()
        return float(number) * {"s": 1, "min": 60}[unit]

    def test_seconds_of_measurement_must_be_sensible(self):
        job = self.job(**JOB)
        for given in ("0", "-1", "1e9"):
            answer = self.hypnos("plan", job, f"--measure={given}")
            self.assertEqual((answer.code, answer.out), (BAD_INPUT, ""))
            self.assertIn("--measure", answer.err)

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
        self.assertRegex(answer.err, r"^24/24 done, .* tasks/s, load \d+ %\nload: part of the elapsed time [^\n]*\n$")

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
        self.succeed("run", "job.ini")
        after, before = self.store("job.h5")["realizations"], self.store("before.h5")["realizations"]
        self.assertTrue((after["done"][()] == DONE_ROW).all())
        self.assertEqual(after["sDKL"][()].tobytes(), before["sDKL"][()].tobytes())
        # done rows are not computed again: they keep their times
        kept = np.ones(after["done"].shape, bool)
        kept[1, 2, 1:] = False
        self.assertEqual(after["seconds"][()][kept].tobytes(), before["seconds"][()][kept].tobytes())

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


COMMANDS = ("list", "describe", "plan", "run", "status", "info", "show", "reduce", "verify", "replay", "merge", "help",
            "completion", "manual")


class Help(ProcessTest):
    def test_every_command_has_help_by_three_ways(self):
        for command in COMMANDS:
            text = self.succeed("help", command).out
            self.assertTrue(text.startswith(f"hypnos {command}: "), text)
            self.assertIn(f"usage: hypnos {command}", text)
            for words in ([command, "--help"], [command, "-h"], [command, "some", "-h"], ["--help", command]):
                self.assertEqual(self.succeed(*words).out, text)
            self.assertIn(f"\n  hypnos {command}", self.succeed("help").out)
        self.assertEqual(self.succeed("-h").out, self.succeed("help").out)
        answer = self.hypnos("help", "rum")
        self.assertEqual(answer.code, BAD_INPUT)
        self.assertIn("did you mean 'run'?", answer.err)

    def test_help_names_every_option_with_its_value_and_default(self):
        text = self.succeed("help", "run").out
        for line in (r"-o, --output FILE +the store", r"--ranks-per-task R +.*\(default 1\)",
                     r"--checkpoint-interval SECONDS +.*\(default 600\)", r"--extend +adds", r"-h, --help +this text"):
            self.assertRegex(text, r"\n +" + line)
        self.assertRegex(text, r"usage: hypnos run \[JOB\] \[key=value \.\.\.\] \[-o FILE\] \[-n RANKS\] \[--extend\]")

    def test_the_manual_page_has_the_same_texts(self):
        page = self.succeed("manual").out
        (self.folder / "hypnos.1").write_text(page)
        for command in COMMANDS:
            self.assertIn(f".SS hypnos {command}", page)
        for option in re.findall(r"^ +(?:-\w, )?(--[a-z-]+)", self.succeed("help", "run").out, re.M):
            if option != "--help":
                self.assertIn(option.replace("-", "\\-"), page)
        for experiment in SMALL:
            self.assertIn("\\fB" + experiment.replace("-", "\\-"), page)
        if shutil.which("man"):
            shown = subprocess.run(["man", "--warnings", "-l", self.folder / "hypnos.1"], capture_output=True, text=True,
                                   env={**os.environ, "MANWIDTH": "100", "LC_ALL": "C.UTF-8"})
            self.assertEqual((shown.returncode, shown.stderr), (0, ""))
            self.assertIn("hypnos - distributed simulations", re.sub(r"\s+", " ", shown.stdout))


class Completion(ProcessTest):
    def completed(self, *words):
        """What bash offers for the last word."""
        script = """source <("$0" completion bash); COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _hypnos 2> /dev/null
                    printf '%s\\n' "${COMPREPLY[@]}\""""
        answer = subprocess.run(["bash", "-c", script, HYPNOS, "hypnos", *words], cwd=self.folder, capture_output=True,
                                text=True, timeout=30)
        return sorted(answer.stdout.split())

    def test_bash(self):
        for name in ("x.h5", "y.h5", "a job.ini", "job.ini", "notes.txt"):
            (self.folder / name).touch()
        self.assertEqual(self.completed("re"), ["reduce", "replay"])
        self.assertLessEqual(set(COMMANDS), set(self.completed("")))
        self.assertEqual(self.completed("describe", "s"),
                         ["spatial-memories", "structured-noise", "support-vector-machine", "symmetric-perceptron"])
        self.assertEqual(self.completed("show", ""), ["x.h5", "y.h5"])
        self.assertEqual(self.completed("run", "j"), ["job.ini"])
        self.assertEqual(self.completed("run", "job.ini", "ru"), ["rule="])
        self.assertEqual(self.completed("run", "job.ini", "landscape", "="), ["hebb", "sk"])
        # those of all experiments that have this parameter
        self.assertLess({"l1", "l2", "unlearning", "pseudo-inverse"}, set(self.completed("run", "job.ini", "rule", "=")))
        self.assertEqual(self.completed("run", "job.ini", "rule", "=", "u"), ["unlearning"])
        self.assertEqual(self.completed("run", "experiment", "=", "cu"), ["curie-weiss"])
        self.assertEqual(self.completed("plan", "save_couplings", "=", ""), ["false", "true"])
        self.assertEqual(self.completed("run", "job.ini", "--ex"), ["--extend"])
        self.assertEqual(self.completed("run", "job.ini", "-o", "x"), ["x.h5"])
        self.assertEqual(self.completed("run", "job.ini", "--time-limit", ""), [])
        self.assertEqual(self.completed("help", "me"), ["merge"])
        self.assertEqual(self.completed("completion", ""), ["bash", "zsh"])

    def test_zsh(self):
        text = self.succeed("completion", "zsh").out
        self.assertTrue(text.startswith("#compdef hypnos\n"))
        for command in COMMANDS:
            self.assertRegex(text, rf"\n +{command}\)\n")
        if shutil.which("zsh"):
            (self.folder / "_hypnos").write_text(text)
            answer = subprocess.run(["zsh", "-n", self.folder / "_hypnos"], capture_output=True, text=True)
            self.assertEqual((answer.returncode, answer.stderr), (0, ""))

    @unittest.skipUnless(shutil.which("zsh"), "zsh is not installed")
    def test_zsh_at_the_prompt(self):
        for typed, completed in (("describe boltz", "boltzmann"), ("run experiment=cu", "curie-weiss"),
                                 ("run job.ini landscape=h", "landscape=hebb"), ("veri", "verify"),
                                 ("run job.ini --ext", "--extend"), ("show x", "x.h5")):
            self.assertIn(completed, self.typed_in_zsh(f"hypnos {typed}\t", completed), typed)

    def typed_in_zsh(self, keys, end):
        """What an interactive zsh shows after these keys, up to this end or until nothing follows for 20 seconds."""
        (self.folder / "x.h5").touch()
        child, terminal = pty.fork()
        if child == 0:
            os.chdir(self.folder)
            os.environ.update(TERM="dumb", PATH=f"{Path(HYPNOS).parent}:{os.environ['PATH']}")
            os.execvp("zsh", ["zsh", "-f", "-i"])

        def shown(end):
            text = ""
            while end not in text and select.select([terminal], [], [], 20)[0]:
                text += os.read(terminal, 4096).decode(errors="replace")
            return text
        try:
            os.write(terminal, b"PS1=; autoload -U compinit; compinit -u -D; source <(hypnos completion zsh); "
                               b"print rea''dy\n")
            self.assertIn("ready", shown("ready"))
            os.write(terminal, keys.encode())
            return shown(end)
        finally:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            os.close(terminal)

    def test_other_shells(self):
        answer = self.hypnos("completion", "zhs")
        self.assertEqual(answer.code, BAD_INPUT)
        self.assertIn("shell 'zhs', but must be bash | zsh (did you mean 'zsh'?)", answer.err)


class Words(ProcessTest):
    SETTINGS = [f"{key}={value}" for key, value in JOB.items()]

    def test_options_and_settings_in_any_order(self):
        job = self.job(**JOB)
        self.succeed("run", job, "a=0.3", "-o", "x.h5", "--quiet")
        for n, words in enumerate((["--quiet", "a=0.3", job, "-o"], ["a=0.3", "--quiet", job, "--output"],
                                   ["a=0.3", job, "--quiet", "-o"])):
            self.succeed("run", *words, f"{n}.h5")
            self.assert_same_bits("x.h5", f"{n}.h5")
        self.succeed("run", "-o", "z.h5", "--quiet", job, "a=0.3")
        self.assert_same_bits("x.h5", "z.h5")
        self.succeed("plan", "--no-measure", "a=0.3", job)
        self.assertEqual(self.succeed("show", "--csv", "x.h5", "J").out, self.succeed("show", "x.h5", "J", "--csv").out)

    def test_a_job_without_a_file(self):
        self.succeed("run", self.job(**JOB), "-o", "x.h5")
        answer = self.succeed("run", *self.SETTINGS)
        self.assertEqual(answer.out.splitlines()[-1], "boltzmann.h5")
        self.assert_same_bits("x.h5", "boltzmann.h5")
        self.assertRegex(self.succeed("plan", *self.SETTINGS, "--no-measure").out, r"\ntasks +24\n")
        answer = self.hypnos("run", "a=3")
        self.assertEqual((answer.code, answer.err), (BAD_INPUT, "hypnos: command line: no experiment is named; write "
                                                     "experiment = NAME (`hypnos list` shows them)\n"))

    def test_a_job_from_standard_input(self):
        self.succeed("run", self.job(**JOB), "seed=3", "-o", "x.h5")
        text = (self.folder / "job.ini").read_text()
        for words, output in (([], "boltzmann.h5"), (["-o", "y.h5"], "y.h5")):
            answer = self.piped(text, "run", "-", "seed=3", *words)
            self.assertEqual(answer.returncode, DONE, answer.stderr)
            self.assert_same_bits("x.h5", output)
        answer = self.piped(text + "b = 3\n", "plan", "-")
        self.assertEqual(answer.returncode, BAD_INPUT)
        self.assertIn(f"hypnos: standard input:{len(JOB) + 1}: unknown parameter 'b'", answer.stderr)

    def piped(self, text, *words):
        return subprocess.run([HYPNOS, *words], input=text, cwd=self.folder, env=self.environment, capture_output=True,
                              text=True, timeout=60)

    def test_notes_on_what_may_have_been_meant_otherwise(self):
        for words, note in ((["a=0,3"], "a = 0,3 is a sweep over two values; the number is written 0.3"),
                            (["gamma=0.2", "rule=unlearning"], "gamma = 0.2 has no effect with these settings"),
                            (["lags=5"], "lags = 5 has no effect"), (["tolerance=0.1"], "tolerance = 0.1 has no effect"),
                            (["neurons=8,10"], "neurons = 8,10 is one value, a list, and not a sweep")):
            with self.subTest(words):
                job = self.job(**{**JOB, "realizations": 1})
                answer = self.succeed("plan", job, "--no-measure", *words)
                self.assertIn(f"note: command line: {note}", answer.err)
                self.assertIn(note, self.succeed("run", job, *words, "-o", f"{words[0]}.h5").err)
                self.assertEqual(self.succeed("run", job, *words, "--quiet", "-o", f"{words[0]}.h5").err, "")

    def test_a_decimal_comma_is_named_where_a_value_is_refused(self):
        answer = self.hypnos("plan", "experiment=hebbian-unlearning", "N=60", "alpha=0,3")
        self.assertEqual(answer.code, BAD_INPUT, answer)
        self.assertEqual(answer.err.count("\n"), 1, answer)
        self.assertIn("; alpha = 0,3 is a sweep over two values; the number is written 0.3", answer.err)

    def test_the_jobs_of_the_project_need_no_notes(self):
        for job in sorted((ROOT / "jobs").rglob("*.ini")):
            if "data = file" not in job.read_text():
                self.assertEqual(self.succeed("plan", job, "--no-measure").err, "", job)

    def test_rates_may_be_fractions(self):
        small = ["experiment=hebbian-unlearning", "N=20", "retrieval_points=0", "records=2"]
        self.succeed("run", *small, "epsilon=1/3", "duration=2", "-o", "x.h5")
        self.assertIn("\nepsilon = 0.3333333333333333\n", self.store("x.h5").attrs["job"])
        # 20 neurons dream once in the time 0.0005 at epsilon = 0.01, whatever the rounding of 0.0005 * 20 / 0.01
        for duration in ("0.00049999999998", "0.0005", "0.00050000000002"):
            self.succeed("run", *small[:-1], "records=1", f"duration={duration}", "-o", f"{duration}.h5")
            self.assertEqual(self.store(f"{duration}.h5")["realizations/delta_min"].shape, (1, 2))


class Info(ProcessTest):
    def test_info_prints_job_provenance_shape_and_inputs(self):
        raster = np.random.default_rng(1).integers(0, 2, (60, 5))
        np.savetxt(self.folder / "x.txt", raster, fmt="%d")
        self.succeed("run", self.job(experiment="boltzmann", data="file", file="x.txt", neurons=3, a="0.5, 1",
                                     stop="steps", max_steps=3, betas="0.5, 1", realizations=2), "-o", "x.h5")
        text = self.succeed("info", "x.h5").out
        file = self.store("x.h5")
        self.assertTrue(text.startswith("x.h5: 4 of 4 tasks done, 0 failed, "), text)
        for name in ("version", "git_revision", "compiler", "mpi", "hdf5", "created", "ranks"):
            self.assertRegex(text, rf"\n  {name} +{re.escape(str(file.attrs[name])[:40])}")
        for line in file.attrs["job"].splitlines():
            if line.split("=")[1]:
                self.assertIn(f"\n  {line}\n", text)
        self.assertRegex(text, r"\n  sweep +a +2 +0.5, 1\n")
        self.assertRegex(text, r"\n  disorder +realization +2 +2\n")
        self.assertRegex(text, r"\n  Cv_curve +\[beta 2\] +specific heat")
        self.assertRegex(text, r"\n  x.txt: 0.6 kB now\n")
        (self.folder / "x.txt").unlink()
        self.assertIn("\n  x.txt: not there now\n", self.succeed("info", "x.h5").out)


class ShowAll(ProcessTest):
    """Tables with gaps, and records for other programs."""

    def show(self, *words):
        return self.succeed("show", "x.h5", *words).out

    def test_json_holds_the_same_as_csv(self):
        self.succeed("run", self.job(**JOB), "-o", "x.h5")
        for words in ([], ["Cv_curve"], ["J"]):
            lines, records = table(self.show(*words, "--csv")), json.loads(self.show(*words, "--json"))
            self.assertEqual(len(lines), len(records))
            for line, record in zip(lines, records):
                self.assertEqual(list(line), list(record))
                for name, value in record.items():
                    self.assertEqual("" if value is None else value, line[name] if name == "rule" else
                                     "" if line[name] == "" else float(line[name]))
        answer = self.hypnos("show", "x.h5", "--csv", "--json")
        self.assertEqual(answer.code, BAD_INPUT)
        self.assertIn("--csv and --json", answer.err)

    def test_texts_with_commas_and_quotes(self):
        # a choice without them exists, so a parameter that is a text is swept
        self.program = MOCK
        self.succeed("run", "experiment=mock", "steps=2", "step_seconds=0", "trace=a\"b, c", "-o", "x.h5")
        self.assertEqual([line["trace"] for line in table(self.show("--csv"))], ['a"b', "c"])
        self.assertEqual([record["trace"] for record in json.loads(self.show("--json"))], ['a"b', "c"])

    def test_the_table_says_how_many_realizations_count_and_why_there_is_no_value(self):
        self.succeed("run", "experiment=hebbian-unlearning", "N=30", "retrieval_points=0", "alpha=0.2, 0.3",
                     "records=20", "realizations=4", "-o", "x.h5")
        with h5py.File(self.folder / "x.h5", "r+") as file:
            for name in ("dreams_in", "dreams_fin"):
                for part, values in (("mean", [np.nan, 123.3]), ("stderr", [np.nan, 14.53]), ("count", [0, 3])):
                    file[f"summary/{name}_{part}"][:] = values
        head, short, long = self.show().splitlines()[:3]
        self.assertRegex(long, r"^0\.3 +123\(15\) \[3\] ")
        self.assertRegex(short, r"^0\.2 +never ")
        self.assertEqual(head.split()[:2], ["alpha", "dreams_in"])
        self.assertIn("\n[n]: only n of 4 realizations have a value\n", self.show())
        self.assertIn("\ndreams_in: NaN if never\n", self.show())
        self.assertIn("\ndreams_fin: NaN if never", self.show())
        self.assertRegex(self.show("dreams_in"), r"\n0.2 +never +0\n0.3 +123\(15\) +3\n")

    def test_points_without_samples(self):
        self.succeed("run", self.job(**JOB), "-o", "x.h5")
        with h5py.File(self.folder / "x.h5", "r+") as file:
            file["realizations/done"][0, 0] = OPEN_ROW
            file["realizations/done"][0, 1, 1:] = OPEN_ROW
        self.succeed("reduce", "x.h5")
        lines = self.show("Cv").splitlines()
        self.assertRegex(lines[1], r"^unlearning +0.5 +no samples +0$")
        self.assertRegex(lines[2], r"^unlearning +0.7 +[\d.]+ +1$")
        self.assertRegex(self.show().splitlines()[2], r"^unlearning +0.7 +[\d.e-]+ \[1\] ")

    def test_without_spread_there_is_no_error(self):
        answer = self.succeed("run", "experiment=curie-weiss", "N=6", "betas=1", "realizations=3", "-o", "x.h5")
        self.assertNotIn("(0)", answer.out)
        self.assertIn("all realizations are identical", answer.err)
        self.succeed("run", self.job(**JOB), "-o", "y.h5")
        answer = self.succeed("show", "y.h5")
        self.assertEqual(answer.err, "")
        self.assertNotIn("(0)", answer.out)


class Colours(ProcessTest):
    def on_terminal(self, *words, **environment):
        """What a command prints on a terminal, stdout and stderr together."""
        return terminal_output([HYPNOS, *words], self.folder, {**self.environment, "TERM": "xterm", **environment})

    def test_colours_are_for_terminals(self):
        red, green = "\033[31m", "\033[32m"
        self.succeed("run", self.job(**JOB), "-o", "x.h5")
        self.assertIn(f"{green}all is well", self.on_terminal("verify", "x.h5"))
        with h5py.File(self.folder / "x.h5", "r+") as file:
            file["realizations/done"][0, 0, 0] = FAILED_ROW
        self.assertIn(f"{red}1 failed", self.on_terminal("status", "x.h5"))
        self.assertIn(f"{red}hypnos:", self.on_terminal("status", "y.h5"))
        self.assertIn(f"{red}damaged", self.on_terminal("verify", "x.h5"))
        for environment in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
            for words in (["status", "x.h5"], ["status", "y.h5"], ["help", "run"]):
                self.assertNotIn("\033[3", self.on_terminal(*words, **environment))
        self.assertIn("\033[", self.on_terminal("status", "x.h5", NO_COLOR=""))
        for words in (["status", "x.h5"], ["status", "y.h5"], ["verify", "x.h5"], ["help"], ["run", "job.ini", "-o", "x.h5"]):
            answer = self.hypnos(*words)
            self.assertNotIn("\033", answer.out + answer.err)


def terminal_output(words, folder, environment):
    ours, theirs = pty.openpty()
    process = subprocess.Popen([str(word) for word in words], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                               stdout=theirs, stderr=theirs)
    os.close(theirs)
    text = b""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if select.select([ours], [], [], 1)[0]:
            try:
                more = os.read(ours, 65536)
            except OSError:  # the other end is closed
                break
            if not more:
                break
            text += more
    process.wait(timeout=60)
    os.close(ours)
    return text.decode()


class LiveProgress(ProcessTest):
    """The progress of a job that takes a few seconds."""

    program = MOCK

    def setUp(self):
        super().setUp()
        self.job(experiment="mock", steps=40, step_seconds=0.01, realizations=16)

    def test_a_terminal_behind_mpirun_has_a_live_line(self):
        words = self.command("run", "job.ini", "-o", "x.h5", ranks=2)
        text = terminal_output(words[4:], self.folder, self.environment)  # without timeout, which hides the terminal
        lines = re.findall(r"\r(\d+)/16 done[^\r]*", text)
        self.assertGreater(len(lines), 8, text)
        self.assertEqual(lines[-1], "16")
        self.assertRegex(text, r"\r\d+/16 done, [\d.]+ tasks/s, [\d.]+ s left")
        self.assertIn("load: part of the elapsed time spent on tasks", text)
        self.assertNotIn("\033[3", text)

    def test_a_log_has_a_line_within_two_seconds(self):
        answer = self.succeed("run", "job.ini", "-o", "x.h5", ranks=2)
        lines = [line for line in answer.err.splitlines() if "/16 done" in line]
        self.assertGreater(len(lines), 1, answer)
        self.assertLess(len(lines), 8, answer)
        self.assertLess(int(lines[0].split("/")[0]), 16)
        self.assertNotIn("\r", answer.err)


if __name__ == "__main__":
    unittest.main()
