"""Tasks that fail, in any way: each is a row with a message, no rank hangs, and the same command repeats them."""

import os
import re
import resource
import unittest

from hypnos_process import DONE, DONE_ROW, FAILED_ROW, INCOMPLETE, MOCK, SOME_FAILED, ProcessTest, messages, rows

import numpy as np

JOB = {"experiment": "mock", "steps": 10, "blocks": 5, "realizations": 12, "size": 3}


class Failures(ProcessTest):
    program = MOCK

    def failures(self):
        """Messages by task, of the tasks that are flagged as failed."""
        file = self.store("x.h5")
        numbers, texts = file["failures/task"][()], messages(file)
        states = rows(file, "done")
        found = {int(number): message for number, message in zip(numbers, texts) if number >= 0}
        self.assertEqual(sorted(found), np.flatnonzero(states == FAILED_ROW).tolist())
        for name in ("sum", "multiples"):
            self.assertTrue(np.isnan(rows(file, name)[states != DONE_ROW]).all())
            self.assertFalse(np.isnan(rows(file, name)[states == DONE_ROW]).any())
        file.close()
        return found

    def assert_fails(self, tasks, message, *words, ranks=None, **options):
        """These tasks fail with this message and the others are done; the next run makes the others, too."""
        answer = self.hypnos("run", "job.ini", "-o", "x.h5", *words, ranks=ranks, **options)
        self.assertEqual(answer.code, SOME_FAILED, answer)
        self.assertEqual(self.failures(), dict.fromkeys(tasks, message))
        status = self.hypnos("status", "x.h5")
        self.assertEqual(status.code, SOME_FAILED)
        self.assertIn(f"{12 - len(tasks)} of 12 tasks done, {len(tasks)} failed, 0 left", status.out)
        self.assertEqual(self.hypnos("verify", "x.h5").code, DONE)
        again = self.hypnos_well("run", "job.ini", "-o", "x.h5", *words, ranks=ranks)
        self.assertEqual(again.code, DONE, again)
        self.assertRegex(again.err, rf"12/12 done, ")
        self.assertEqual(self.failures(), {})
        self.assertEqual(self.hypnos_well("run", "job.ini", "-o", "well.h5", "--quiet").code, DONE)
        self.assert_same_bits("well.h5", "x.h5")
        self.assertEqual(sorted(self.files()), ["job.ini", "well.h5", "x.h5"])

    def test_some_tasks_throw(self):
        self.job(**JOB, fail="0, 7")
        answer = self.hypnos("run", "job.ini", "-o", "x.h5", ranks=2)
        self.assertEqual(answer.code, SOME_FAILED, answer)
        self.assertEqual(self.failures(), {k: f"realization {k} fails as it was asked to" for k in (0, 7)})
        # a part of them fails again: the messages of the others are removed
        self.assertEqual(self.hypnos("run", "job.ini", "-o", "x.h5").code, SOME_FAILED)
        self.assertEqual(sorted(self.failures()), [0, 7])
        self.assertEqual(self.hypnos_well("run", "job.ini", "-o", "x.h5").code, DONE)
        self.assertEqual(set(rows(self.store("x.h5"), "shared")), {150})

    def test_all_tasks_throw(self):
        self.job(**{**JOB, "realizations": 3}, fail="0:2:1")
        self.assertEqual(self.hypnos("run", "job.ini", "-o", "x.h5", ranks=2).code, SOME_FAILED)
        self.assertEqual(sorted(self.failures()), [0, 1, 2])
        self.assertEqual(self.hypnos("verify", "x.h5").code, DONE)

    def test_a_member_of_a_team_fails_alone(self):
        # the leader or another member; before the shared sum, and within it
        for rank, place, checkpoint in ((1, "task", 1), (0, "block", 0), (1, "block", 1)):
            with self.subTest(rank=rank, place=place, checkpoint=checkpoint):
                for old in ("x.h5", "well.h5"):
                    (self.folder / old).unlink(missing_ok=True)
                self.job(**JOB, fail_rank=rank, fail_place=place, checkpoint=checkpoint)
                message = "a member fails alone" + (" in a block" if place == "block" else "")
                self.assert_fails(range(12), message, "--ranks-per-task", 2, ranks=2)

    @unittest.skipIf(os.environ.get("HYPNOS_SANITIZE") == "ON", "a sanitizer takes terabytes of addresses")
    def test_out_of_memory(self):
        # more memory than any machine has
        self.job(**JOB, gigabytes=20)
        limit = 8 << 30
        self.assert_fails(range(12), "out of memory", ranks=2,
                          preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)))

    def test_a_failed_task_of_a_stopped_job(self):
        # failed and open rows together: not complete
        self.job(**{**JOB, "step_seconds": 0.01}, fail="0")
        answer = self.hypnos("run", "job.ini", "-o", "x.h5", "--time-limit", "0", "--quiet")
        self.assertEqual(answer.code, INCOMPLETE, answer)
        self.assertEqual(self.hypnos("run", "job.ini", "-o", "x.h5").code, SOME_FAILED)
        self.assertEqual(sorted(self.failures()), [0])


if __name__ == "__main__":
    unittest.main()
