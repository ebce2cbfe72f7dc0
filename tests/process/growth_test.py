"""Extended and merged stores: rows keep their bytes, and the result is that of one job."""

import hashlib
import os
import random
import re
import signal
import time
import unittest

from hypnos_process import (BAD_INPUT, DONE, INCOMPLETE, MOCK, OPEN_ROW, SOME_FAILED, ProcessTest, descendants, kill,
                            rows, wait_for_end)

import h5py
import numpy as np

JOB = {"experiment": "mock", "steps": "5, 10", "realizations": 4, "size": 3}
LARGE = {**JOB, "size": 200000}
ROW = ("done", "checksum", "seconds", "rank", "sum", "walk", "shared", "multiples")


def digest(content):
    """A digest of bytes, so that messages of failures are short."""
    return hashlib.sha256(content).hexdigest()


class Growth(ProcessTest):
    program = MOCK
    random = random.Random()

    def table(self, name):
        """Digests of everything that is stored for each task, by its values."""
        with h5py.File(self.folder / name, "r") as file:
            settings = dict(map(str.strip, line.split("=", 1)) for line in file.attrs["job"].splitlines())
            coordinates = {key: file["realizations"][key][()] if key in file["realizations"] else [float(settings[key])]
                           for key in ("steps", "factor", "realization")}
            shape = [len(values) for values in coordinates.values()]
            columns = {name: rows(file, name) for name in ROW}
            places = np.ndindex(*shape)
            return {tuple(float(values[k]) for values, k in zip(coordinates.values(), place)):
                    {name: digest(column[task].tobytes()) for name, column in columns.items()}
                    for task, place in enumerate(places)}

    def stop_while_it_grows(self, name, *words):
        """Starts the program and stops it at a random moment while it writes NAME.growing; returns the process and
        whether it was stopped there."""
        process = self.start(*words)
        growing = self.folder / f"{name}.growing"
        old = growing.stat().st_ino if growing.exists() else None
        while process.poll() is None:
            try:
                if growing.stat().st_ino != old:
                    break
            except FileNotFoundError:
                old = None
        time.sleep(self.random.uniform(0, 0.01))
        process.send_signal(signal.SIGSTOP)
        if process.poll() is None:
            os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
        return process, process.poll() is None and growing.exists()

    def stopped_at_growth(self, name, *words):
        """The same, repeated until it is stopped there."""
        for _ in range(20):
            before = (self.folder / name).read_bytes() if (self.folder / name).exists() else None
            process, growing = self.stop_while_it_grows(name, *words)
            if growing:
                return process
            self.bury(process)
            (self.folder / name).unlink(missing_ok=True)
            if before is not None:
                (self.folder / name).write_bytes(before)
        self.fail(f"{name}.growing never existed")

    def bury(self, process):
        family = [process.pid, *descendants(process.pid)]
        kill(family)
        process.communicate(timeout=60)
        self.assertEqual(wait_for_end(family), [])

    def digests(self):
        return {name: digest(content) for name, content in self.files().items()}

    def assert_grown(self, old, grown, new_axis=False):
        """All rows of one table are in the other, to the byte. Of a job with a new axis the checksums cover its values
        too."""
        self.assertLess(len(old), len(grown))
        for place, row in old.items():
            for name in ROW:
                if name != "checksum" or not new_axis:
                    self.assertEqual(row[name], grown[place][name], (place, name))


class Extension(Growth):
    def setUp(self):
        super().setUp()
        self.succeed("run", self.job(**JOB), "-o", "x.h5", ranks=2)
        self.old = self.table("x.h5")

    def assert_extends(self, *words, ranks=None, new_axis=False):
        self.succeed("run", "job.ini", *words, "-o", "x.h5", "--extend", ranks=ranks)
        self.assert_grown(self.old, self.table("x.h5"), new_axis)
        self.succeed("verify", "x.h5")
        # the same as a job of this size, and it may be given again
        self.succeed("run", "job.ini", *words, "-o", "fresh.h5")
        self.assert_same_bits("fresh.h5", "x.h5")
        self.succeed("run", "job.ini", *words, "-o", "x.h5")
        self.succeed("run", "job.ini", *words, "-o", "x.h5", "--extend")
        self.assert_same_bits("fresh.h5", "x.h5")
        self.assertEqual(sorted(self.files()), ["fresh.h5", "job.ini", "x.h5"])

    def test_realizations(self):
        self.assert_extends("realizations=7", ranks=2)

    def test_values(self):
        # between the old ones, before and after them
        self.assert_extends("steps=3, 5, 7, 10, 11")

    def test_a_new_axis_from_a_single_value(self):
        self.assert_extends("factor=0.5, 1, 2", ranks=2, new_axis=True)

    def test_all_of_them(self):
        self.assert_extends("factor=2, 1", "steps=10, 20, 5", "realizations=6", new_axis=True)

    def test_realizations_with_gaps(self):
        # 0:1, 4:5 becomes 0:6: rows 4 and 5 belong behind those that are computed now
        for name, ranks in {"one.h5": None, "three.h5": 3}.items():
            with self.subTest(name):
                self.succeed("run", "job.ini", "realizations=0:1, 4:5", "-o", name, "--quiet", ranks=2)
                old = self.table(name)
                self.succeed("run", "job.ini", "realizations=0:6", "-o", name, "--extend", "--quiet", ranks=ranks)
                self.assert_grown(old, self.table(name))
                self.succeed("verify", name)
                self.succeed("run", "job.ini", "realizations=7", "-o", "fresh.h5", "--quiet")
                self.assert_same_bits("fresh.h5", name)

    def test_gaps_that_are_filled_step_by_step_and_resumed(self):
        with h5py.File(self.folder / "x.h5", "r+") as file:
            file["realizations/done"][1, 2] = OPEN_ROW
        steps = ["0:3, 6:7", "0:3, 5:7, 9:9", "0:9"]
        for realizations, ranks in zip(steps, (2, 3, None)):
            words = ["run", "job.ini", f"realizations={realizations}", "-o", "x.h5", "--quiet"]
            answer = self.hypnos(*words, "--extend", "--time-limit", "0", ranks=ranks)
            self.assertEqual(answer.code, INCOMPLETE, answer)
            self.succeed("verify", "x.h5")
            self.succeed(*words, ranks=ranks)
            self.succeed("verify", "x.h5")
            self.succeed("run", "job.ini", f"realizations={realizations}", "-o", "fresh.h5", "--quiet")
            self.assert_same_bits("fresh.h5", "x.h5")
            (self.folder / "fresh.h5").unlink()

    def test_rows_that_are_open_or_damaged_are_not_copied(self):
        with h5py.File(self.folder / "x.h5", "r+") as file:
            file["realizations/done"][1, 2] = OPEN_ROW
            file["realizations/walk"][0, 1] += 1
        self.succeed("run", "job.ini", "realizations=6", "-o", "x.h5", "--extend")
        self.succeed("run", "job.ini", "realizations=6", "-o", "fresh.h5")
        self.assert_same_bits("fresh.h5", "x.h5")

    def test_killed(self):
        # At any moment of the extension the file is the old one, to the byte, or the new one.
        self.job(**LARGE)
        self.succeed("run", "job.ini", "-o", "y.h5", "--quiet")
        whole = (self.folder / "y.h5").read_bytes()
        old = self.table("y.h5")
        halves = 0
        for attempt in range(60):
            # every second time the extension begins with the files that the previous one left
            if attempt % 2 == 0:
                for left in self.folder.glob("y.h5.*"):
                    left.unlink()
            process, growing = self.stop_while_it_grows("y.h5", "run", "job.ini", "realizations=6", "-o", "y.h5",
                                                        "--extend", "--quiet", "--time-limit", "0")
            self.bury(process)
            after = (self.folder / "y.h5").read_bytes()
            if growing:
                self.assertEqual(digest(after), digest(whole))
                halves += 1
            elif after != whole:
                self.assert_grown(old, self.table("y.h5"))
                (self.folder / "y.h5").write_bytes(whole)
            if halves == 6:
                break
        self.assertEqual(halves, 6, "too few kills fell into the middle of an extension")
        self.assertIn("y.h5.growing", self.files())
        self.succeed("run", "job.ini", "realizations=6", "-o", "y.h5", "--extend", "--quiet")
        self.assert_grown(old, self.table("y.h5"))
        self.succeed("verify", "y.h5")
        self.assertEqual({name for name in self.files() if name.startswith("y.h5")}, {"y.h5"})

    def test_killed_and_not_extended_again(self):
        # a run of the old job finds nothing of the extension
        self.job(**LARGE)
        self.succeed("run", "job.ini", "-o", "y.h5", "--quiet")
        self.bury(self.stopped_at_growth("y.h5", "run", "job.ini", "realizations=6", "-o", "y.h5", "--extend"))
        self.assertIn("y.h5.growing", self.files())
        self.succeed("run", "job.ini", "-o", "y.h5", "--quiet")
        self.assertEqual({name for name in self.files() if name.startswith("y.h5")}, {"y.h5"})

    def test_no_other_job_changes_a_running_extension(self):
        self.job(**LARGE)
        self.succeed("run", "job.ini", "-o", "y.h5", "--quiet")
        process = self.stopped_at_growth("y.h5", "run", "job.ini", "realizations=6", "-o", "y.h5", "--extend", "--quiet")
        before = self.digests()
        for words in ([], ["realizations=7", "--extend"]):
            answer = self.hypnos("run", "job.ini", *words, "-o", "y.h5", "--quiet")
            self.assertEqual(answer.code, BAD_INPUT, answer)
            self.assertIn(f"y.h5 is being written by process {process.pid}", answer.err)
            self.assertEqual(self.digests(), before)
        os.kill(process.pid, signal.SIGCONT)
        process.communicate(timeout=60)
        self.assertEqual(process.returncode, DONE)
        self.succeed("run", "job.ini", "realizations=6", "-o", "y.h5", "--quiet")

    def test_failed(self):
        with h5py.File(self.folder / "x.h5", "r+") as file:
            del file["realizations/rank"]
        before = self.files()
        answer = self.hypnos("run", "job.ini", "realizations=6", "-o", "x.h5", "--extend", "--quiet")
        self.assertEqual(answer.code, BAD_INPUT, answer)
        self.assertEqual(answer.err, "hypnos: x.h5 is damaged: HDF5 could not open dataset realizations/rank: object "
                                     "'rank' doesn't exist\n")
        self.assertEqual(self.files(), before)


class Parts(Growth):
    def setUp(self):
        super().setUp()
        self.succeed("run", self.job(**{**JOB, "realizations": 8}), "-o", "whole.h5")

    def test_some_realizations(self):
        # 5:7 are those of the whole job: same numbers, same bits
        self.succeed("run", "job.ini", "realizations=5:7", "-o", "x.h5", ranks=2)
        self.assertEqual(self.store("x.h5")["realizations/realization"][()].tolist(), [5, 6, 7])
        whole, part = self.table("whole.h5"), self.table("x.h5")
        self.assertEqual({place[2] for place in part}, {5, 6, 7})
        for place, row in part.items():
            for name in ("checksum", "sum", "walk", "multiples"):
                self.assertEqual(row[name], whole[place][name])
        self.succeed("run", "job.ini", "realizations=3:9", "-o", "x.h5", "--extend")
        self.assert_grown(part, self.table("x.h5"))

    def test_merge(self):
        parts = {"a.h5": "5:7", "b.h5": "0:2", "c.h5": "3:4"}
        for name, realizations in parts.items():
            self.succeed("run", "job.ini", f"realizations={realizations}", "-o", name)
        before = self.files()
        answer = self.succeed("merge", *parts, "-o", "x.h5")
        self.assertEqual(answer.out, "x.h5: 16 of 16 tasks done\n")
        self.assert_same_bits("whole.h5", "x.h5")
        for name in parts:
            self.assert_grown(self.table(name), self.table("x.h5"))
        after = self.files()
        del after["x.h5"]
        self.assertEqual(after, before)
        self.succeed("verify", "x.h5")
        self.succeed("run", "job.ini", "-o", "x.h5")  # it is the store of the whole job

    def test_merge_of_parts_with_gaps(self):
        parts = {"a.h5": "0:1, 4:5", "b.h5": "7:7, 2:2", "c.h5": "3:3, 6:6"}
        for name, realizations in parts.items():
            self.succeed("run", "job.ini", f"realizations={realizations}", "-o", name, ranks=2)
        for order in ("a.h5 b.h5 c.h5", "c.h5 a.h5 b.h5"):
            self.succeed("merge", *order.split(), "-o", "x.h5")
            self.succeed("verify", "x.h5")
            self.assert_same_bits("whole.h5", "x.h5")
            for name in parts:
                self.assert_grown(self.table(name), self.table("x.h5"))
            (self.folder / "x.h5").unlink()

    def test_a_row_at_the_place_of_another_one_is_found(self):
        # whole rows, with their checksums, at each other's places
        with h5py.File(self.folder / "whole.h5", "r+") as file:
            for name in ROW:
                values = file["realizations"][name]
                values[0, 2], values[0, 4] = values[0, 4], values[0, 2]
        answer = self.hypnos("verify", "whole.h5")
        self.assertEqual(answer.code, BAD_INPUT, answer)
        self.assertEqual(re.findall(r"task (\d+) .*its values do not have the stored checksum", answer.out), ["2", "4"])

    def test_merge_of_parts_that_are_not_complete(self):
        self.succeed("run", "job.ini", "realizations=3", "-o", "a.h5")
        self.assertEqual(self.hypnos("run", "job.ini", "realizations=3:7", "-o", "b.h5", "--time-limit", "0").code,
                         INCOMPLETE)
        self.assertEqual(self.succeed("merge", "a.h5", "b.h5", "-o", "x.h5").out, "x.h5: 6 of 16 tasks done\n")
        self.assertEqual(self.hypnos("status", "x.h5").code, INCOMPLETE)
        self.succeed("run", "job.ini", "-o", "x.h5")
        self.assert_same_bits("whole.h5", "x.h5")

    def test_killed_merge(self):
        self.job(**LARGE)
        for name, realizations in {"a.h5": "0:2", "b.h5": "3:5"}.items():
            self.succeed("run", "job.ini", f"realizations={realizations}", "-o", name)
        self.bury(self.stopped_at_growth("y.h5", "merge", "a.h5", "b.h5", "-o", "y.h5"))
        self.assertIn("y.h5.growing", self.files())
        self.assertNotIn("y.h5", self.files())
        self.succeed("merge", "a.h5", "b.h5", "-o", "y.h5")
        self.succeed("verify", "y.h5")
        # a merge that fails, and then one that is abandoned: a run creates the store
        with h5py.File(self.folder / "b.h5", "r+") as file:
            del file["realizations/rank"]
        (self.folder / "y.h5").unlink()
        self.assertEqual(self.hypnos("merge", "a.h5", "b.h5", "-o", "y.h5").code, BAD_INPUT)
        self.assertEqual({name for name in self.files() if name.startswith("y.h5")}, set())
        (self.folder / "y.h5.growing").write_bytes(b"as a kill leaves it")
        self.succeed("run", "job.ini", "realizations=6", "-o", "y.h5", "--quiet")
        self.assertEqual({name for name in self.files() if name.startswith("y.h5")}, {"y.h5"})


if __name__ == "__main__":
    unittest.main()
