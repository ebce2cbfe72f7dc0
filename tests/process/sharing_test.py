"""How tasks are shared: short ones by the handful, but nobody keeps those that turn out to be long, or goes on with a
handful when asked to stop."""

import unittest

from hypnos_process import INCOMPLETE, SILLY, ProcessTest, rows

import numpy as np


class Handfuls(ProcessTest):
    program = SILLY

    def test_long_tasks_among_short_ones_are_shared(self):
        # When the long ones come, the pace of the short ones makes one handful of all of them.
        self.job(experiment="silly", steps=1, step_seconds=0.001, slow="242, 243, 244, 245, 246, 247", slow_seconds=0.3, realizations=600,
                 checkpoint=0)
        for words, ranks in (((), 2), (("--ranks-per-task", 2), 4)):
            with self.subTest(ranks=ranks):
                self.succeed("run", "job.ini", "-o", f"{ranks}.h5", "--quiet", *words, ranks=ranks)
                file = self.store(f"{ranks}.h5")
                long = rows(file, "seconds") > 0.3
                self.assertEqual(np.count_nonzero(long), 6)
                leader = rows(file, "rank")[long] // (ranks // 2)
                self.assertGreaterEqual(np.bincount(leader, minlength=2).min(), 2, f"long tasks went to {leader}")
                self.succeed("verify", f"{ranks}.h5")

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
