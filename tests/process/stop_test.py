"""A job that has to stop, because of a signal or its time limit, ends soon with exit code 75 and keeps its results. The
same command continues it to the bits of a job that was not stopped."""

import os
import re
import signal
import time
import unittest

from hypnos_process import DONE, DONE_ROW, INCOMPLETE, MOCK, ProcessTest, descendants, is_rank, rows

import h5py
import numpy as np

# tasks of 0.4 s with checkpoints, of 10 ms without
LONG = {"experiment": "mock", "steps": 40, "step_seconds": 0.01, "realizations": 3, "trace": "trace"}
SHORT = {"experiment": "mock", "steps": 5, "step_seconds": 0.002, "realizations": 120, "checkpoint": 0}
# A stop waits for a step or a short task; the rest of these seconds is a margin for busy machines.
SOON = 10


class Stops(ProcessTest):
    program = MOCK

    def reference(self, **settings):
        """The same job without an interruption; its tasks take no time, which does not change the results."""
        self.job("reference.ini", **{**settings, "step_seconds": 0, "trace": ""})
        self.succeed("run", "reference.ini", "-o", "reference.h5", "--quiet")

    def start_job(self, *words, ranks=None, **options):
        """Starts the job; returns when some tasks are done or the first ones run."""
        process = self.start("run", "job.ini", "-o", "x.h5", "--quiet", *words, ranks=ranks, **options)
        deadline = time.monotonic() + 60
        while process.poll() is None and time.monotonic() < deadline and not self.is_at_work():
            time.sleep(0.01)
        time.sleep(0.15)
        self.assertIsNone(process.poll(), "the job ended before it could be stopped")
        return process

    def is_at_work(self):
        if (self.folder / "trace").exists():
            return True
        path = self.folder / "x.h5"
        if not path.exists():
            return False
        with h5py.File(path, "r", locking=False) as file:
            return np.count_nonzero(rows(file, "done")) > 0

    def ranks_of(self, process):
        family = [process.pid, *descendants(process.pid)]
        return [one for one in family if is_rank(one)]

    def assert_stops(self, process, code=INCOMPLETE):
        start = time.monotonic()
        out, err = process.communicate(timeout=60)
        self.assertLess(time.monotonic() - start, SOON)
        self.assertEqual(process.returncode, code, (out, err))
        self.assert_stopped()
        return out, err

    def assert_stopped(self):
        with h5py.File(self.folder / "x.h5", "r") as file:
            self.assertEqual(file["writing"][()], 0)
            done = np.count_nonzero(rows(file, "done") == DONE_ROW)
            tasks = rows(file, "done").size
        self.assertLess(done, tasks)
        self.assertNotIn("x.h5.lock", self.files())
        status = self.hypnos("status", "x.h5")
        self.assertEqual(status.code, INCOMPLETE, status)
        self.assertIn(f"{done} of {tasks} tasks done, 0 failed, {tasks - done} left", status.out)
        self.succeed("verify", "x.h5")

    def assert_goes_on(self, *words, ranks=None):
        """The same command completes the job, and no files but the store are left."""
        self.succeed("run", "job.ini", "-o", "x.h5", "--quiet", *words, ranks=ranks)
        self.succeed("verify", "x.h5")
        with h5py.File(self.folder / "x.h5", "r") as file:
            steps = int(re.search(r"steps = (\d+)", file.attrs["job"]).group(1))
            self.assertEqual(set(rows(file, "sum")), {steps * (steps + 1) / 2})
            with h5py.File(self.folder / "reference.h5", "r") as reference:
                # not the checksums, which contain the job: the jobs differ in the duration of a step
                for name in ("done", "sum", "walk", "shared", "multiples"):
                    self.assertEqual(rows(file, name).tobytes(), rows(reference, name).tobytes(), name)
                for name in ("walk_mean", "walk_stderr", "walk_count"):
                    self.assertEqual(file["summary"][name][()], reference["summary"][name][()], name)
        self.assertEqual({name for name in self.files() if name.startswith("x.h5")}, {"x.h5"})

    def assert_work_was_kept(self):
        """Every task continued where it was interrupted, or began once."""
        begins = [line.split() for line in (self.folder / "trace").read_text().splitlines() if line.startswith("begin")]
        resumed = [int(step) for _, _, step in begins if int(step) > 0]
        self.assertTrue(resumed, "no task continued from its checkpoint")
        fresh = [realization for _, realization, step in begins if int(step) == 0]
        self.assertEqual(len(fresh), len(set(fresh)), "a task began anew")


class Signals(Stops):
    def stop(self, process, which, to):
        ranks = self.ranks_of(process)
        for one in {"one": ranks[-1:], "all": ranks}[to]:
            os.kill(one, which)

    def test_one_process(self):
        for which in (signal.SIGUSR1, signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            with self.subTest(which.name):
                for old in ("x.h5", "trace", "reference.h5"):
                    (self.folder / old).unlink(missing_ok=True)
                self.job(**LONG)
                self.reference(**LONG)
                process = self.start_job()
                os.kill(process.pid, which)
                out, _ = self.assert_stops(process)
                self.assertIn(f"stopped before the end ({which.name}); the same command continues x.h5", out)
                self.assertEqual(len([name for name in self.files() if name.startswith("x.h5.checkpoints/")]), 1)
                self.assert_goes_on()
                self.assert_work_was_kept()

    def test_one_rank(self):
        self.job(**LONG)
        self.reference(**LONG)
        process = self.start_job(ranks=2)
        self.stop(process, signal.SIGUSR1, "one")
        self.assert_stops(process)
        self.assert_goes_on()
        self.assert_work_was_kept()

    def test_all_ranks_of_short_tasks(self):
        self.job(**SHORT)
        self.reference(**SHORT)
        process = self.start_job(ranks=2)
        self.stop(process, signal.SIGTERM, "all")
        self.assert_stops(process)
        self.assert_goes_on(ranks=3)

    def test_a_member_of_a_team(self):
        # only a member that is not the leader gets the signal, with checkpoints and without
        for job in (LONG, SHORT):
            with self.subTest(checkpoint=job is LONG):
                for old in ("x.h5", "trace", "reference.h5"):
                    (self.folder / old).unlink(missing_ok=True)
                self.job(**{**job, "blocks": 3})
                self.reference(**{**job, "blocks": 3})
                process = self.start_job("--ranks-per-task", 2, ranks=2)
                follower, = [one for one in self.ranks_of(process) if self.number_of(one) == 1]
                os.kill(follower, signal.SIGUSR1)
                self.assert_stops(process)
                self.assert_goes_on()

    def number_of(self, rank):
        with open(f"/proc/{rank}/environ", "rb") as file:
            return int(re.search(rb"OMPI_COMM_WORLD_RANK=(\d+)", file.read()).group(1))

    def test_mpirun_passes_it_on(self):
        self.job(**LONG)
        self.reference(**LONG)
        process = self.start_job(ranks=2)
        mpirun, = [one for one in descendants(process.pid)
                   if os.path.basename(os.path.realpath(f"/proc/{one}/exe")) in ("mpirun", "orterun")]
        os.kill(mpirun, signal.SIGUSR1)
        self.assert_stops(process)
        self.assert_goes_on()
        self.assert_work_was_kept()

    def test_mpirun_is_terminated(self):
        # Open MPI's sends SIGTERM to its ranks and kills them after a second. This is enough for a checkpoint unless the
        # disk is busy, so only the bits are promised. Its own exit code is 1.
        for which in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            with self.subTest(which.name):
                for old in ("x.h5", "trace", "reference.h5"):
                    (self.folder / old).unlink(missing_ok=True)
                self.job(**LONG)
                self.reference(**LONG)
                process = self.start_job(ranks=2)
                mpirun, = [one for one in descendants(process.pid)
                           if os.path.basename(os.path.realpath(f"/proc/{one}/exe")) in ("mpirun", "orterun")]
                os.kill(mpirun, which)
                start = time.monotonic()
                process.communicate(timeout=60)
                self.assertLess(time.monotonic() - start, SOON)
                self.assertNotEqual(process.returncode, DONE)
                self.assert_goes_on(ranks=2)

    def test_ranks_that_the_program_has_started(self):
        for which in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1):
            with self.subTest(which.name):
                for old in ("x.h5", "trace", "reference.h5"):
                    (self.folder / old).unlink(missing_ok=True)
                self.job(**LONG)
                self.reference(**LONG)
                process = self.start_job("-n", 2)
                self.assertEqual(len(self.ranks_of(process)) - is_rank(process.pid), 2)
                os.kill(process.pid, which)
                out, _ = self.assert_stops(process)
                self.assertIn("stopped before the end (SIGUSR1); the same command continues x.h5", out)
                self.assert_goes_on("--ranks", 2)
                self.assert_work_was_kept()

    def test_ranks_within_ranks_are_refused(self):
        self.job(**SHORT)
        answer = self.hypnos("run", "job.ini", "-n", 2, ranks=1)
        self.assertEqual(answer.code, 2, answer)
        self.assertIn("hypnos: -n 2, but a launcher of MPI programs has started this process", answer.err)
        answer = self.hypnos("run", "job.ini", "-n", 0)
        self.assertEqual((answer.code, answer.err), (2, "hypnos: -n 0, but there must be one rank or more\n"))
        self.environment = {**self.environment, "HYPNOS_LAUNCHER": "no-such-launcher --at-all"}
        answer = self.hypnos("run", "job.ini", "-n", 2)
        del self.environment
        self.assertEqual(answer.code, 2, answer)
        self.assertIn("hypnos: cannot start no-such-launcher: No such file", answer.err)
        self.assertEqual(sorted(self.files()), ["job.ini"])

    def test_a_second_interrupt_ends_the_program(self):
        self.job(**{**LONG, "step_seconds": 1, "steps": 60})
        process = self.start_job()
        for _ in range(2):
            os.kill(process.pid, signal.SIGINT)
            time.sleep(0.05)
        process.communicate(timeout=SOON)
        self.assertEqual(process.returncode, -signal.SIGINT)

    def test_a_stop_is_announced(self):
        self.job(**LONG)
        process = self.start("run", "job.ini", "-o", "x.h5")
        while not (self.folder / "trace").exists():
            self.assertIsNone(process.poll())
            time.sleep(0.01)
        os.kill(process.pid, signal.SIGHUP)
        _, err = self.assert_stops(process)
        self.assertIn("SIGHUP: the job stops, long tasks write checkpoints\n", err)

    def test_again_and_again(self):
        # a second signal while the job stops, and more of them, of both kinds
        self.job(**{**LONG, "step_seconds": 0.05, "steps": 10})
        self.reference(**{**LONG, "steps": 10})
        process = self.start_job(ranks=2)
        for which in (signal.SIGUSR1, signal.SIGTERM, signal.SIGTERM, signal.SIGUSR1):
            for rank in self.ranks_of(process):
                os.kill(rank, which)
            time.sleep(0.005)
        self.assert_stops(process)
        self.assert_goes_on()
        self.assert_work_was_kept()

    def test_before_the_first_task(self):
        # The handlers are set before the lock is taken.
        self.job(**SHORT)
        self.reference(**SHORT)
        process = self.start("run", "job.ini", "-o", "x.h5", "--quiet")
        while not (self.folder / "x.h5.lock").exists():
            self.assertIsNone(process.poll())
        os.kill(process.pid, signal.SIGTERM)
        self.assert_stops(process)
        self.assert_goes_on()


class TimeLimits(Stops):
    def run_limited(self, seconds, *words, ranks=None, **environment):
        """Runs the job until it stops; returns how long that took."""
        self.environment = {**self.environment, **environment}
        start = time.monotonic()
        answer = self.hypnos("run", "job.ini", "-o", "x.h5", "--quiet", *words, ranks=ranks)
        del self.environment
        self.assertEqual(answer.code, INCOMPLETE, answer)
        self.assertLess(time.monotonic() - start, seconds + SOON)
        self.assert_stopped()
        return answer.out

    def test_option(self):
        # of three seconds, two are for checkpoints
        long = {**LONG, "realizations": 6}
        self.job(**long)
        self.reference(**long)
        out = self.run_limited(3, "--time-limit", "0:03", "--ranks-per-task", 2, ranks=2)
        self.assertIn("stopped before the end (the time limit is near, 3.0 s from the start, by --time-limit); the same", out)
        self.assert_goes_on()

    def test_slurm(self):
        # Of six seconds, two are for the end, and a busy machine may need two for the start; tasks of six seconds are
        # interrupted.
        long = {**LONG, "steps": 600, "realizations": 2}
        self.job(**long)
        self.reference(**long)
        end = str(int(time.time() + 7))
        out = self.run_limited(7, ranks=2, SLURM_JOB_END_TIME=end)
        self.assertRegex(out, rf"\(the time limit is near, \d\.\d s from the start, by Slurm, SLURM_JOB_END_TIME = {end}\)")
        self.assert_goes_on()
        self.assert_work_was_kept()

    def test_the_option_wins_over_slurm(self):
        self.job(**{**SHORT, "realizations": 3})
        self.environment = {**self.environment, "SLURM_JOB_END_TIME": str(int(time.time()) - 10)}
        stale = self.hypnos("run", "job.ini", "-o", "x.h5")
        self.assertEqual(stale.code, INCOMPLETE)
        self.assertRegex(stale.out, r"\(the time limit of Slurm, SLURM_JOB_END_TIME = \d+ had passed 1\d s before the "
                                    r"start; --time-limit replaces it\)")
        self.assertEqual(self.hypnos("run", "job.ini", "-o", "x.h5", "--time-limit", "10").code, DONE)
        del self.environment

    def test_a_task_that_cannot_end_in_time_is_not_begun(self):
        # Tasks of a second without checkpoints; of five seconds, two are for the end. In three seconds two tasks are
        # done, or one if the start is slow, and the next would not end before the stop.
        job = {**SHORT, "steps": 100, "step_seconds": 0.01, "realizations": 3}
        self.job(**job, trace="trace")
        self.reference(**job)
        self.run_limited(5, SLURM_JOB_END_TIME=str(time.time() + 5))
        words = [line.split()[0] for line in (self.folder / "trace").read_text().splitlines()]
        self.assertIn(words, (["begin", "end"], ["begin", "end"] * 2))
        self.assert_goes_on()


if __name__ == "__main__":
    unittest.main()
