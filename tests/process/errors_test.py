"""Every mistake of a user gets one line that says what was given, what was expected and how to mend it, and exit
code 2; nothing is created and nothing that exists is touched."""

import ctypes
import os
import resource
import signal
import subprocess
import time
import unittest
from pathlib import Path

from hypnos_process import BAD_INPUT, DONE, HYPNOS, RETINA, ProcessTest

import h5py
import numpy as np

SETTINGS = {"experiment": "boltzmann", "N": 6, "a": "0.5, 1", "stop": "steps", "max_steps": 3, "betas": "0.5, 1"}


class Refusal(ProcessTest):
    def job(self, name="job.ini", **changed):
        settings = {**SETTINGS, **changed}
        if settings.get("data") == "file" and "N" not in changed:
            del settings["N"]  # it is refused
        return super().job(name, **settings)

    def assert_refused(self, *words, expected, ranks=None, **options):
        before = self.files()
        answer = self.hypnos(*words, ranks=ranks, **options)
        self.assertEqual(answer.code, BAD_INPUT, answer)
        lines = answer.err.splitlines()
        if ranks is not None:  # mpirun adds words of its own
            lines = [line for line in lines if line.startswith("hypnos")]
        self.assertEqual(len(lines), 1, answer)
        self.assertTrue(lines[0].startswith("hypnos: "), answer)
        for part in [expected] if isinstance(expected, str) else expected:
            self.assertIn(part, lines[0])
        if ranks is None:
            self.assertEqual(answer.out, "")
        after = self.files()
        self.assertEqual(sorted(after), sorted(before), "files came or went")
        self.assertEqual(after, before, "a file was changed")


class Words(Refusal):
    """The command line itself."""

    def test_unknown_command(self):
        self.assert_refused("statsu", "x.h5", expected=["unknown command 'statsu'", "did you mean 'status'?"])
        self.assert_refused("dream", expected=["unknown command 'dream'", "`hypnos help`"])

    def test_without_a_command_the_help_is_shown(self):
        answer = self.hypnos()
        self.assertEqual((answer.code, answer.err), (BAD_INPUT, ""))
        for command in ("list", "describe", "plan", "run", "status", "reduce", "show"):
            self.assertIn(f"hypnos {command}", answer.out)

    def test_missing_words(self):
        for command in ("describe", "plan", "run", "status", "info", "reduce", "show", "completion"):
            self.assert_refused(command, expected=f"usage: hypnos {command} ")
        self.assert_refused("list", "more", expected="usage: hypnos list")

    def test_options(self):
        job = self.job()
        self.assert_refused("run", job, "--resume", expected=["--resume", "usage: hypnos run [JOB]"])
        self.assert_refused("run", job, "--out", "x.h5", expected=["--out", "usage: hypnos run [JOB]"])
        self.assert_refused("run", job, "-o", expected=["--output", "missing"])
        self.assert_refused("run", job, "--ranks-per-task", "two", expected=["'two'", "--ranks-per-task"])
        for number in (2, 0, -1):
            self.assert_refused("run", job, f"--ranks-per-task={number}",
                                expected=[f"--ranks-per-task {number} does not divide the 1 ranks", "choose a divisor"])

    def test_words_that_set_nothing(self):
        self.assert_refused("run", self.job(), "a", expected=["command line: 'a'", "key=value"])
        self.assert_refused("run", self.job(), "other.ini", expected=["'other.ini'", "the job file is job.ini", "one job"])

    def test_a_key_twice(self):
        job = self.job()
        expected = ["hypnos: a is given twice on the command line: a=0.3 and a=0.5", "give it once"]
        for words in (["a=0.3", "a=0.5"], ["a=0.3", "N=5", "a=0.5", "-o", "x.h5"]):
            self.assert_refused("run", job, *words, expected=expected)
            self.assert_refused("plan", job, *words[:3], expected=expected)
        self.assert_refused("run", job, "a=0.3", "a=0.3", expected="a=0.3 and a=0.3; give it once")
        self.assert_refused("run", job, "a=0.3", "a=0.5", ranks=2, expected=expected)
        self.assert_refused("run", job, "-o", "x.h5", "-o", "y.h5", expected=["--output", "more than once"])

    def test_unknown_experiment_or_observable(self):
        self.assert_refused("describe", "bolzmann",
                            expected=["unknown experiment 'bolzmann'", "did you mean 'boltzmann'?"])
        self.assert_refused("describe", "hopfield", expected=["unknown experiment 'hopfield'", "`hypnos list`"])
        self.succeed("run", self.job(), "-o", "x.h5")
        self.assert_refused("show", "x.h5", "sDLK", expected=["x.h5", "'sDLK'", "did you mean 'sDKL'?", "Cv_curve"])
        self.assert_refused("show", "x.h5", "sdkl", expected="did you mean 'sDKL'?")
        self.assert_refused("run", "experiment=boltzmann", "n=6", expected="did you mean 'N'?")


class Jobs(Refusal):
    """Job files."""

    def write(self, text):
        (self.folder / "job.ini").write_text(text)
        return "job.ini"

    def assert_job_refused(self, text, expected):
        job = self.write(text)
        self.assert_refused("run", job, expected=expected)
        self.assert_refused("plan", job, expected=expected)

    def test_missing_file_and_folder(self):
        self.assert_refused("run", "nowhere.ini", expected=["nowhere.ini", "give the path of an .ini file"])
        (self.folder / "jobs").mkdir()
        self.assert_refused("run", "jobs", expected=["jobs is a folder, but a job file was expected"])

    def test_experiment(self):
        self.assert_job_refused("a = 1\n", ["job.ini: no experiment is named", "experiment = NAME", "`hypnos list`"])
        self.assert_job_refused("", "no experiment is named")
        self.assert_job_refused("# unlearning\n\nexperiment = boltzman\n",
                                ["job.ini:3: unknown experiment 'boltzman'", "did you mean 'boltzmann'?"])
        self.assert_job_refused("experiment =\n", ["job.ini:1: unknown experiment ''", "`hypnos list`"])

    def test_lines_that_set_nothing(self):
        self.assert_job_refused("experiment = boltzmann\na 0.5\n", ["job.ini:2: 'a 0.5'", "key = value"])
        self.assert_job_refused("experiment = boltzmann\n[physics\na = 1\n", ["job.ini:2: '[physics'", "key = value"])

    def test_sections(self):
        self.assert_job_refused("experiment = boltzmann\n; a comment\n[model]\na = 1\n",
                                ["job.ini:3: a line in brackets begins a section", "remove the line"])

    def test_a_key_twice(self):
        self.assert_job_refused("experiment = boltzmann\na = 1\nN = 6\na = 0.5\n", ["job.ini:4: a is set already in line 2; keep one of them"])

    def test_places(self):
        # the line of the mistake, not that of a comment or of a similar key
        self.assert_job_refused("# alhpa = 1\nexperiment = boltzmann\nlambda = 1\n\n  lambad = 2  # rate\n",
                                ["job.ini:5: unknown parameter 'lambad' of boltzmann", "did you mean 'lambda'?"])
        self.assert_job_refused("experiment = boltzmann\n#a = 5\na =  -3   # negative\n",
                                ["job.ini:3: a = -3, but must lie in [0, 10000]"])
        self.assert_job_refused("experiment = curie-weiss\nrule = l1\n",
                                ["job.ini:2: unknown parameter 'rule' of curie-weiss", "`hypnos describe curie-weiss`"])

    def test_the_command_line_replaces_the_file_and_is_named(self):
        job = self.write("experiment = boltzmann\na = -3\n")
        self.assert_refused("run", job, "a=-4", expected="hypnos: command line: a = -4, but must lie in [0, 10000]")
        self.assert_refused("run", job, "a=1", "alpha=2",
                            expected=["command line: unknown parameter 'alpha'", "`hypnos describe boltzmann`"])


class Values(Refusal):
    """Values on the command line; the same code reads those of files."""

    CASES = {
        "number": [
            ("a=lots", ["a = lots", "a must be a number"]),
            ("a=nan", ["a = nan", "must be a number"]),
            ("a=inf", ["a = inf", "must be a number"]),
            ("a=", ["a is empty, but must be a number"]),
            ("a=10001", ["a = 10001, but must lie in [0, 10000]", "inverse temperature"]),
            ("N=6.5", ["N = 6.5", "N must be a whole number"]),
            ("N=1", ["N = 1, but must lie in [2, 1000]"]),
            ("N=41", ["N = 41", "exact, for up to 40", "data=file"]),
            ("realizations=0", ["realizations = 0, but must be a number of realizations from 1 on"]),
            ("realizations=2, 3", ["realizations = 2, 3, but must be a number of realizations from 1 on"]),
            ("seed=-1", ["seed = -1, but must lie in [0, "]),
            ("seed=9007199254740993", ["seed = 9007199254740993, but must lie in [0, 9007199254740992]"]),
            ("a=1/0", ["a = 1/0", "a must be a number"]),
            ("betas=0.5, -1", ["betas = -1, but must lie in [0, 100]"]),
        ],
        "choice": [
            ("rule=l3", ["rule = l3, but must be unlearning | l1 | l2", "did you mean 'l1'?"]),
            ("rule=l1, weight-decay", ["rule = weight-decay, but must be unlearning | l1 | l2"]),
            ("rule=", ["rule = ", "must be unlearning | l1 | l2"]),
        ],
        "list": [
            ("a=0.1,,0.2", ["a = 0.1,,0.2", "a piece between commas is empty"]),
            ("a=0.1,", ["a = 0.1,", "a piece between commas is empty"]),
            ("a=0.5, 0.7, 0.5", ["0.5 is given twice"]),
            ("a=0.1:0.5:0.1, 0.3", ["0.3 is given twice"]),
            ("rule=l1, l1", ["l1 is given twice"]),
            ("betas=0.5, 1, 1", ["betas = 0.5, 1, 1", "1 is given twice"]),
        ],
        "range": [
            ("a=0.1:0.9", ["a = 0.1:0.9", "start:stop:step"]),
            ("a=0.1:0.9:0.1:2", ["start:stop:step"]),
            ("a=0.1:end:0.1", ["start:stop:step"]),
            ("a=0.1:0.95:0.1", ["steps of 0.1 do not reach the end", "0.9 or 1"]),
            ("a=0.9:0.1:0.1", ["the step must lead from start to stop"]),
            ("a=0.1:0.9:-0.1", ["the step must lead from start to stop"]),
            ("a=0.1:0.9:0", ["the step must lead from start to stop"]),
            ("a=0:1:1e-9", ["at most 1000000 values"]),
        ],
        "log": [
            ("a=log(1:2)", ["log(start:stop:count)"]),
            ("a=log(0.1:1:3", ["log(start:stop:count)"]),
            ("a=log(0:1:3)", ["must be positive"]),
            ("a=log(0.1:1:2.5)", ["a whole number from 2"]),
            ("a=log(0.1:1:1)", ["a whole number from 2"]),
        ],
        "together": [
            ("data=file", ["no file is named", "file=PATH"]),
            ("file=x.h5", ["file = x.h5, but data is not file", "data=file"]),
            ("test_fraction=0.2", ["test_fraction = 0.2", "data=file"]),
            ("split_by=repeat", ["split_by = repeat", "test_fraction"]),
            ("records=1", ["records = 1", "give 2 or more, or 0 for none"]),
            ("stop=slope data=curie-weiss", ["stop = slope", "Curie-Weiss", "stop=convergence"]),
            ("stop=slope N=2", ["stop = slope", "stop=convergence"]),
            ("records=3 lambda=0.1,0.2", ["'time'", "sweep over a, lambda", "`hypnos describe boltzmann`"]),
            ("records=3 max_steps=3,4", ["'time'", "sweep over a, max_steps", "`hypnos describe boltzmann`"]),
            ("records=3 record_until=100", ["record_until = 100", "max_steps"]),
        ],
    }

    def check(self, kind):
        job = self.job()
        for given, expected in self.CASES[kind]:
            with self.subTest(given):
                # "a=0.1, 0.2" is one word with a blank, "x=1 y=2" are two words
                words = given.replace(", ", ",\0").split(" ")
                self.assert_refused("run", job, *[word.replace("\0", " ") for word in words], expected=expected)

    def test_numbers(self):
        self.check("number")

    def test_choices(self):
        self.check("choice")

    def test_lists(self):
        self.check("list")

    def test_ranges(self):
        self.check("range")

    def test_logarithmic_ranges(self):
        self.check("log")

    def test_values_that_do_not_fit_together(self):
        self.check("together")


class Data(Refusal):
    """Recordings."""

    def setUp(self):
        super().setUp()
        self.raster = np.random.default_rng(1).integers(0, 2, (60, 5)).astype(float)

    def assert_data_refused(self, name, *words, expected):
        self.assert_refused("run", self.job(data="file", file=name, neurons=3), *words, expected=expected)

    def save(self, name, values):
        np.savetxt(self.folder / name, values, fmt="%g")

    def test_missing_file_and_folder(self):
        self.assert_data_refused("nowhere.h5", expected=["job.ini:", "nowhere.h5", "there is no such file"])
        self.assert_data_refused(".", expected=["is a folder, but a data file was expected"])

    def test_wrong_dataset(self):
        with h5py.File(self.folder / "x.h5", "w") as file:
            file["samples"] = self.raster
            file["repeat"] = np.arange(60)
        self.assert_data_refused("x.h5", "dataset=sample", expected=["'sample'", "did you mean 'samples'?"])
        self.assert_data_refused("x.h5", "dataset=spikes", expected=["'spikes'", "it holds repeat, samples"])
        self.assert_data_refused("x.h5", "dataset=repeat", expected=["length 60", "two dimensions"])
        self.assert_data_refused("x.h5", "test_fraction=0.2", "split_by=trial", expected=["'trial'", "it holds repeat"])

    def test_values_that_are_no_spins(self):
        for value, shown in ((2, "2"), (0.5, "0.5"), (np.nan, "nan"), (-1, "-1")):
            with self.subTest(value=value):
                raster = self.raster.copy()
                raster[10], raster[11, 0] = 0, value
                self.save("x.txt", raster)
                self.assert_data_refused("x.txt", "neurons=0,1,2", expected=[shown, "line 12"])

    def test_nan_in_hdf5(self):
        self.raster[11, 0] = np.nan
        with h5py.File(self.folder / "x.h5", "w") as file:
            file["samples"] = self.raster
        self.assert_data_refused("x.h5", expected=["row 11, column 0", "nan", "0 and 1 or -1 and 1"])

    def test_what_is_no_regular_file(self):
        os.mkfifo(self.folder / "fifo.h5")
        self.job(data="file", file="fifo.h5", neurons=3)
        answer = self.hypnos("run", "job.ini", "-o", "y.h5")
        self.assertEqual(answer.code, BAD_INPUT, answer)
        self.assertIn("fifo.h5: is not a regular file", answer.err)

    def test_links_to_other_files(self):
        with h5py.File(self.folder / "away.h5", "w") as file:
            file["samples"] = self.raster
        self.raster[:10].astype(np.uint8).tofile(self.folder / "raw")
        os.mkfifo(self.folder / "fifo")
        with h5py.File(self.folder / "x.h5", "w") as file:
            file["link"] = h5py.ExternalLink("away.h5", "samples")
            file["group"] = h5py.ExternalLink("away.h5", "/")
            file["soft"] = h5py.SoftLink("/link")
            file["fifo"] = h5py.ExternalLink("fifo", "samples")
            file.create_dataset("external", (10, 5), np.uint8, external=[("raw", 0, 50)])
            file.create_dataset("external_fifo", (10, 5), np.uint8, external=[("fifo", 0, 50)])
            layout = h5py.VirtualLayout(shape=(60, 5), dtype=float)
            layout[:] = h5py.VirtualSource("away.h5", "samples", shape=(60, 5))
            file.create_virtual_dataset("virtual", layout)
        not_followed = "is a link to another file, which is not followed; name that file itself"
        elsewhere = "are stored in other files, which are not read"
        job = self.job(data="file", file="x.h5", neurons=3)
        for name, expected in {"link": f"link {not_followed}", "fifo": f"fifo {not_followed}", "soft": "soft",
                               "group/samples": "group/samples", "external": elsewhere, "external_fifo": elsewhere,
                               "virtual": elsewhere}.items():
            with self.subTest(name):
                answer = self.hypnos("run", job, f"dataset={name}", "-o", "y.h5")
                self.assertEqual((answer.code, answer.err.count("\n")), (BAD_INPUT, 1), answer)
                self.assertIn(expected, answer.err)

    def test_neurons_that_cannot_be_learnt(self):
        self.raster[:, 1] = 0
        self.save("x.txt", self.raster)
        self.assert_data_refused("x.txt", "neurons=0,1,2", expected=["neurons 1", "never or always fire"])
        self.assert_data_refused("x.txt", "neurons=0,9", expected=["no neuron 9", "0 to 4"])
        self.assert_data_refused("x.txt", "neurons=6", expected=["6 most active", "the raster has 5"])
        self.assert_data_refused("x.txt", "neurons=41", expected=["41", "2 to 40", "neurons=20"])
        self.assert_data_refused("x.txt", "N=12", expected=["N = 12, but data = file", "neurons = 3", "give neurons=12"])

    def test_too_few_samples(self):
        self.save("one.txt", self.raster[:1])
        self.assert_data_refused("one.txt", expected=["never or always fire"])
        self.save("x.txt", self.raster[:4])
        self.assert_data_refused("x.txt", "neurons=0,1", "test_fraction=0.1",
                                 expected=["test_fraction = 0.1", "0 of 4"])

    @unittest.skipUnless(RETINA.exists(), f"there is no {RETINA}")
    def test_too_many_neurons_of_a_real_recording(self):
        self.assert_data_refused(RETINA, "neurons=41", expected=["41", "2 to 40"])
        self.assert_data_refused(RETINA, "neurons=51", expected=["51"])


class Stores(Refusal):
    """Files that are there already, and folders that cannot be written."""

    def setUp(self):
        super().setUp()
        self.succeed("run", self.job("made.ini", realizations=2), "-o", "x.h5")

    def assert_no_command_takes(self, name, expected):
        self.assert_refused("run", "made.ini", "-o", name, expected=expected)
        self.assert_refused("run", "made.ini", "-o", name, "--extend", expected=expected)
        for command in ("status", "show", "reduce", "verify"):
            self.assert_refused(command, name, expected=expected)
        self.assert_refused("replay", name, "--task", "0", expected=expected)
        self.assert_refused("merge", name, name, "-o", "z.h5", expected=expected)

    def test_a_store_of_another_job(self):
        job = self.job(realizations=3, a="0.5, 0.7", rule="l1")
        self.assert_refused("run", job, "-o", "x.h5",
                            expected=["x.h5 was made by another job", "-o FILE",
                                      "a: 0.5, 1 in the file, 0.5, 0.7 in the job",
                                      "realizations: 2 in the file, 3 in the job",
                                      "rule: unlearning in the file, l1 in the job"])
        self.assert_refused("run", "made.ini", "seed=2", "-o", "x.h5",
                            expected="They differ in seed: 1 in the file, 2 in the job")
        curie_weiss = ProcessTest.job(self, experiment="curie-weiss")
        self.assert_refused("run", curie_weiss, "-o", "x.h5", expected="experiment: boltzmann in the file, curie-weiss")

    def test_missing(self):
        for command in ("status", "show", "reduce"):
            self.assert_refused(command, "nowhere.h5", expected="there is no file nowhere.h5")

    def test_folder(self):
        (self.folder / "folder.h5").mkdir()
        self.assert_no_command_takes("folder.h5", ["folder.h5 is a folder", "a store (HDF5 file) was expected"])

    def test_text(self):
        (self.folder / "text.h5").write_text("not a store\n")
        self.assert_no_command_takes("text.h5", ["text.h5 cannot be read as HDF5", "foreign or damaged"])

    def test_empty(self):
        (self.folder / "empty.h5").touch()
        self.assert_no_command_takes("empty.h5", ["empty.h5 cannot be read as HDF5", "foreign or damaged"])

    def test_foreign_hdf5(self):
        with h5py.File(self.folder / "foreign.h5", "w") as file:
            file["realizations/done"] = np.zeros(3, np.uint8)
        self.assert_no_command_takes("foreign.h5", ["foreign.h5", "not a store of hypnos"])

    def test_truncated(self):
        whole = (self.folder / "x.h5").read_bytes()
        for size in (100, len(whole) // 2, len(whole) - 1):
            with self.subTest(size=size):
                (self.folder / "short.h5").write_bytes(whole[:size])
                self.assert_no_command_takes("short.h5", ["short.h5 cannot be read as HDF5"])

    def test_other_layouts(self):
        for version in (0, 99):
            with self.subTest(version=version):
                with h5py.File(self.folder / "x.h5", "r+") as file:
                    file.attrs["layout"] = np.array([version])
                self.assert_no_command_takes("x.h5", [f"x.h5 has layout version {version}", "reads versions 1 to 3"])

    def test_missing_folder(self):
        self.assert_refused("run", "made.ini", "-o", "nowhere/y.h5",
                            expected=["there is no folder", "nowhere for the store nowhere/y.h5", "-o FILE"])

    def test_unwritable_folder(self):
        folder = self.folder / "closed"
        folder.mkdir(mode=0o555)
        self.addCleanup(folder.chmod, 0o755)
        self.assert_refused("run", "made.ini", "-o", "closed/y.h5", preexec_fn=as_ordinary_user,
                            expected=["cannot create closed/y.h5", "Permission denied", "-o FILE"])

    def test_full_disk(self):
        # Large, since MPI needs files of some megabytes for itself. The limit is met while arrays are allocated,
        # and when the rest of the layout is written at the end.
        job = self.job(N=10, a=1, realizations=3000)
        self.succeed("run", job, "-o", "x.h5.full")
        size = (self.folder / "x.h5.full").stat().st_size
        (self.folder / "x.h5.full").unlink()
        for limit in (size // 2, size - 10000, size - 1000, size - 1):
            with self.subTest(limit=limit, size=size):
                self.assert_refused("run", job, "-o", "y.h5", preexec_fn=lambda: limit_file_size(limit),
                                    expected=["cannot create y.h5"])

    def test_unreadable_store(self):
        (self.folder / "x.h5").chmod(0)
        before = os.stat(self.folder / "x.h5")
        for words in (["status", "x.h5"], ["verify", "x.h5"], ["reduce", "x.h5"], ["run", "made.ini", "-o", "x.h5"]):
            answer = self.hypnos(*words, preexec_fn=as_ordinary_user)
            self.assertEqual((answer.code, answer.err), (BAD_INPUT, "hypnos: x.h5 cannot be read: Permission denied\n"))
        self.assertEqual(os.stat(self.folder / "x.h5").st_mtime, before.st_mtime)

    def test_store_that_cannot_be_written(self):
        (self.folder / "x.h5").chmod(0o444)
        for words in (["reduce", "x.h5"], ["run", "made.ini", "-o", "x.h5"]):
            self.assert_refused(*words, preexec_fn=as_ordinary_user,
                                expected="x.h5 cannot be written: Permission denied")

    def test_links_that_form_a_loop(self):
        os.symlink("b.h5", self.folder / "a.h5")
        os.symlink("a.h5", self.folder / "b.h5")
        for words in (["run", "made.ini", "-o", "a.h5"], ["reduce", "a.h5"], ["merge", "x.h5", "x.h5", "-o", "a.h5"],
                      ["status", "a.h5"], ["verify", "a.h5"], ["show", "a.h5"], ["replay", "a.h5", "--task", "0"]):
            answer = self.hypnos(*words)
            self.assertEqual((answer.code, answer.err.count("\n")), (BAD_INPUT, 1), answer)
            self.assertIn("Too many levels of symbolic links", answer.err)

    def test_names_that_are_too_long(self):
        name = "n" * 300 + ".h5"
        for words in (["run", "made.ini", "-o", name], ["reduce", name], ["status", name], ["show", name]):
            self.assert_refused(*words, expected="File name too long")
        self.assert_refused("run", "made.ini", "-o", "n" * 240 + ".h5",
                            expected=["has 243 bytes, but at most 200 leave room for files beside it", "-o FILE"])
        self.assert_refused("run", "made.ini", "-o", "x.h5/y.h5", expected="Not a directory")

    def test_what_is_no_regular_file(self):
        os.mkfifo(self.folder / "fifo.h5")
        expected = "fifo.h5 is not a regular file"
        for words in (["run", "made.ini", "-o", "fifo.h5"], ["status", "fifo.h5"], ["show", "fifo.h5"],
                      ["reduce", "fifo.h5"], ["verify", "fifo.h5"], ["merge", "fifo.h5", "x.h5", "-o", "z.h5"],
                      ["merge", "x.h5", "x.h5", "-o", "fifo.h5"]):
            answer = self.hypnos(*words)
            self.assertEqual((answer.code, answer.err.count("\n")), (BAD_INPUT, 1), answer)
            self.assertIn(expected, answer.err)
        answer = self.hypnos("run", "made.ini", "-o", "/dev/null")
        self.assertEqual(answer.code, BAD_INPUT, answer)
        self.assertIn("/dev/null is not a regular file", answer.err)

    def test_limit_of_file_sizes(self):
        # without help from outside: the program ignores the signal
        for limit in (8_000_000, 9_000_000):
            answer = self.hypnos("run", "made.ini", "N=10", "realizations=30000", "-o", "y.h5", preexec_fn=lambda:
                                 resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
            self.assertEqual(answer.code, BAD_INPUT, answer)
            self.assertRegex(answer.err, r"cannot create y.h5 of \d+ MB: File too large; choose another place")
            self.assertEqual(sorted(self.files()), ["made.ini", "x.h5"])

    def test_a_rename_that_fails(self):
        # a mount point cannot be replaced
        target = self.folder / "x.h5"
        if subprocess.run(["mount", "--bind", target, target], capture_output=True).returncode != 0:
            self.skipTest("only root can make a mount point")
        self.addCleanup(subprocess.run, ["umount", "--lazy", target], check=True)
        self.assert_refused("run", "made.ini", "realizations=3", "--extend", "-o", "x.h5",
                            expected="cannot put the new store in the place of x.h5: Device or resource busy")


class LongPaths(Refusal):
    """Open MPI keeps absolute paths in 256 bytes."""

    def test_long_folders(self):
        self.job(realizations=2)
        for length, ranks in ((250, None), (320, 2), (900, None)):
            with self.subTest(length=length, ranks=ranks):
                folder = self.folder
                while len(str(folder)) < length:
                    folder /= "f" * min(100, length - len(str(folder)))
                folder.mkdir(parents=True, exist_ok=True)
                store = str(folder / "x.h5")
                self.succeed("run", "job.ini", "-o", store, ranks=ranks)
                self.succeed("run", "job.ini", "realizations=3", "--extend", "-o", store, ranks=ranks)
                self.succeed("verify", store)
                self.assertEqual([path.name for path in folder.iterdir() if path.is_file()], ["x.h5"])

    def test_longest_name(self):
        job = self.job(realizations=2)
        for ranks in (None, 2):
            self.succeed("run", job, "-o", "n" * 197 + ".h5", ranks=ranks)


class Repeats(Refusal):
    """replay, merge, --extend of undamaged stores."""

    def setUp(self):
        super().setUp()
        self.succeed("run", self.job(realizations=2), "-o", "x.h5")

    def test_replay(self):
        self.assert_refused("replay", "x.h5", expected=["no task is given", "usage: hypnos replay FILE [TASK]"])
        self.assert_refused("replay", "x.h5", "--task", "four", expected=["'four'", "usage: hypnos replay"])
        self.assert_refused("replay", "x.h5", "four", expected=["'four'", "usage: hypnos replay"])
        self.assert_refused("replay", "x.h5", "1", "--task", "1", expected=["the task is given twice", "usage: hypnos"])
        self.assert_refused("replay", "x.h5", "4", expected="task 4, but x.h5 has tasks 0 to 3")
        self.assertEqual(self.succeed("replay", "x.h5", "2").out, self.succeed("replay", "x.h5", "--task", "2").out)
        self.assert_refused("replay", "x.h5", "--task", "4", expected="task 4, but x.h5 has tasks 0 to 3")
        self.assert_refused("replay", "x.h5", "--task", "-1", expected=["task '-1' is not a whole number", "usage"])
        with h5py.File(self.folder / "x.h5", "r+") as file:
            file["realizations/done"][0, 1] = 0
        self.assert_refused("replay", "x.h5", "--task", "1", expected=["task 1 of x.h5 is not done"])

    def test_merge(self):
        self.assert_refused("merge", "x.h5", "-o", "z.h5", expected="usage: hypnos merge FILE FILE ... -o FILE")
        self.assert_refused("merge", "x.h5", "y.h5", expected=["output", "usage: hypnos merge"])
        self.assert_refused("merge", "x.h5", "y.h5", "-o", "z.h5", expected="there is no file y.h5")
        self.assert_refused("merge", "x.h5", "x.h5", "-o", "z.h5", expected=["x.h5 has realizations 2 in common"])
        self.succeed("run", "job.ini", "realizations=2:3", "seed=2", "-o", "y.h5")
        self.assert_refused("merge", "x.h5", "y.h5", "-o", "z.h5",
                            expected=["y.h5 is of another job than x.h5", "seed: 1 in x.h5, 2 in y.h5"])
        self.succeed("run", "job.ini", "realizations=1:3", "-o", "w.h5")
        self.assert_refused("merge", "x.h5", "w.h5", "-o", "z.h5", expected="w.h5 has realizations 1:1 in common")
        self.succeed("run", "job.ini", "realizations=2:3", "-o", "v.h5")
        self.assert_refused("merge", "x.h5", "v.h5", "-o", "w.h5", expected=["w.h5 exists", "-o FILE"])
        self.assert_refused("merge", "x.h5", "v.h5", "-o", "nowhere/z.h5", expected=["cannot create nowhere/z.h5"])

    def test_extend(self):
        self.assert_refused("run", "job.ini", "--extend", "-o", "y.h5", expected="there is no file y.h5 to extend")
        for words, reason in ((["seed=2"], "its seed is 1, not 2"),
                              (["realizations=1"], "it has realizations 2, the job 1"),
                              (["realizations=1:5"], "it has realizations 2, the job 1:5"),
                              (["a=1, 0.7"], "the job lacks a = 0.5"),
                              (["rule=l1"], "the job lacks rule = unlearning")):
            self.assert_refused("run", "job.ini", "--extend", "-o", "x.h5", *words,
                                expected=["x.h5 cannot be extended to this job", reason])
        self.assert_refused("run", "job.ini", "-o", "x.h5", "realizations=3",
                            expected=["x.h5 was made by another job", "--extend"])

    def test_full_disk(self):
        # an extension and a merged store are written beside the existing files
        self.succeed("run", "job.ini", "realizations=2:3000", "-o", "y.h5")
        size = (self.folder / "y.h5").stat().st_size
        limited = {"preexec_fn": lambda: limit_file_size(size - 1)}
        self.assert_refused("merge", "x.h5", "y.h5", "-o", "z.h5", expected="cannot create z.h5", **limited)
        self.assert_refused("run", "job.ini", "realizations=3001", "--extend", "-o", "x.h5",
                            expected="cannot create x.h5", **limited)


class Locks(Refusal):
    """Two jobs on one store."""

    def setUp(self):
        super().setUp()
        self.succeed("run", self.job(), "-o", "x.h5")
        self.host = os.uname().nodename

    def lock(self, host, process):
        """The lock of `process`, with its start time in the kernel's ticks."""
        stat = Path(f"/proc/{process}/stat")
        begin = stat.read_text().rpartition(")")[2].split()[19] if stat.exists() else 1
        (self.folder / "x.h5.lock").write_text(f"{host} {process} {begin}\n")

    def test_a_living_owner_keeps_the_store(self):
        self.lock(self.host, os.getpid())
        expected = [f"x.h5 is being written by process {os.getpid()} on {self.host}", "remove x.h5.lock"]
        self.assert_refused("run", "job.ini", "-o", "x.h5", expected=expected)
        self.assert_refused("reduce", "x.h5", expected=expected)
        self.assertEqual(self.hypnos("status", "x.h5").code, DONE)

    def test_an_owner_on_another_host_keeps_the_store(self):
        self.lock("another-host", 1)
        self.assert_refused("run", "job.ini", "-o", "x.h5", expected="process 1 on another-host")

    def test_a_later_process_of_the_same_number_does_not_keep_it(self):
        (self.folder / "x.h5.lock").write_text(f"{self.host} {os.getpid()} 12\n")
        self.succeed("run", "job.ini", "-o", "x.h5")

    def test_an_owner_on_another_host_that_does_not_refresh_it_loses_it(self):
        self.lock("another-host", 1)
        os.utime(self.folder / "x.h5.lock", (time.time() - 360,) * 2)
        self.succeed("run", "job.ini", "-o", "x.h5")
        self.assertEqual(sorted(self.files()), ["job.ini", "x.h5"])

    def test_a_dead_owner_loses_it(self):
        dead = subprocess.Popen(["true"])
        dead.wait()
        self.lock(self.host, dead.pid)
        self.succeed("run", "job.ini", "-o", "x.h5")
        self.assertEqual(sorted(self.files()), ["job.ini", "x.h5"])

    def test_a_job_of_slurm_that_was_started_again_on_another_node(self):
        (self.folder / "x.h5.lock").write_text("another-host 1 1 c/77 0\n")
        slurm = {"SLURM_CLUSTER_NAME": "c", "SLURM_JOB_ID": "77"}
        for changed in ({}, {"SLURM_RESTART_COUNT": "0"}, {"SLURM_JOB_ID": "78", "SLURM_RESTART_COUNT": "1"}):
            self.environment = {**type(self).environment, **slurm, **changed}
            self.assert_refused("run", "job.ini", "-o", "x.h5",
                                expected="process 1 on another-host (Slurm job 77); wait for it")
        self.environment = {**type(self).environment, **slurm, "SLURM_RESTART_COUNT": "1"}
        self.succeed("run", "job.ini", "-o", "x.h5")
        self.assertEqual(sorted(self.files()), ["job.ini", "x.h5"])

    def test_a_zombie_owner_loses_it(self):
        # Killed processes stay in the table until their parent waits for them, in some containers without end.
        zombie = subprocess.Popen(["true"])
        os.waitid(os.P_PID, zombie.pid, os.WEXITED | os.WNOWAIT)
        self.addCleanup(zombie.wait)
        self.lock(self.host, zombie.pid)
        self.succeed("run", "job.ini", "-o", "x.h5")

    def test_a_running_job_keeps_its_store(self):
        job = self.job(N=14, max_steps=2000, realizations=1000)
        first = self.start("run", job, "-o", "y.h5")
        while not (self.folder / "y.h5").exists():
            self.assertIsNone(first.poll())
        answer = self.hypnos("run", job, "-o", "y.h5")
        self.assertEqual((answer.code, answer.err.count("\n")), (BAD_INPUT, 1), answer)
        self.assertIn(f"y.h5 is being written by process {first.pid} on {self.host}", answer.err)


class UnderMpirun(Refusal):
    """One line for all ranks."""

    def test_one_line_whatever_the_number_of_ranks(self):
        job = self.job()
        self.succeed("run", job, "-o", "x.h5")
        self.assert_refused("run", job, "alhpa=1", ranks=3, expected="unknown parameter 'alhpa'")
        self.assert_refused("run", job, "a=0.3", "-o", "x.h5", ranks=3, expected="x.h5 was made by another job")
        self.assert_refused("run", job, "--ranks-per-task", 2, ranks=3,
                            expected="--ranks-per-task 2 does not divide the 3 ranks")


    def test_only_the_first_rank_ends_with_the_code(self):
        # mpirun ends all ranks when one fails. If it were another one, the first could end before it prints the reason.
        job = self.job()
        script = f"{HYPNOS} run {job} alhpa=1 2>/dev/null; echo rank $OMPI_COMM_WORLD_RANK ends with $?"
        mpirun = ["timeout", "-k", "5", "60", "mpirun", "--bind-to", "none", "-n", "3"]
        process = subprocess.run([*mpirun, "sh", "-c", script], cwd=self.folder, env=self.environment,
                                 capture_output=True, text=True)
        self.assertEqual(sorted(process.stdout.splitlines()),
                         ["rank 0 ends with 2", "rank 1 ends with 0", "rank 2 ends with 0"], process.stderr)


def as_ordinary_user():
    """In a new process: root loses its right to ignore permissions."""
    PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 24, 1, 2
    for capability in (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH):
        ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)


def limit_file_size(size):
    """In a new process: writing beyond `size` bytes fails, as it does on a full disk."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


if __name__ == "__main__":
    unittest.main()
