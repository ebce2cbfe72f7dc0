"""How tasks are distributed: short ones in chunks; a team returns the rest of a chunk whose tasks are long, and leaves
a chunk when the job has to stop."""

import unittest

from hypnos_process import INCOMPLETE, MOCK, ProcessTest, rows

import h5py
import numpy as np


class Chunks(ProcessTest):
    program = MOCK

    def test_long_tasks_among_short_ones_are_shared(self):
        # According to the duration of the short tasks, all long ones fit one chunk. After a task of more than half a
        # second a team no longer requests tasks ahead of time.
        for seconds, words, ranks in ((0.3, (), 2), (0.6, (), 2), (0.6, ("--ranks-per-task", 2), 4)):
            with self.subTest(seconds=seconds, ranks=ranks):
                self.job(experiment="mock", steps=1, step_seconds=0.001, slow="242, 243, 244, 245, 246, 247",
                         slow_seconds=seconds, realizations=600, checkpoint=0)
                (self.folder / "x.h5").unlink(missing_ok=True)
                self.succeed("run", "job.ini", "-o", "x.h5", "--quiet", *words, ranks=ranks)
                self.succeed("verify", "x.h5")
                with h5py.File(self.folder / "x.h5", "r") as file:
                    long = slice(242, 248)
                    leader = rows(file, "rank")[long] // (ranks // 2)
                    self.assertTrue((rows(file, "seconds")[long] > seconds).all())
                self.assertGreaterEqual(np.bincount(leader, minlength=2).min(), 2, f"long tasks went to {leader}")

    def test_members_of_a_team_request_tasks_together_although_their_clocks_differ(self):
        # Below half a second a team requests tasks ahead of time. Tasks are a little shorter here, but with large rows
        # the leader, which writes them, needs more than half a second and the other member less.
        self.job(experiment="mock", steps=1, step_seconds="0.42, 0.44, 0.46, 0.48, 0", size=2000000, checkpoint=0)
        self.succeed("run", "job.ini", "-o", "x.h5", "--quiet", "--ranks-per-task", 2, ranks=2)
        self.succeed("verify", "x.h5")

    def test_a_stop_is_obeyed_between_the_tasks_of_a_chunk(self):
        self.job(experiment="mock", steps=1, step_seconds=0.0005, realizations=500, checkpoint=0, stop_in=300,
                 trace="trace")
        answer = self.hypnos("run", "job.ini", "-o", "x.h5", "--quiet")
        self.assertEqual(answer.code, INCOMPLETE, answer)
        last = (self.folder / "trace").read_text().splitlines()[-1]
        self.assertEqual(last, "end 300 1")
        self.assertEqual(np.count_nonzero(rows(self.store("x.h5"), "done")), 301)


if __name__ == "__main__":
    unittest.main()
