"""The job scripts of jobs/slurm with a private Slurm: after any interruption the same script continues the job, and its
store ends with the bits of an uninterrupted run.

Started by run.sh, where SLURM_CONF names that Slurm.
"""

import os
import shutil
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from hypnos_process import DONE, DONE_ROW, HYPNOS, INCOMPLETE, MOCK, ROOT, ProcessTest, contents, rows

import h5py
import numpy as np

TASKS = 60
ENDED = {"COMPLETED", "FAILED", "CANCELLED", "TIMEOUT", "NODE_FAIL"}
PATIENCE = 120  # seconds within which anything must happen; the longest wait of an idle machine is 70


def slurm(*words):
    """The output of a command of Slurm."""
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, timeout=60)
    if done.returncode != 0:
        raise AssertionError(f"{words} failed: {done.stderr}")
    return done.stdout.strip()


def is_queue_empty():
    return not slurm("squeue", "--noheader")


class SlurmTest(ProcessTest):
    """Every test calls sbatch in a folder with the structure of a checkout: jobs/slurm and build/release/hypnos."""

    settings = {}  # of the job
    ranks = 4

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reference_folder = Path(tempfile.mkdtemp(prefix="hypnos-test-"))
        cls.addClassCleanup(shutil.rmtree, cls.reference_folder)

    def setUp(self):
        super().setUp()
        (self.folder / "build/release").mkdir(parents=True)
        (self.folder / "build/release/hypnos").symlink_to(self.program)
        (self.folder / "jobs").symlink_to(ROOT / "jobs")
        self.job(**self.settings)
        self.reference = self.reference_folder / "reference.h5"
        if not self.reference.exists():
            self.succeed("run", "job.ini", "-o", self.reference, ranks=2)
        self.addCleanup(self.empty_the_queue)

    def empty_the_queue(self):
        slurm("scancel", "--user", os.getuid())
        self.wait_until(is_queue_empty, "jobs remain in the queue")

    def submit(self, *words, script="hypnos.sbatch", options=(), launcher="mpirun", path="", **variables):
        """Submits as a user does, and returns the number of the job."""
        environment = {**self.environment, "HYPNOS_LAUNCHER": launcher, "PATH": path + os.environ["PATH"], **variables}
        environment.pop("HYPNOS", None)
        done = subprocess.run(["sbatch", "--parsable", f"--ntasks={self.ranks}", *options,
                               f"jobs/slurm/{script}", "job.ini", *words],
                              cwd=self.folder, env=environment, capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.strip()

    def wait_until(self, condition, complaint):
        deadline = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > deadline:
                logs = "\n".join(f"--- {path.name}\n{path.read_text()}" for path in self.folder.glob("*.log"))
                self.fail(f"{complaint}\n{logs}")
            time.sleep(0.05)

    def about(self, job):
        """Slurm's description of a job: JobState, Restarts, ExitCode, ..."""
        words = slurm("scontrol", "--oneliner", "show", "job", job).split()
        return dict(word.split("=", 1) for word in words if "=" in word)

    def wait_for_end_of(self, job):
        """Waits for the final end of a job; returns its state, the number of its restarts, and its exit code."""
        self.wait_until(lambda: self.about(job)["JobState"] in ENDED, f"job {job} does not end")
        about = self.about(job)
        return about["JobState"], int(about["Restarts"]), about["ExitCode"].split(":")[0]

    def log(self, job):
        return (self.folder / f"hypnos-{job}.log").read_text()

    def done(self, store="x.h5"):
        """The number of tasks of a store that are done."""
        if not (self.folder / store).exists():
            return 0
        with h5py.File(self.folder / store, "r", locking=False) as file:
            return np.count_nonzero(rows(file, "done") == DONE_ROW)

    def wait_for_tasks(self, more, store="x.h5"):
        before = self.done(store)
        self.wait_until(lambda: self.done(store) >= before + more, "no tasks are done")

    def usr1(self, job):
        """The warning that Slurm sends before the limit; the job stops and returns to the queue."""
        slurm("scancel", "--batch", "--signal=USR1", job)
        self.wait_until(lambda: self.about(job)["JobState"] == "PENDING", f"job {job} does not return to the queue")

    def assert_same_results(self, store):
        """As assert_same_bits, except for the job, which checksums cover: the reference may have tasks that take no
        time."""
        expected, found = contents(self.reference), contents(self.folder / store)
        self.assertEqual(expected.keys(), found.keys())
        differing = {name for name in expected if expected[name] != found[name]}
        self.assertLessEqual(differing, {"job", "realizations/checksum"})
        self.succeed("verify", store)

    def assert_complete(self, job, restarts, store="x.h5"):
        """The job ended with code 0, its store is that of an uninterrupted run, and no files are beside it."""
        self.assertEqual(self.wait_for_end_of(job), ("COMPLETED", restarts, "0"), self.log(job))
        self.assert_same_results(store)
        self.assertEqual([path.name for path in self.folder.glob(f"{store}?*")], [])


class Boltzmann(SlurmTest):
    """The real program, on all cores."""

    program = HYPNOS
    ranks = 2
    settings = {"experiment": "boltzmann", "N": 14, "realizations": TASKS // 4, "rule": "unlearning, l2", "a": "0.5, 1",
                "stop": "steps", "max_steps": 4000, "records": 3, "betas": "0.5, 1, 2"}  # tasks of 0.1 s

    def test_usr1_and_continuation_keep_the_bits(self):
        job = self.submit("-o", "x.h5", launcher="srun")
        self.wait_for_tasks(10)
        self.usr1(job)
        self.assertLess(self.done(), TASKS)
        self.assert_complete(job, restarts=1)


class Interruptions(SlurmTest):
    """With tasks that sleep, so that times do not depend on the load of the machine."""

    program = MOCK
    settings = {"experiment": "mock", "realizations": TASKS // 4, "factor": "1, 2, 3, 4", "steps": 40}
    TASK = "step_seconds=0.0075"  # 0.3 s per task, 5 s for the whole job

    def test_jobs_finish(self):
        jobs = {launcher: self.submit(self.TASK, "-o", f"{launcher}.h5", launcher=launcher)
                for launcher in ("mpirun", "srun")}
        for launcher, job in jobs.items():
            self.assert_complete(job, restarts=0, store=f"{launcher}.h5")
            self.assertIn("60/60 done", self.log(job))

    def test_usr1_requeues_and_jobs_finish(self):
        jobs = {launcher: self.submit(self.TASK, "-o", f"{launcher}.h5", launcher=launcher)
                for launcher in ("mpirun", "srun")}
        for launcher, job in jobs.items():
            self.wait_for_tasks(5, store=f"{launcher}.h5")
            self.usr1(job)
            self.assertEqual(self.hypnos("status", f"{launcher}.h5").code, INCOMPLETE)
            self.assertFalse((self.folder / f"{launcher}.h5.lock").exists(), "a graceful stop leaves no lock")
        for launcher, job in jobs.items():
            self.assert_complete(job, restarts=1, store=f"{launcher}.h5")
            self.assertEqual(self.log(job).count(f"\n{launcher}.h5\n"), 2, "both attempts are in the log")

    def test_tasks_longer_than_any_limit_finish_by_checkpoints(self):
        tasks = "factor=1", "realizations=4"
        self.reference = self.folder / "reference.h5"
        self.succeed("run", "job.ini", *tasks, "-o", self.reference)
        job = self.submit(*tasks, "step_seconds=0.2", "-o", "x.h5")  # 8 s per task
        for _ in range(2):  # the second attempt is a restart that finishes no task, and is still requeued
            self.wait_until((self.folder / "x.h5.lock").exists, "the job does not start")
            time.sleep(2)
            self.usr1(job)
            self.assertEqual(self.done(), 0)
        self.assert_complete(job, restarts=2)

    def test_scancel_ends_jobs_and_submitting_again_finishes_them(self):
        for launcher in ("mpirun", "srun"):
            job = self.submit(self.TASK, "-o", "x.h5", launcher=launcher)
            self.wait_for_tasks(5)
            slurm("scancel", job)
            self.assertEqual(self.wait_for_end_of(job)[:2], ("CANCELLED", 0))
            self.wait_until(is_queue_empty, f"job {job} stays")
            self.assertLess(self.done(), TASKS)
        self.assert_complete(self.submit(self.TASK, "-o", "x.h5"), restarts=0)

    def test_term_to_the_script_stops_gracefully_for_good(self):
        job = self.submit(self.TASK, "-o", "x.h5")
        self.wait_for_tasks(5)
        slurm("scancel", "--batch", "--signal=TERM", job)
        self.assertEqual(self.wait_for_end_of(job), ("FAILED", 0, "143"), self.log(job))
        self.assertIn("stopped before the end", self.log(job))
        self.assert_complete(self.submit(self.TASK, "-o", "x.h5"), restarts=0)

    def test_time_limits_of_the_program_cut_a_job_into_attempts(self):
        job = self.submit(self.TASK, "-o", "x.h5", "--time-limit", "0-00:00:05")
        _, restarts, _ = self.wait_for_end_of(job)
        self.assertGreater(restarts, 0)
        self.assert_complete(job, restarts)

    def test_limits_of_slurm(self):
        # Slurm sends warnings every half minute; 45 s of work do not fit
        warned = self.submit("step_seconds=0.075", "-o", "warned.h5", options=["--time=1", "--signal=B:USR1@30"])
        # the other gets no warning; its 68 s do not fit the limit that the program reads from Slurm
        unwarned = self.submit("step_seconds=0.1125", "-o", "unwarned.h5", options=["--time=1", "--signal=B:USR1@0"])
        _, restarts, _ = self.wait_for_end_of(warned)
        self.assertGreater(restarts, 0)
        self.assert_complete(warned, restarts, store="warned.h5")
        self.assertIn("Forwarding signal 10", self.log(warned))
        self.assert_complete(unwarned, restarts=1, store="unwarned.h5")
        self.assertNotIn("Forwarding signal", self.log(unwarned))

    def test_an_attempt_without_progress_is_not_requeued(self):
        # where `scontrol requeue` is forbidden, but exit code 75 requeues
        forbidden = self.folder / "build/scontrol"
        forbidden.write_text("#!/bin/sh\nexit 1\n")
        forbidden.chmod(0o755)
        job = self.submit(self.TASK, "-o", "x.h5", "--time-limit", "0-00:00:01", path=f"{forbidden.parent}:")
        self.assertEqual(self.wait_for_end_of(job), ("FAILED", 1, "1"), self.log(job))
        self.assertIn("this attempt has produced no task and no checkpoint", self.log(job))

    def test_bad_input_and_failed_tasks_are_not_requeued(self):
        bad = self.submit("stesp=3", "-o", "bad.h5")
        failing = self.submit("fail=3", "-o", "failing.h5")
        self.assertEqual(self.wait_for_end_of(bad), ("FAILED", 0, "2"), self.log(bad))
        self.assertIn("did you mean 'steps'", self.log(bad))
        self.assertEqual(self.wait_for_end_of(failing), ("FAILED", 0, "1"), self.log(failing))

    def test_an_array_and_its_merge_make_the_store_of_a_single_job(self):
        array = self.submit(self.TASK, "-o", "x.h5", script="array.sbatch", options=["--array=0-2", "--ntasks=2"],
                            HYPNOS_BLOCK="5")
        merge = slurm("sbatch", "--parsable", f"--dependency=afterok:{array}", f"--chdir={self.folder}",
                      "--output=merge.log", "--wrap", "build/release/hypnos merge x.*.h5 -o x.h5")
        self.wait_for_tasks(3, store="x.1.h5")
        self.usr1(f"{array}_1")
        self.assertEqual(self.wait_for_end_of(merge)[0], "COMPLETED")
        self.assertEqual(self.wait_for_end_of(f"{array}_1"), ("COMPLETED", 1, "0"))
        self.assertEqual([self.done(f"x.{element}.h5") for element in range(3)], [20, 20, 20])
        self.assert_same_results("x.h5")


if __name__ == "__main__":
    unittest.main()
