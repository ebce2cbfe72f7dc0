"""Checks of a store: verify, replay, status --watch; and ten thousand tasks."""

import os
import pty
import random
import re
import subprocess
import time
import unittest

from hypnos_process import (BAD_INPUT, DONE, FAILED_ROW, INCOMPLETE, MOCK, OPEN_ROW, SOME_FAILED, ProcessTest, rows,
                            write_message)

import h5py
import numpy as np

JOB = {"experiment": "mock", "steps": 7, "factor": "0.5, 1", "realizations": 3, "size": 4, "blocks": 2}
UNPROVED = {"seconds", "rank"}  # provenance is no part of the checksum


class Verify(ProcessTest):
    program = MOCK

    def setUp(self):
        super().setUp()
        self.succeed("run", self.job(**JOB), "-o", "x.h5")
        self.path = self.folder / "x.h5"

    def test_an_undamaged_store(self):
        before = self.files()
        self.assertEqual(self.succeed("verify", "x.h5").out, "x.h5: 6 rows done, all is well\n")
        self.assertEqual(self.files(), before)

    def places(self):
        """The place of the bytes of all arrays in the file, by name."""
        found = {}
        with h5py.File(self.path, "r") as file:
            for group in ("realizations", "summary"):
                for name, dataset in file[group].items():
                    if dataset.dtype.kind != "O" and name not in UNPROVED:
                        found[dataset.name] = (dataset.id.get_offset(), dataset.id.get_storage_size())
        return found

    def test_a_flipped_byte_anywhere(self):
        places = self.places()
        self.assertLessEqual({"/realizations/walk", "/realizations/multiples", "/realizations/done",
                              "/realizations/checksum", "/realizations/factor", "/realizations/realization",
                              "/realizations/multiple", "/summary/walk_mean", "/summary/walk_stderr",
                              "/summary/walk_count", "/summary/rows"}, set(places))
        whole = self.path.read_bytes()
        dice = random.Random(3)
        for name, (offset, size) in places.items():
            with self.subTest(name):
                for at in {0, size - 1, dice.randrange(size)}:
                    flip = dice.randrange(1, 256)
                    damaged = bytearray(whole)
                    damaged[offset + at] ^= flip
                    self.path.write_bytes(damaged)
                    answer = self.hypnos("verify", "x.h5")
                    self.assertEqual(answer.code, BAD_INPUT, (name, at, flip, answer))
                    self.assertIn("damaged", answer.out)

    def test_a_flipped_byte_of_what_describes_the_arrays(self):
        # Names, types, attributes, links: libhdf5 crashes on some of them, or reads without end. What tools for HDF5
        # show otherwise must be found.
        places = self.places()
        whole = self.path.read_bytes()
        described = [k for k in range(len(whole)) if not any(at <= k < at + size for at, size in places.values())]

        def shown():
            answer = subprocess.run(["h5dump", "-A", "x.h5"], cwd=self.folder, capture_output=True, timeout=60)
            return answer.returncode, answer.stdout

        sound = shown()
        dice = random.Random(5)
        found = 0
        for at in dice.sample(described, 60):
            damaged = bytearray(whole)
            damaged[at] ^= dice.randrange(1, 256)
            self.path.write_bytes(damaged)
            answer = self.hypnos("verify", "x.h5")
            self.assertIn(answer.code, (DONE, BAD_INPUT), (at, damaged[at], answer))
            self.assertIn("damaged" if answer.code else "all is well", answer.out + answer.err)
            if answer.code == DONE:
                self.assertEqual(shown(), sound, (at, damaged[at]))
            found += answer.code == BAD_INPUT
        self.assertGreater(found, 10)

    def test_the_damaged_task_is_named(self):
        with h5py.File(self.path, "r+") as file:
            file["realizations/multiples"][1, 2, 3] = 0
        answer = self.hypnos("verify", "x.h5")
        self.assertEqual(answer.code, BAD_INPUT)
        self.assertEqual(answer.out.splitlines()[0], "task 5 (factor = 1, realization 2): its values do not have the "
                                                     "stored checksum")

    def test_lost_and_false_flags(self):
        for flag in (0, 2, 3, 255):
            with h5py.File(self.path, "r+") as file:
                file["realizations/done"][0, 1] = flag
            answer = self.hypnos("verify", "x.h5")
            self.assertEqual(answer.code, BAD_INPUT, answer)
            self.assertIn("task 1 (factor = 0.5, realization 1)", answer.out)

    def test_data_without_a_checksum(self):
        def change(file, name, value):
            file[name][()] = value

        def name_twice(file):
            file["realizations/done"][1, 2] = FAILED_ROW
            file["realizations/checksum"][1, 2] = 0
            file["failures/task"][:3] = [5, -1, 5]
            write_message(file, 0, "it rained")

        changes = {
            "summary/walk_mean has the unit '1', but realizations/walk has the unit 'm'":
                lambda file: file["realizations/walk"].attrs.__setitem__("units", "m"),
            "summary/multiples_stderr has no unit":
                lambda file: file["summary/multiples_stderr"].attrs.__delitem__("units"),
            "realizations/multiples has the dimensions factor, realization, (none), but every dimension must have one scale":
                lambda file: file["realizations/multiples"].dims[2].detach_scale(file["realizations/multiple"]),
            "task 0 (factor = 0.5, realization 0): it is done, but its seconds are nan":
                lambda file: change(file, "realizations/seconds", np.nan),
            "task 5 (factor = 1, realization 2): it is done, but its rank is -1":
                lambda file: change(file, "realizations/rank", -1),
            "task 5 (factor = 1, realization 2): failures/task[2] names it a second time": name_twice,
            "task 2 (factor = 0.5, realization 2): failures/task[0] names it, but it did not fail":
                lambda file: change(file, "failures/task", [2, -1, -1, -1, -1, -1]),
        }
        whole = self.path.read_bytes()
        for line, damage in changes.items():
            with self.subTest(line):
                self.path.write_bytes(whole)
                with h5py.File(self.path, "r+") as file:
                    damage(file)
                answer = self.hypnos("verify", "x.h5")
                self.assertEqual(answer.code, BAD_INPUT, answer)
                self.assertIn(line, answer.out)

    def test_a_summary_of_other_rows(self):
        with h5py.File(self.path, "r+") as file:
            file["summary/sum_mean"][0] *= -1
            file["summary/shared_count"][1] = 2
        answer = self.hypnos("verify", "x.h5")
        self.assertEqual(answer.code, BAD_INPUT)
        self.assertIn("summary/sum at factor = 0.5 is not the summary", answer.out)
        self.assertIn("summary/shared at factor = 1 is not the summary", answer.out)
        self.succeed("reduce", "x.h5")
        self.succeed("verify", "x.h5")

    def test_a_kill_between_checksum_and_flag(self):
        # Such a row is not damaged: it is open. The same holds after a run that did not compute it.
        with h5py.File(self.path, "r+") as file:
            file["realizations/done"][1, 0] = OPEN_ROW
            file["writing"][()] = 1
        self.succeed("verify", "x.h5")
        answer = self.hypnos("run", "job.ini", "-o", "x.h5", "--time-limit", "0")
        self.assertEqual(answer.code, INCOMPLETE, answer)
        self.assertIn("5 rows done, all is well", self.succeed("verify", "x.h5").out)

    def test_damaged_rows_of_an_unclean_end_are_computed_anew(self):
        self.succeed("run", "job.ini", "-o", "reference.h5")
        with h5py.File(self.path, "r+") as file:
            file["realizations/walk"][1, 0] = 0
            file["writing"][()] = 1
        answer = self.succeed("run", "job.ini", "-o", "x.h5")
        self.assertIn("the last run ended uncleanly; 1 damaged rows are computed anew", answer.err)
        self.assert_same_bits("reference.h5", "x.h5")


class Replay(ProcessTest):
    program = MOCK

    def test_equal_and_different_bits(self):
        self.succeed("run", self.job(**JOB), "-o", "x.h5", "--ranks-per-task", 2, ranks=2)
        before = self.files()
        for task in range(6):
            self.assertEqual(self.succeed("replay", "x.h5", "--task", task).out.splitlines()[-1],
                             "the same, bit by bit")
        self.assertEqual(self.files(), before)
        with h5py.File(self.folder / "x.h5", "r+") as file:
            walk = file["realizations/walk"]
            walk[1, 0] = np.nextafter(walk[1, 0], 9)
            file["realizations/multiples"][1, 0, 1:3] += 1
        answer = self.hypnos("replay", "x.h5", "--task", 3)
        self.assertEqual(answer.code, SOME_FAILED, answer)
        lines = answer.out.splitlines()
        self.assertEqual(lines[0], "task 3: factor = 1, realization 0")
        self.assertRegex(lines[1], r"^walk: 1 of 1 values differ, by up to \S+e-1\d$")
        self.assertEqual(lines[2], "multiples: 2 of 4 values differ, by up to 1")
        self.assertRegex(lines[3], "^not the same")
        self.succeed("replay", "x.h5", "--task", 2)


class Watch(ProcessTest):
    program = MOCK

    def test_it_follows_a_job_to_its_end(self):
        job = self.job(experiment="mock", steps=100, step_seconds=0.01, realizations=8)
        process = self.start("run", job, "-o", "x.h5", "--quiet", ranks=2)
        while not (self.folder / "x.h5").exists():
            self.assertIsNone(process.poll())
            time.sleep(0.01)
        terminal, end = pty.openpty()
        self.addCleanup(os.close, terminal)
        watch = subprocess.Popen([MOCK, "status", "x.h5", "--watch"], cwd=self.folder, env=self.environment, stdout=end)
        os.close(end)
        text = b""
        while True:
            try:
                piece = os.read(terminal, 1000)
            except OSError:  # the other end is closed
                break
            if not piece:
                break
            text += piece
        self.assertEqual(watch.wait(timeout=30), DONE)
        process.communicate(timeout=60)
        self.assertEqual(process.returncode, DONE)
        counts = [int(count) for count in re.findall(rb"\r(\d)/8 done, 0 failed", text)]
        self.assertEqual(counts, sorted(counts))
        self.assertLess(counts[0], 8)
        self.assertEqual(counts[-1], 8)
        self.assertIn(b"x.h5: mock, 8 of 8 tasks done, 0 failed, 0 left", re.sub(rb"\x1b\[[0-9;]*m", b"", text))


class Many(ProcessTest):
    program = MOCK

    def test_ten_thousand_tasks_of_a_millisecond(self):
        job = self.job(experiment="mock", steps=1, step_seconds=0.001, factor="1, 2, 3, 4", realizations=2500, size=3,
                       checkpoint=0)
        answer = self.succeed("run", job, "-o", "x.h5", ranks=2)
        self.assertRegex(answer.err, r"10000/10000 done, ")
        self.succeed("run", job, "step_seconds=0", "-o", "y.h5", "--quiet")
        self.succeed("verify", "x.h5")
        one, other = self.store("x.h5"), self.store("y.h5")
        for name in ("done", "sum", "walk", "shared", "multiples"):  # checksums know step_seconds
            self.assertEqual(rows(one, name).tobytes(), rows(other, name).tobytes(), name)
        self.assertTrue((one["realizations/done"][()] == 1).all())
        np.testing.assert_array_equal(one["realizations/sum"][()], np.outer([1, 2, 3, 4], np.ones(2500)))
        self.assertEqual(len(np.unique(one["realizations/walk"][0])), 2500)  # doubles: no two of them agree
        self.assertEqual(set(rows(one, "rank")), {0, 1})


if __name__ == "__main__":
    unittest.main()
