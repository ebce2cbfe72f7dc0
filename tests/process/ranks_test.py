"""The bits of a store do not depend on the number of ranks, nor on the size of teams."""

import unittest

from hypnos_process import BAD_INPUT, DONE_ROW, FAILED_ROW, SOME_FAILED, ProcessTest, write_recording

import numpy as np

# ranks, ranks a task
WAYS = [(1, 1), (3, 1), (3, 3), (4, 2)]


class Ranks(ProcessTest):
    def assert_any_ranks_give_the_same_bits(self, job, ways=WAYS):
        self.succeed("run", job, "-o", "alone.h5")
        for ranks, ranks_per_task in ways:
            with self.subTest(ranks=ranks, ranks_per_task=ranks_per_task):
                name = f"{ranks}-{ranks_per_task}.h5"
                self.succeed("run", job, "-o", name, "--ranks-per-task", ranks_per_task, ranks=ranks)
                self.assert_same_bits("alone.h5", name)
        return self.store("alone.h5")

    def test_many_small_tasks(self):
        job = self.job(experiment="boltzmann", N=10, realizations=5, rule="unlearning, l1, l2", a="0.4, 0.7, 1",
                       stop="convergence", tolerance=1e-3, max_steps=150, records=7, betas="0.5, 1, 2")
        file = self.assert_any_ranks_give_the_same_bits(job)
        self.assertEqual(file["realizations/sDKL_t"].shape, (3, 3, 5, 7))

    def test_teams_that_share_one_enumeration(self):
        # Without fields one spin is fixed by symmetry; beyond 21 free spins the sum is divided into blocks, here 4.
        job = self.job(experiment="boltzmann", N=24, realizations=2, rule="unlearning, l2", a="0.5, 1", stop="steps",
                       max_steps=2, records=3, betas="0.5, 1")
        self.assert_any_ranks_give_the_same_bits(job)

    def test_teams_whose_blocks_do_not_divide_evenly(self):
        # 32 blocks for 3 members
        job = self.job(experiment="boltzmann", N=27, realizations=1, a=0.5, stop="steps", max_steps=1, betas=1)
        self.assert_any_ranks_give_the_same_bits(job)

    def test_teams_on_a_recording_with_fields(self):
        write_recording(self.folder / "recording.h5", neurons=23)
        job = self.job(experiment="boltzmann", data="file", file="recording.h5", neurons=23, test_fraction=0.2,
                       split_by="repeat", realizations=3, a="0.5, 1", stop="steps", max_steps=2, records=3, betas="1")
        self.assert_any_ranks_give_the_same_bits(job)

    def test_curie_weiss(self):
        job = self.job(experiment="curie-weiss", N="10, 100", beta_d="0.5:1.5:0.25", a="0.2:1.4:0.4", betas="0.1:2:0.1")
        self.assert_any_ranks_give_the_same_bits(job, [(3, 1)])

    def test_teams_are_refused_where_a_task_is_not_shared(self):
        for experiment in ("curie-weiss", "hebbian-unlearning", "symmetric-perceptron", "support-vector-machine",
                           "interaction-space", "spatial-memories"):
            answer = self.hypnos("run", self.job(experiment=experiment), "-o", "x.h5", "--ranks-per-task", 2, ranks=2)
            self.assertEqual(answer.code, BAD_INPUT, answer)
            self.assertIn(f"--ranks-per-task 2, but a task of {experiment} cannot be shared", answer.err)
            self.assertFalse((self.folder / "x.h5").exists())

    def test_networks_of_patterns(self):
        for experiment, words in {"hebbian-unlearning": {"glassy_states": 2, "records": 10, "T": "0, 0.4", "sweeps": 2},
                                  "symmetric-perceptron": {"records": 5, "init": "hebb, random"},
                                  "support-vector-machine": {},
                                  "interaction-space": {"records": 3, "max_steps": 50}}.items():
            maps = {} if experiment == "interaction-space" else {"retrieval_points": 5, "save_couplings": "true"}
            with self.subTest(experiment=experiment):
                job = self.job(experiment=experiment, N=40, alpha="0.2, 0.3", realizations=2, **words, **maps)
                self.assert_any_ranks_give_the_same_bits(job, [(3, 1)])
                for file in self.folder.glob("*.h5"):
                    file.unlink()

    def test_fixed_points_searched_by_teams(self):
        for experiment, words in {"local-minima": {"N": 20, "couplings": "sk, hebb", "save_states": "true"},
                                  "classification": {"N": "14, 26", "alpha": 0.2, "basin_samples": 200,
                                                     "retrieval_points": 3, "method": "exact, sampled",
                                                     "max_steps": 60, "samples": 50}}.items():
            with self.subTest(experiment=experiment):
                job = self.job(experiment=experiment, realizations=2, **words)
                self.assert_any_ranks_give_the_same_bits(job, [(3, 1), (2, 2), (3, 3)])
                for file in self.folder.glob("*.h5"):
                    file.unlink()

    def test_failed_tasks(self):
        # The third neuron fires once: if this sample is in the test data, the neuron is constant in the training data.
        raster = np.random.default_rng(3).integers(0, 2, (40, 3))
        raster[:, 2] = 0
        raster[7, 2] = 1
        np.save(self.folder / "recording.npy", raster)
        job = self.job(experiment="boltzmann", data="file", file="recording.npy", neurons=3, test_fraction=0.5,
                       realizations=12, a="0.5, 1", stop="steps", max_steps=5, betas=1)
        for name, words in {"alone.h5": {}, "three.h5": {"ranks": 3}}.items():
            answer = self.hypnos("run", job, "-o", name, **words)
            self.assertEqual(answer.code, SOME_FAILED, answer)
        self.assert_same_bits("alone.h5", "three.h5")
        self.assertEqual(set(self.store("alone.h5")["realizations/done"][()].flat), {DONE_ROW, FAILED_ROW})


class Work(ProcessTest):
    def test_every_team_computes(self):
        job = self.job(experiment="boltzmann", N=14, realizations=60, a=0.5, stop="steps", max_steps=200, betas=1)
        self.succeed("run", job, "-o", "x.h5", ranks=3)
        # 60 tasks of about 10 ms: a rank without a task got none, and is not merely slow
        self.assertEqual(set(self.store("x.h5")["realizations/rank"][()].flat), {0, 1, 2})
        self.succeed("run", job, "-o", "y.h5", "--ranks-per-task", 2, ranks=4)
        self.assertEqual(set(self.store("y.h5")["realizations/rank"][()].flat), {0, 2})  # leaders write


if __name__ == "__main__":
    unittest.main()
