"""Stores that grow, and that are put together: rows keep their bytes, and the result is that of one job."""

import random
import time
import unittest

from hypnos_process import INCOMPLETE, OPEN_ROW, SILLY, ProcessTest, descendants, kill, rows, wait_for_end

import h5py
import numpy as np

JOB = {"experiment": "silly", "steps": "5, 10", "realizations": 4, "size": 3}
ROW = ("done", "checksum", "seconds", "rank", "sum", "walk", "shared", "multiples")


class Growth(ProcessTest):
    program = SILLY

    def table(self, name):
        """All that is stored of each task, by its values."""
        with h5py.File(self.folder / name, "r") as file:
            settings = dict(map(str.strip, line.split("=", 1)) for line in file.attrs["job"].splitlines())
            coordinates = {key: file["realizations"][key][()] if key in file["realizations"] else [float(settings[key])]
                           for key in ("steps", "factor", "realization")}
            shape = [len(values) for values in coordinates.values()]
            columns = {name: rows(file, name) for name in ROW}
            places = np.ndindex(*shape)
            return {tuple(float(values[k]) for values, k in zip(coordinates.values(), place)):
                    {name: column[task].tobytes() for name, column in columns.items()}
                    for task, place in enumerate(places)}

    def assert_grown(self, old, grown):
        """All rows of one table are in the other, to the byte."""
        self.assertLess(len(old), len(grown))
        for place, row in old.items():
            self.assertEqual(row, grown[place], place)


class Extension(Growth):
    def setUp(self):
        super().setUp()
        self.succeed("run", self.job(**JOB), "-o", "x.h5", ranks=2)
        self.old = self.table("x.h5")

    def assert_extends(self, *words, ranks=None):
        self.succeed("run", "job.ini", *words, "-o", "x.h5", "--extend", ranks=ranks)
        self.assert_grown(self.old, self.table("x.h5"))
        self.succeed("verify", "x.h5")
        # the same job as if it had never been smaller, and it may be named again
        self.succeed("run", "job.ini", *words, "-o", "fresh.h5")
        self.assert_same_bits("fresh.h5", "x.h5")
        self.succeed("run", "job.ini", *words, "-o", "x.h5")
        self.succeed("run", "job.ini", *words, "-o", "x.h5", "--extend")
        self.assert_same_bits("fresh.h5", "x.h5")
        self.assertEqual(sorted(self.files()), ["fresh.h5", "job.ini", "x.h5"])

    def test_realizations(self):
        self.assert_extends("realizations=7", ranks=2)

    def test_values(self):
        # between the old ones, before them and behind
        self.assert_extends("steps=3, 5, 7, 10, 11")

    def test_a_new_axis_from_a_single_value(self):
        self.assert_extends("factor=0.5, 1, 2", ranks=2)

    def test_all_of_them(self):
        self.assert_extends("factor=2, 1", "steps=10, 20, 5", "realizations=6")

    def test_rows_that_are_open_or_damaged_stay_behind(self):
        with h5py.File(self.folder / "x.h5", "r+") as file:
            file["realizations/done"][1, 2] = OPEN_ROW
            file["realizations/walk"][0, 1] += 1
        self.succeed("run", "job.ini", "realizations=6", "-o", "x.h5", "--extend")
        self.succeed("run", "job.ini", "realizations=6", "-o", "fresh.h5")
        self.assert_same_bits("fresh.h5", "x.h5")

    def test_killed(self):
        # At any moment of the extension the file is the old one, to the byte, or the new one.
        self.job(**{**JOB, "size": 200000})
        self.succeed("run", "job.ini", "-o", "y.h5", "--quiet")
        whole = (self.folder / "y.h5").read_bytes()
        old = self.table("y.h5")
        moments = random.Random()
        outcomes = []
        for _ in range(8):
            process = self.start("run", "job.ini", "realizations=6", "-o", "y.h5", "--extend", "--quiet",
                                 "--time-limit", "0")
            begin = time.monotonic()
            moment = moments.uniform(0, 0.25)
            while process.poll() is None and time.monotonic() - begin < moment:
                time.sleep(0.001)
            family = [process.pid, *descendants(process.pid)]
            kill(family)
            process.communicate(timeout=60)
            wait_for_end(family)
            after = (self.folder / "y.h5").read_bytes()
            if after == whole:
                outcomes.append("old")
                continue
            self.assert_grown(old, self.table("y.h5"))
            outcomes.append("new")
            (self.folder / "y.h5").write_bytes(whole)
        self.succeed("run", "job.ini", "realizations=6", "-o", "y.h5", "--extend", "--quiet")
        self.assert_grown(old, self.table("y.h5"))
        self.succeed("verify", "y.h5")
        self.assertEqual({name for name in self.files() if name.startswith("y.h5")}, {"y.h5"})


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

    def test_merge_of_parts_that_are_not_complete(self):
        self.succeed("run", "job.ini", "realizations=3", "-o", "a.h5")
        self.assertEqual(self.hypnos("run", "job.ini", "realizations=3:7", "-o", "b.h5", "--time-limit", "0").code,
                         INCOMPLETE)
        self.assertEqual(self.succeed("merge", "a.h5", "b.h5", "-o", "x.h5").out, "x.h5: 6 of 16 tasks done\n")
        self.assertEqual(self.hypnos("status", "x.h5").code, INCOMPLETE)
        self.succeed("run", "job.ini", "-o", "x.h5")
        self.assert_same_bits("whole.h5", "x.h5")


if __name__ == "__main__":
    unittest.main()
