"""A full disk is reported in one line, finished rows are kept, and the job continues when there is space again."""

import os
import resource
import signal
import subprocess
import time
import unittest
import zlib

from hypnos_process import BAD_INPUT, DONE, DONE_ROW, INCOMPLETE, MOCK, ProcessTest, descendants, is_rank, rows

import h5py
import numpy as np

JOB = {"experiment": "mock", "steps": 10, "step_seconds": 0.01, "size": 20000, "realizations": 10, "trace": "trace"}


def error_lines(err):
    """The program's lines about an error; MPI adds its own."""
    return [line for line in err.splitlines() if line.startswith("hypnos: ")]


class Disk(ProcessTest):
    program = MOCK

    def start_job(self, *words, ranks=None):
        """Starts the job; returns when it has done some tasks."""
        process = self.start("run", "job.ini", "-o", "x.h5", "--quiet", *words, ranks=ranks)
        trace = self.folder / "trace"
        while not trace.exists() or trace.read_text().count("end") < 3:
            self.assertIsNone(process.poll())
            time.sleep(0.01)
        return process

    def stop_half_way(self):
        process = self.start_job()
        os.kill(process.pid, signal.SIGUSR1)
        process.communicate(timeout=60)
        self.assertEqual(process.returncode, INCOMPLETE)

    def done_rows(self, locking=None):
        """Checksums of the rows that are done; the flags are read first, since the job may be running."""
        with h5py.File(self.folder / "x.h5", "r", locking=locking) as file:
            done = np.flatnonzero(rows(file, "done") == DONE_ROW)
            columns = [rows(file, name) for name in ("checksum", "walk", "multiples")]
            return {int(task): zlib.crc32(b"".join(column[task].tobytes() for column in columns)) for task in done}

    def assert_goes_on(self, before, ranks=None):
        self.assertLessEqual(before.items(), self.done_rows().items())
        self.succeed("run", "job.ini", "-o", "x.h5", "--quiet", ranks=ranks)
        self.succeed("run", "job.ini", "-o", "reference.h5", "--quiet", ranks=2)
        self.assert_same_bits("reference.h5", "x.h5")
        self.assertEqual({name for name in self.files() if name.startswith("x.h5")}, {"x.h5"})


class FullDisk(Disk):
    """A limit of the sizes of files takes the place of a full disk."""

    def command(self, *words, ranks=None):
        # a process that exceeds the limit also gets a signal, and writing fails only if it ignores the signal
        *launcher, program = super().command(ranks=ranks)
        return [*launcher, "env", "--ignore-signal=XFSZ", program, *map(str, words)]

    def test_while_rows_are_written(self):
        for ranks in (None, 2):
            with self.subTest(ranks=ranks):
                for old in ("x.h5", "reference.h5", "trace"):
                    (self.folder / old).unlink(missing_ok=True)
                self.job(**JOB)
                process = self.start_job(ranks=ranks)
                before = self.done_rows(locking=False)
                for rank in filter(is_rank, [process.pid, *descendants(process.pid)]):
                    # the numbers of rows come after the first thousand bytes
                    resource.prlimit(rank, resource.RLIMIT_FSIZE, (1000, resource.RLIM_INFINITY))
                out, err = process.communicate(timeout=60)
                self.assertNotIn(process.returncode, (DONE, INCOMPLETE), err)
                lines = error_lines(err)
                self.assertIn(len(lines), range(1, (ranks or 1) + 1), err)  # each rank that meets the end says so
                for line in lines:
                    self.assertRegex(line, r"^hypnos: rank \d, task \d \(realization \d\): HDF5 could not write .*; "
                                           r"writing a trial file in .* fails too: File too large$")
                self.assert_goes_on(before, ranks=ranks)

    def test_no_place_for_checkpoints(self):
        # they are not part of the results: the job continues without them
        self.job(**JOB)
        (self.folder / "x.h5.checkpoints").touch()  # where a folder should be; permissions would not stop root
        answer = self.succeed("run", "job.ini", "-o", "x.h5", "--quiet", "--checkpoint-interval", "0.05")
        for line in answer.err.splitlines():
            self.assertRegex(line, "^hypnos: .*x.h5.checkpoints.*; the job continues without it$")
        self.assertTrue(answer.err)


class SmallDisk(Disk):
    """A disk of a few megabytes, where the test may create one."""

    def setUp(self):
        super().setUp()
        self.disk = self.folder / "disk"
        self.disk.mkdir()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "hypnos-test", self.disk],
                          capture_output=True).returncode != 0:
            self.skipTest("only root can make a small disk")
        self.addCleanup(subprocess.run, ["umount", "--lazy", self.disk], check=True)
        self.folder = self.disk  # jobs run there; the base class removes the folder above

    def fill(self, left):
        """Leaves this many bytes."""
        state = os.statvfs(self.disk)
        with open(self.disk / "ballast", "wb") as file:
            os.posix_fallocate(file.fileno(), 0, state.f_bavail * state.f_frsize - left)

    def test_creation(self):
        self.job(**{**JOB, "trace": "", "step_seconds": 0})
        self.fill(1 << 20)
        before = sorted(self.files())
        for ranks in (None, 2):
            answer = self.hypnos("run", "job.ini", "-o", "x.h5", ranks=ranks)
            self.assertEqual(answer.code, BAD_INPUT, answer)
            self.assertEqual(len(error_lines(answer.err)), 1, answer)
            self.assertIn("cannot create x.h5 of 4 MB: No space left on device", error_lines(answer.err)[0])
            self.assertEqual(sorted(self.files()), before)
        (self.disk / "ballast").unlink()
        self.succeed("run", "job.ini", "-o", "x.h5")

    def test_while_rows_are_written(self):
        # The store has its space on the disk from the beginning, except on disks that allocate new space for every
        # write. Holes in the file have this effect.
        for ranks in (None, 2):
            with self.subTest(ranks=ranks):
                for old in ("x.h5", "reference.h5", "trace", "ballast"):
                    (self.disk / old).unlink(missing_ok=True)
                self.job(**JOB)
                process = self.start_job(ranks=ranks)
                with h5py.File(self.disk / "x.h5", "r", locking=False) as file:
                    numbers = file["realizations/multiples"].id
                    begin, size = numbers.get_offset(), numbers.get_storage_size()
                before = self.done_rows(locking=False)
                size //= JOB["realizations"]
                half = JOB["realizations"] // 2
                subprocess.run(["fallocate", "--punch-hole", "--offset", str(begin + half * size), "--length",
                                str(half * size), self.disk / "x.h5"], check=True)
                self.fill(0)
                out, err = process.communicate(timeout=60)
                self.assertNotIn(process.returncode, (DONE, INCOMPLETE), err)
                # a rank that ends because the other failed may print that it cannot write its checkpoint
                lines = [line for line in error_lines(err) if "checkpoint" not in line]
                self.assertIn(len(lines), range(1, (ranks or 1) + 1), err)
                for line in lines:
                    self.assertRegex(line, r"^hypnos: rank \d, task \d \(realization \d\): HDF5 could not write .*; "
                                           rf"the disk of {self.disk} is full \(\d+ bytes free\)$")
                self.assertEqual(list(self.disk.glob("*trial*")), [])
                (self.disk / "ballast").unlink()
                self.assert_goes_on({task: row for task, row in before.items() if task < half}, ranks=ranks)

    def test_no_space_beside_the_store(self):
        # the store has its space already: rows are written; checkpoints of long tasks and an extension are not
        self.job(**JOB)
        self.stop_half_way()
        before = self.done_rows()
        # a stop between two tasks leaves no checkpoint
        kept = {path: path.read_bytes() for path in self.disk.glob("x.h5.checkpoints/*")}
        self.assertLessEqual(len(kept), 1)
        self.fill(0)
        answer = self.hypnos("run", "job.ini", "realizations=20", "-o", "x.h5", "--extend")
        self.assertEqual(answer.code, BAD_INPUT, answer)
        self.assertEqual(len(error_lines(answer.err)), 1, answer)
        self.assertIn("No space left on device", error_lines(answer.err)[0])
        self.assertEqual(self.done_rows(), before)
        self.assertEqual({path: path.read_bytes() for path in kept}, kept)
        (self.disk / "ballast").unlink()
        self.assert_goes_on(before)

    def test_a_checkpoint(self):
        # The checkpoint before stays: a full disk does not remove it.
        self.job(**{**JOB, "realizations": 1, "steps": 150})
        process = self.start("run", "job.ini", "-o", "x.h5", "--quiet", "--checkpoint-interval", "0.2")
        kept = self.disk / "x.h5.checkpoints/task-0"
        while not kept.exists():
            self.assertIsNone(process.poll())
            time.sleep(0.01)
        self.fill(0)
        time.sleep(0.5)
        os.kill(process.pid, signal.SIGUSR1)
        _, err = process.communicate(timeout=60)
        self.assertEqual(process.returncode, INCOMPLETE, err)
        self.assertIn("hypnos: cannot write the checkpoint x.h5.checkpoints/task-0.tmp: No space left on device; "
                      "the job continues without it", err)
        self.assertEqual([path.name for path in kept.parent.iterdir()], ["task-0"])
        (self.disk / "ballast").unlink()
        self.succeed("run", "job.ini", "-o", "x.h5", "--quiet")
        begins = [int(line.split()[2]) for line in (self.disk / "trace").read_text().splitlines() if line[0] == "b"]
        self.assertEqual(len(begins), 2)
        self.assertGreater(begins[1], 0)
        self.assertEqual(self.store("x.h5")["realizations/sum"][0], 150 * 151 / 2)
        self.assertEqual({name for name in self.files() if name.startswith("x.h5")}, {"x.h5"})


if __name__ == "__main__":
    unittest.main()
