"""A job that is killed at any moment and continued with any number of ranks has the bits of one that was not killed.

The moments are new in every run. A failure names their seed: HYPNOS_KILL_SEED=… repeats them.
"""

import os
import random
import shutil
import sys
import tempfile
import time
import unittest
from pathlib import Path

from hypnos_process import (DONE, DONE_ROW, INCOMPLETE, OPEN_ROW, ProcessTest, descendants, is_rank, kill,
                            observables, rows, wait_for_end)

import h5py
import numpy as np

# ranks and ranks a task of the runs that are killed, and of the last one
WAYS = [(1, 1), (2, 1), (3, 1), (2, 2), (4, 2), (3, 1)]
TASKS = 200
# tasks of 20 to 60 ms; without optimization a step takes some 20 times as long
STEPS = 60 if os.environ.get("HYPNOS_BUILD_TYPE") == "Debug" else 1200
JOB = {"experiment": "boltzmann", "N": 14, "realizations": TASKS // 4, "rule": "unlearning, l2", "a": "0.5, 1",
       "stop": "steps", "max_steps": STEPS, "records": 3, "betas": "0.5, 1, 2"}


class Kills(ProcessTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reference_folder = Path(tempfile.mkdtemp(prefix="hypnos-test-"))
        cls.addClassCleanup(shutil.rmtree, cls.reference_folder)

    def setUp(self):
        super().setUp()
        seed = int(os.environ.get("HYPNOS_KILL_SEED", random.SystemRandom().randrange(2**32)))
        self.random = random.Random(seed)
        print(f"HYPNOS_KILL_SEED={seed}", end=" ", file=sys.stderr, flush=True)
        self.job(**JOB)
        reference = self.reference_folder / "reference.h5"
        if not reference.exists():
            self.succeed("run", "job.ini", "-o", reference, ranks=2)
        shutil.copy(reference, self.folder)
        with h5py.File(reference, "r") as file:
            self.expected = {name: rows(file, name) for name in ["checksum", *observables(file)]}

    def states(self):
        """The flags of all tasks; none before the store exists."""
        path = self.folder / "x.h5"
        if not path.exists():
            return np.zeros(TASKS, np.uint8)
        with h5py.File(path, "r", locking=False) as file:
            return rows(file, "done")

    def run_until(self, moment, victims, grace, ranks, ranks_per_task):
        """Starts the job, kills `victims` of its processes when `moment()` comes, and the others `grace` seconds
        later, unless MPI has ended them by then. None is left."""
        process = self.start("run", "job.ini", "-o", "x.h5", "--quiet", "--ranks-per-task", ranks_per_task, ranks=ranks)
        while process.poll() is None and not moment():
            time.sleep(0.002)
        family = descendants(process.pid)
        kill(victims(process.pid, family))
        wait_for_end(family, seconds=grace)
        kill(descendants(process.pid) + [rank for rank in family if is_rank(rank)])
        process.communicate(timeout=90)
        self.assertEqual(wait_for_end(family), [], "processes outlive their job")

    def check_what_is_left(self, before):
        """The flags, after checks that rows which are done stay so, and have their final bits."""
        states = self.states()
        self.assertLessEqual(set(states), {OPEN_ROW, DONE_ROW})
        self.assertTrue((states[before == DONE_ROW] == DONE_ROW).all(), "rows that were done are lost")
        if not (self.folder / "x.h5").exists():
            return states
        with h5py.File(self.folder / "x.h5", "r") as file:
            for name, expected in self.expected.items():
                found = rows(file, name)[states == DONE_ROW]
                same = found.tobytes() == expected[states == DONE_ROW].tobytes()
                self.assertTrue(same, f"{name} differs in rows that say they are done:\n{found}")
        done = np.count_nonzero(states == DONE_ROW)
        answer = self.hypnos("status", "x.h5")
        self.assertEqual(answer.code, DONE if done == TASKS else INCOMPLETE, answer)
        self.assertIn(f"{done} of {TASKS} tasks done, 0 failed, {TASKS - done} left", answer.out)
        return states

    def suffer(self, victims, starts_with_an_early_kill):
        states = np.zeros(TASKS, np.uint8)
        hit = []
        for k, (ranks, ranks_per_task) in enumerate(WAYS[:-1]):
            if k == 0 and starts_with_an_early_kill:
                # at any moment from the start to the first tasks
                end = time.monotonic() + self.random.uniform(0, 0.8)
                moment = lambda: time.monotonic() > end
            else:
                # after 1 to 20 more tasks, at any moment of the running ones
                done = np.count_nonzero(states) + self.random.randint(1, 15)
                pause = self.random.uniform(0, 0.04)
                moment = lambda: np.count_nonzero(self.states()) >= done and (time.sleep(pause) or True)
            # MPI needs about a second, in which the other ranks would finish too much of the job: only the last time
            grace = 5 if k + 2 == len(WAYS) else self.random.uniform(0, 0.2)
            self.run_until(moment, victims, grace, ranks, ranks_per_task)
            states = self.check_what_is_left(states)
            hit.append(int(np.count_nonzero(states)))
        print(f"killed after {hit} of {TASKS} tasks", end=" ... ", file=sys.stderr, flush=True)
        ranks, ranks_per_task = WAYS[-1]
        self.succeed("run", "job.ini", "-o", "x.h5", "--ranks-per-task", ranks_per_task, ranks=ranks)
        self.assert_same_bits("reference.h5", "x.h5")
        self.assertEqual(sorted(self.files()), ["job.ini", "reference.h5", "x.h5"])
        self.assertEqual(descendants(os.getpid()), [])

    def test_all_ranks_and_mpirun_are_killed(self):
        self.suffer(lambda timeout, family: [timeout, *family], starts_with_an_early_kill=True)

    def test_one_rank_is_killed(self):
        def one_rank(_, family):
            ranks = [process for process in family if is_rank(process)]
            return [self.random.choice(ranks)] if ranks else []
        self.suffer(one_rank, starts_with_an_early_kill=False)

    def test_mpirun_is_killed(self):
        self.suffer(lambda timeout, family: [process for process in family if not is_rank(process)],
                    starts_with_an_early_kill=False)


if __name__ == "__main__":
    unittest.main()
