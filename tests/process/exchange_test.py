"""A store has one writer, whatever it is called, and a job notices when its store is exchanged."""

import os
import shutil
import signal
import time
import unittest

from hypnos_process import BAD_INPUT, INCOMPLETE, MOCK, ProcessTest, rows

import h5py
import numpy as np

JOB = {"experiment": "mock", "steps": 10, "step_seconds": 0.01, "size": 3, "realizations": 30, "trace": "trace"}


def error_lines(err):
    """The program's lines about an error; MPI adds its own."""
    return [line for line in err.splitlines() if line.startswith("hypnos: ")]


class Running(ProcessTest):
    program = MOCK

    def start_job(self, *words, ranks=None):
        """Starts the job; returns when it has done some tasks."""
        process = self.start("run", "job.ini", "-o", "x.h5", "--quiet", *words, ranks=ranks)
        trace = self.folder / "trace"
        while not trace.exists() or trace.read_text().count("end") < 3:
            self.assertIsNone(process.poll())
            time.sleep(0.01)
        return process


class Names(Running):
    def test_a_second_writer_by_another_name(self):
        self.job(**{**JOB, "realizations": 1000})
        first = self.start_job()
        (self.folder / "sub").mkdir()
        os.symlink("x.h5", self.folder / "l.h5")
        os.symlink("../l.h5", self.folder / "sub/chain.h5")
        os.link(self.folder / "x.h5", self.folder / "h.h5")
        for name in ("h.h5", "l.h5", "x.h5"):
            for words in (["run", "job.ini", "-o", name], ["reduce", name]):
                answer = self.hypnos(*words)
                self.assertEqual(answer.code, BAD_INPUT, answer)
                self.assertIn("has 2 names (hard links)", answer.err)
        os.unlink(self.folder / "h.h5")
        for name in ("l.h5", "sub/chain.h5"):
            for words in (["run", "job.ini", "-o", name], ["reduce", name]):
                answer = self.hypnos(*words)
                self.assertEqual(answer.code, BAD_INPUT, answer)
                self.assertIn(f"is being written by process {first.pid}", answer.err)
        self.assertEqual(self.store("x.h5")["writing"][()], 1)
        os.kill(first.pid, signal.SIGUSR1)
        first.communicate(timeout=60)
        self.assertEqual(first.returncode, INCOMPLETE)
        self.assertEqual(self.hypnos("run", "job.ini", "-o", "sub/chain.h5", "--time-limit", "0").code, INCOMPLETE)
        self.assertTrue((self.folder / "l.h5").is_symlink())
        self.succeed("verify", "l.h5")

    def test_a_link_to_a_file_that_does_not_exist(self):
        self.job(**{**JOB, "step_seconds": 0, "trace": "", "realizations": 3})
        (self.folder / "scratch").mkdir()
        os.symlink("scratch/away.h5", self.folder / "x.h5")
        self.succeed("run", "job.ini", "-o", "x.h5", ranks=2)
        self.assertTrue((self.folder / "x.h5").is_symlink())
        self.assertEqual([path.name for path in (self.folder / "scratch").iterdir()], ["away.h5"])
        self.succeed("run", "job.ini", "realizations=5", "-o", "x.h5", "--extend")
        self.assertTrue((self.folder / "x.h5").is_symlink())
        self.assertEqual(self.store("scratch/away.h5")["realizations/done"].shape, (5,))
        os.symlink("scratch/merged.h5", self.folder / "m.h5")
        self.succeed("run", "job.ini", "realizations=5:6", "-o", "y.h5")
        self.succeed("merge", "x.h5", "y.h5", "-o", "m.h5")
        self.assertTrue((self.folder / "scratch/merged.h5").is_file())


class Exchanged(Running):
    """The job stops with a line, leaves what stands at its place alone, and keeps what can be kept."""

    def assert_stops(self, process, expected, ranks=None):
        out, err = process.communicate(timeout=60)
        self.assertEqual(process.returncode, BAD_INPUT, err)
        lines = error_lines(err)
        self.assertIn(len(lines), range(1, 1 + (ranks or 1)), err)  # all ranks may notice it at once
        for line in lines:
            self.assertIn(f"{expected} while this job wrote to it", line)
        self.assertNotIn("sum", out)
        return lines[0]

    def check(self, exchange, ranks, expected):
        self.job(**JOB)
        process = self.start_job(ranks=ranks)
        self.succeed("run", "job.ini", "seed=2", "step_seconds=0", "-o", "other.h5")
        before = (self.folder / "other.h5").read_bytes()
        exchange(self.folder / "x.h5", self.folder / "other.h5")
        line = self.assert_stops(process, expected, ranks)
        if (self.folder / "x.h5").exists():
            self.assertEqual((self.folder / "x.h5").read_bytes(), before)
        return line

    def assert_continues(self, name):
        """The rows that were kept are those of the job, and it goes on with them."""
        self.assertGreaterEqual(np.count_nonzero(rows(self.store(name), "done")), 3)
        self.succeed("verify", name)
        os.replace(self.folder / name, self.folder / "x.h5")
        self.succeed("run", "job.ini", "-o", "x.h5")
        self.succeed("run", "job.ini", "-o", "reference.h5")
        self.assert_same_bits("reference.h5", "x.h5")

    def test_deleted(self):
        for ranks in (None, 2):
            with self.subTest(ranks=ranks):
                (self.folder / "trace").unlink(missing_ok=True)
                (self.folder / "reference.h5").unlink(missing_ok=True)
                (self.folder / "x.h5").unlink(missing_ok=True)
                line = self.check(lambda path, other: path.unlink(), ranks, "x.h5 was deleted or moved")
                self.assertIn("its rows were saved as x.h5.rescued", line)
                self.assert_continues("x.h5.rescued")

    def test_replaced(self):
        line = self.check(lambda path, other: os.replace(shutil.copy(other, self.folder / "copy.h5"), path), None,
                          "x.h5 was replaced by another file")
        self.assertIn("its rows were saved as x.h5.rescued", line)
        self.assert_continues("x.h5.rescued")

    def test_moved(self):
        line = self.check(lambda path, other: path.rename(self.folder / "moved.h5"), None, "x.h5 was deleted or moved")
        self.assertIn("its rows are in the file that was moved", line)
        self.assert_continues("moved.h5")

    def test_overwritten_in_place(self):
        for ranks in (None, 2):
            with self.subTest(ranks=ranks):
                for name in ("trace", "x.h5", "other.h5"):
                    (self.folder / name).unlink(missing_ok=True)
                line = self.check(lambda path, other: path.write_bytes(other.read_bytes()), ranks,
                                  "x.h5 was overwritten with another file")
                self.assertIn("its rows are lost", line)
                self.succeed("verify", "x.h5")


class Edited(ProcessTest):
    """Rows and the job beside them belong together."""

    program = MOCK

    def setUp(self):
        super().setUp()
        self.succeed("run", self.job(**{**JOB, "step_seconds": 0, "trace": "", "realizations": 4}), "-o", "x.h5")

    def edit(self, *replacements, **attributes):
        with h5py.File(self.folder / "x.h5", "r+") as file:
            job = file.attrs["job"]
            for old, new in replacements:
                self.assertIn(old, job)
                job = job.replace(old, new)
            file.attrs["job"] = job
            for name, value in attributes.items():
                file.attrs[name] = value

    def test_an_edited_job(self):
        # the attributes agree with each other; only the rows contradict them
        self.edit(("seed = 1", "seed = 2"), seed=np.array([2]))
        before = self.files()
        answer = self.hypnos("verify", "x.h5")
        self.assertEqual(answer.code, BAD_INPUT)
        self.assertIn("none of its 4 done rows has its checksum", answer.out)
        for words in (["seed=2"], ["seed=2", "realizations=5", "--extend"]):
            answer = self.hypnos("run", "job.ini", *words, "-o", "x.h5")
            self.assertEqual(answer.code, BAD_INPUT, answer)
            self.assertIn("none of its 4 done rows has its checksum, so its job, seed or experiment is not that",
                          answer.err)
        self.assertEqual(self.files(), before)

    def test_damaged_rows_are_not_taken(self):
        self.succeed("run", "job.ini", "-o", "reference.h5")
        whole = (self.folder / "x.h5").read_bytes()
        with h5py.File(self.folder / "x.h5", "r+") as file:
            for name in ("sum", "walk", "shared", "multiples", "checksum"):  # whole rows, with their checksums
                values = file["realizations"][name]
                values[1], values[2] = values[2], values[1]
            mean = float(np.mean(file["realizations/walk"][()][[0, 3]]))
        damaged = (self.folder / "x.h5").read_bytes()
        answer = self.hypnos("reduce", "x.h5")
        self.assertEqual(answer.code, BAD_INPUT, answer)
        self.assertIn("x.h5: summary of 2 of 4 tasks", answer.out)
        self.assertIn("2 done rows do not have their checksum and are left out", answer.err)
        with h5py.File(self.folder / "x.h5", "r") as file:
            self.assertAlmostEqual(float(file["summary/walk_mean"][()]), mean, delta=1e-12)
            self.assertEqual(int(file["summary/walk_count"][()]), 2)
        self.succeed("run", "job.ini", "realizations=4:5", "-o", "y.h5")
        answer = self.succeed("merge", "x.h5", "y.h5", "-o", "z.h5")
        self.assertEqual(answer.out, "z.h5: 4 of 6 tasks done\n")
        self.assertIn("2 done rows of the parts do not have their checksum and are left open", answer.err)
        # although the last run ended cleanly
        answer = self.succeed("run", "job.ini", "-o", "x.h5")
        self.assertIn("x.h5: 2 damaged rows are computed anew", answer.err)
        self.assert_same_bits("reference.h5", "x.h5")
        for base in (whole, damaged):
            (self.folder / "x.h5").write_bytes(base)
            self.succeed("run", "job.ini", "realizations=6", "-o", "x.h5", "--extend")
            (self.folder / "six.h5").unlink(missing_ok=True)
            self.succeed("run", "job.ini", "realizations=6", "-o", "six.h5")
            self.assert_same_bits("six.h5", "x.h5")


if __name__ == "__main__":
    unittest.main()
