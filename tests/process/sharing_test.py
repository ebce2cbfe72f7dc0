"""How tasks are shared: short ones by the handful, but nobody keeps those that turn out to be long, or goes on with a
handful when asked to stop."""

import unittest

from hypnos_process import INCOMPLETE, SILLY, ProcessTest, rows

import h5py
import numpy as np


class Handfuls(ProcessTest):
    program = SILLY

    def test_long_tasks_among_short_ones_are_shared(self):
        # When the long ones come, the pace of the short ones makes one handful of all of them. After one of more than
        # half a second, a team no longer asks ahead.
        for seconds, words, ranks in ((0.3, (), 2), (0.6, (), 2), (0.6, ("--ranks-per-task", 2), 4)):
            with self.subTest(seconds=seconds, ranks=ranks):
                self.job(experiment="silly", steps=1, step_seconds=0.001, slow="242, 243, 244, 245, 246, 247",
                         slow_seconds=seconds, realizations=600, checkpoint=0)
                (self.folder / "x.h5").unlink(missing_ok=True)
                self.succeed("run", "job.ini", "-o", "x.h5", "--quiet", *words, ranks=ranks)
                self.succeed("verify", "x.h5")
                with h5py.File(self.folder / "x.h5", "r") as file:
                    long = slice(242, 248)
                    leader = rows(file, "rank")[long] // (ranks // 2)
                    self.assertTrue((rows(file, "seconds")[long] > seconds).all())
                self.assertGreaterEqual(np.bincount(leader, minlength=2).min(), 2, f"long tasks went to {leader}")

    def test_members_of_a_team_ask_together_whatever_their_clocks_say(self):
        # Below half a second a team asks for more before it computes. Tasks are a little shorter here, but large rows
        # take the leader, who writes them, across that border and leave the other member this side of it.
        self.job(experiment="silly", steps=1, step_seconds="0.42, 0.44, 0.46, 0.48, 0", size=2000000, checkpoint=0)
        self.succeed("run", "job.ini", "-o", "x.h5", "--quiet", "--ranks-per-task", 2, ranks=2)
        self.succeed("verify", "x.h5")

    def test_a_stop_is_heard_between_the_tasks_of_a_handful(self):
        self.job(experiment="silly", steps=1, step_seconds=0.0005, realizations=500, checkpoint=0, stop_in=300,
                 trace="trace")
        answer = self.hypnos("run", "job.ini", "-o", "x.h5", "--quiet")
        self.assertEqual(answer.code, INCOMPLETE, answer)
        last = (self.folder / "trace").read_text().splitlines()[-1]
        self.assertEqual(last, "end 300 1")
        self.assertEqual(np.count_nonzero(rows(self.store("x.h5"), "done")), 301)


if __name__ == "__main__":
    unittest.main()
