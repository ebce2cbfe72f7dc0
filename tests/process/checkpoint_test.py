"""The checkpoint of a long task survives any kill, and no other task uses it."""

import os
import random
import shutil
import signal
import struct
import sys
import tempfile
import time
import unittest
import zlib
from pathlib import Path

from hypnos_process import INCOMPLETE, MOCK, ProcessTest, descendants, kill, wait_for_end

import numpy as np

JOB = {"experiment": "mock", "steps": 60, "step_seconds": 0.01, "realizations": 2, "size": 1000, "trace": "trace"}
HEADER = struct.Struct("=8sQQII")  # magic, task, numbers, CRC-32 of the job, CRC-32 of the state


class Checkpoints(ProcessTest):
    program = MOCK

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reference_folder = Path(tempfile.mkdtemp(prefix="hypnos-test-"))
        cls.addClassCleanup(shutil.rmtree, cls.reference_folder)

    def setUp(self):
        super().setUp()
        self.job(**JOB)
        reference = self.reference_folder / "reference.h5"
        if not reference.exists():
            self.succeed("run", "job.ini", "-o", reference, "--quiet", ranks=2)
            (self.folder / "trace").unlink()
        shutil.copy(reference, self.folder)
        self.kept = self.folder / "x.h5.checkpoints"

    def begins(self):
        """The steps at which attempts began, in order: realization, step."""
        lines = (self.folder / "trace").read_text().splitlines()
        return [tuple(map(int, line.split()[1:])) for line in lines if line.startswith("begin")]

    def stop_at_work(self, *words):
        """Runs the job until its first task has written a checkpoint."""
        process = self.start("run", "job.ini", "-o", "x.h5", "--quiet", *words)
        while not (self.folder / "trace").exists():
            self.assertIsNone(process.poll())
            time.sleep(0.01)
        time.sleep(0.25)
        os.kill(process.pid, signal.SIGUSR1)
        process.communicate(timeout=60)
        self.assertEqual(process.returncode, INCOMPLETE)
        self.assertEqual(sorted(path.name for path in self.kept.iterdir()), ["task-0"])

    def finish(self):
        self.succeed("run", "job.ini", "-o", "x.h5", "--quiet")
        self.assert_same_bits("reference.h5", "x.h5")
        self.assertEqual(sorted(self.files()), ["job.ini", "reference.h5", "trace", "x.h5"])


class Kept(Checkpoints):
    def test_work_is_saved(self):
        self.stop_at_work()
        (self.kept / "task-1.tmp").write_bytes(b"as a kill leaves it")
        self.finish()
        (_, first), (_, resumed), (_, second) = self.begins()
        self.assertEqual((first, second), (0, 0))
        self.assertGreater(resumed, 0)

    def test_a_damaged_file_is_not_used(self):
        self.stop_at_work()
        path = self.kept / "task-0"
        whole = path.read_bytes()
        flips = [0, 9, 17, 25, 29, HEADER.size, HEADER.size + 11, len(whole) - 1]
        damaged = [whole[:size] for size in (0, 1, HEADER.size - 1, HEADER.size, HEADER.size + 8, len(whole) - 1)]
        damaged += [whole[:at] + bytes([whole[at] ^ 0x41]) + whole[at + 1:] for at in flips]
        damaged += [whole + b"x" * 8, whole + whole, b"\0" * len(whole), os.urandom(4096)]
        store = (self.folder / "x.h5").read_bytes()
        for content in damaged:
            with self.subTest(size=len(content)):
                self.kept.mkdir(exist_ok=True)
                path.write_bytes(content)
                (self.folder / "x.h5").write_bytes(store)
                (self.folder / "trace").unlink()
                self.assertEqual(self.begin_and_kill(), (0, 0))
        self.kept.mkdir(exist_ok=True)
        path.write_bytes(damaged[-1])
        self.finish()

    def begin_and_kill(self):
        """The step at which the first attempt of a new run begins."""
        process = self.start("run", "job.ini", "-o", "x.h5", "--quiet")
        while not (self.folder / "trace").exists() or not self.begins():
            self.assertIsNone(process.poll())
            time.sleep(0.002)
        process.kill()
        process.communicate()
        return self.begins()[0]

    def test_a_whole_file_is_used(self):
        # otherwise the test before would prove nothing
        self.stop_at_work()
        (self.folder / "trace").unlink()
        self.assertGreater(self.begin_and_kill()[1], 0)

    def test_that_of_another_task_or_job_is_not_used(self):
        self.stop_at_work()
        content = (self.kept / "task-0").read_bytes()
        self.kept.joinpath("task-1").write_bytes(content)  # the other realization
        self.finish()
        self.assertEqual([step for realization, step in self.begins() if realization == 1], [0])
        # the same task of a job with another seed
        (self.folder / "x.h5").unlink()
        (self.folder / "trace").unlink()
        self.kept.mkdir()
        self.kept.joinpath("task-0").write_bytes(content)
        self.succeed("run", "job.ini", "seed=2", "-o", "x.h5", "--quiet")
        self.assertEqual(self.begins(), [(0, 0), (1, 0)])

    def test_its_checksums_are_those_of_zlib(self):
        self.stop_at_work()
        content = (self.kept / "task-0").read_bytes()
        magic, task, count, _, state = HEADER.unpack_from(content)
        self.assertEqual((magic, task, count), (b"hypnosc2", 0, len(content) - HEADER.size))
        self.assertEqual(state, zlib.crc32(content[HEADER.size:]))
        # one stage, of so many bytes, which begin with the step and the sum
        stages, size, step, total = struct.unpack_from("=QQid", content, HEADER.size)
        self.assertEqual((stages, size), (1, count - 16))
        self.assertEqual(total, step * (step + 1) / 2)

    def test_that_of_another_program_is_not_used(self):
        self.stop_at_work()
        file = self.kept / "task-0"
        content = bytearray(file.read_bytes())
        content[HEADER.size - 8] ^= 1  # the identity of job and program
        file.write_bytes(content)
        (self.folder / "trace").unlink()
        self.finish()
        self.assertEqual(self.begins()[0], (0, 0))


class Kills(Checkpoints):
    """Kills at random moments while the state is written every hundredth of a second. HYPNOS_KILL_SEED=… repeats
    them."""

    def setUp(self):
        super().setUp()
        seed = int(os.environ.get("HYPNOS_KILL_SEED", random.SystemRandom().randrange(2**32)))
        self.random = random.Random(seed)
        print(f"HYPNOS_KILL_SEED={seed}", end=" ", file=sys.stderr, flush=True)

    def suffer(self, kills, ranks, ranks_per_task=1):
        for _ in range(kills):
            begun = len(self.begins()) if (self.folder / "trace").exists() else 0
            process = self.start("run", "job.ini", "-o", "x.h5", "--quiet", "--checkpoint-interval", "0.01",
                                 "--ranks-per-task", ranks_per_task, ranks=ranks)
            while process.poll() is None and (not (self.folder / "trace").exists() or len(self.begins()) == begun):
                time.sleep(0.002)
            time.sleep(self.random.uniform(0, 0.25))
            family = [process.pid, *descendants(process.pid)]
            kill(family)
            process.communicate(timeout=60)
            self.assertEqual(wait_for_end(family), [])
            if self.hypnos("status", "x.h5").code != INCOMPLETE:
                break
        last = len(self.begins())
        self.finish()
        print([step for _, step in self.begins()], end=" ... ", file=sys.stderr, flush=True)
        self.assertTrue(any(step > 0 for _, step in self.begins()[:last + 1]), "no state outlived a kill")

    def test_one_process(self):
        self.suffer(6, None)

    def test_a_team(self):
        self.suffer(3, 2, ranks_per_task=2)


if __name__ == "__main__":
    unittest.main()
