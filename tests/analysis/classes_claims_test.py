#!/usr/bin/python3
"""The numbers that figures of classification and of local minima print for claims, on stores of known values.

Most values are b + s r over five realizations, r = -2 ... 2: their mean is b with standard error 0.707 s, their median b
with quartiles b -+ s. So 1 + 0.1 r is 1.000(71) as an average, and 1 (0.9 to 1.1) as median and quartiles."""

import unittest

import numpy as np

from example_store import Scratch, write_known
from scripts import claims_of, names_of

EXACT = {"method": "exact", "P": 0, "lambda": 1, "basin_samples": 10000, "max_steps": 1000, "seed": 1, "N": 20,
         "alpha": 0.3, "retrieval_points": 5}
M_0 = np.arange(5) / 4


class Claims(Scratch):
    maxDiff = None

    def setUp(self):
        super().setUp()
        self.other, self.third = self.folder / "y.h5", self.folder / "z.h5"

    def assert_claims(self, script, expected, *stores):
        self.assertEqual(claims_of(script, *(stores or [self.path])), expected)


class HalfLoad(unittest.TestCase):
    half_load = staticmethod(names_of("learning-and-unlearning/classification.py")["half_load"])

    def test_it_lies_on_the_line_between_two_loads(self):
        # parts 1, 3/4, 1/4, 0: half between 0.2 and 0.3
        hits = np.array([[1, 1, 1, 1], [1, 1, 1, 0], [1, 0, 0, 0], [0, 0, 0, 0]], float)
        value, error = self.half_load(np.array([0.1, 0.2, 0.3, 0.4]), hits)
        self.assertAlmostEqual(float(value), 0.25, 12)
        # without the first: parts 2/3, 0; the second or third: 2/3, 1/3; the last: 1, 1/3
        left_out = np.array([0.225, 0.25, 0.25, 0.275])
        self.assertAlmostEqual(float(error), np.sqrt(3 / 4 * ((left_out - 0.25) ** 2).sum()), 12)

    def test_the_last_fall_counts_and_unknown_samples_and_loads_do_not(self):
        nan = np.nan
        hits = np.array([[1, 1], [0, 0], [1, 1], [nan, nan], [1, nan], [0, 0]])
        self.assertAlmostEqual(float(self.half_load(np.arange(6.0), hits)[0]), 4.5, 12)
        for never in (np.zeros((3, 2)), np.ones((3, 2)), np.full((3, 2), nan)):
            self.assertTrue(np.isnan(self.half_load(np.arange(3.0), never)[0]))


class Classification(Claims):
    def test_claims(self):
        # P = 2, 5, 8 of N = 10 and 4, 10, 16 of 20; capacity: all converge, those with r > -1, none
        N, alpha = [10, 20], [0.2, 0.5, 0.8]
        learnt = lambda n, a, r: 1.0 * ((a < 0.3) | (a < 0.6) & (r > -1))
        number = lambda n, a: np.floor(a * n + 0.5)
        matched = lambda n, a, r: np.maximum(learnt(n, a, r), (n < 15) & (a < 0.6))
        common = {"converged": ((), learnt), "matched": ((), matched), "steps": ((), lambda n, a, r: 100 + 50 * (r > 0)),
                  "enumerated": ((), lambda n, a, r: 2 * number(n, a) + 2 * (1 - learnt(n, a, r))),
                  "spurious": ((), lambda n, a, r: 2 * (1 - learnt(n, a, r))),
                  "stable_patterns": ((), lambda n, a, r: number(n, a))}
        write_known(self.path, "classification", {**EXACT, "basin_samples": 0}, {"N": N, "alpha": alpha}, common)
        # basins: one load; 1/P for all but the first, which has twice, and the last, which has nothing
        basin = lambda n, a, r, c: np.where(c == 0, 2, c < 3) / 4 + 0 * r
        write_known(self.other, "classification", EXACT, {"N": [8, 16], "alpha": [0.4]}, {
            "converged": ((), lambda n, a, r: 1.0 * ((n < 10) | (r < 2))), "matched": ((), lambda n, a, r: 1.0 * (
                (n < 10) | (r < 2))), "steps": ((), lambda n, a, r: n ** 2 * np.exp(0.1 * np.sign(r) * (abs(r) < 2))),
            "enumerated": ((), lambda n, a, r: 2 * number(n, a) + 0 * r), "spurious": ((), lambda n, a, r: 0 * r),
            "stable_patterns": ((), lambda n, a, r: number(n, a) + 0 * r),
            "basin_volume": (("class",), lambda n, a, r, c: np.where(c < number(n, a), np.where(
                n < 10, np.where(c == 0, 2, 1.0 * (c == 1)) / 3, 1 / number(n, a)), np.nan) + 0 * r),
            "pieces": (("class",), lambda n, a, r, c: np.where((n < 10) & (c < 3), 1 + 2.0 * ((r == 0) & (c == 1)),
                                                               np.nan)),
            "largest_piece": (("class",), lambda n, a, r, c: np.where((n < 10) & (c < 3), 1 - 0.2 * ((r == 0) & (
                c == 1)), np.nan)),
            "connected": ((), lambda n, a, r: np.where(n < 10, 1 - (r == 0) / 3, np.nan))}, {"class": np.arange(6)})
        self.assert_claims("learning-and-unlearning/classification.py", {}, self.other, self.path)


class Sampled(Claims):
    def test_claims(self):
        # P = 3 of N = 10: with 10 random states 2 others in the samples with r > 0; of N = 40 states are not tried
        tried = lambda n, s, value: np.where(n < 32, value, np.nan)
        write_known(self.path, "classification", {**EXACT, "method": "sampled"}, {"N": [10, 40], "samples": [10, 100]}, {
            "converged": ((), lambda n, s, r: 1.0 * ((n < 20) | (s > 50) | (r > 0))),
            "matched": ((), lambda n, s, r: 1.0 * ((n < 20) | (s > 50) | (r > 0))),
            "steps": ((), lambda n, s, r: 30 + r), "missed": ((), lambda n, s, r: 0.3 * (s < 50) + 0.1 * r * (s < 50)),
            "enumerated": ((), lambda n, s, r: tried(n, s, 6 + 2 * ((s < 50) & (r > 0)))),
            "spurious": ((), lambda n, s, r: 4.0 * ((n > 20) & (s < 50) & (r < 1))),
            "stable_patterns": ((), lambda n, s, r: np.floor(0.3 * n + 0.5) - (n > 20) * (s < 50) * (r > 1))})
        self.assert_claims("learning-and-unlearning/classification-sampled.py", {})


class Retrieval(Claims):
    def test_claims(self):
        # D_in exists in the samples with r < 2; these are compared
        write_known(self.path, "classification", EXACT, {}, {
            "m_f": (("m_0",), lambda r, m: 0.8 * m + 0.01 * r), "converged": ((), lambda r: 1.0 * (r > -2)),
            "basin_radius": ((), lambda r: 0.4 + 0.01 * r)}, {"m_0": M_0})
        write_known(self.other, "hebbian-unlearning", {**EXACT, "T": 0}, {}, {
            "m_f_in": (("m_0",), lambda r, m: np.where(r < 2, 0.7 * m, np.nan)),
            "m_f_hebb": (("m_0",), lambda r, m: 0.5 * m + 0 * r), "dreams_in": ((), lambda r: np.where(r < 2, 100, np.nan)),
            "basin_radius_in": ((), lambda r: np.where(r < 2, 0.3 + 0.01 * r, np.nan))}, {"m_0": M_0})
        write_known(self.third, "support-vector-machine", EXACT, {}, {
            "m_f": (("m_0",), lambda r, m: 0.9 * m + 0 * r), "basin_radius": ((), lambda r: 0.35 + 0.02 * r)},
            {"m_0": M_0})
        self.assert_claims("learning-and-unlearning/retrieval.py", {}, self.third, self.path, self.other)


class Minima(Claims):
    def test_claims(self):
        minima = {"epsilon": 0.01, "strict": "true", "N": 10}
        write_known(self.path, "local-minima", {**minima, "couplings": "sk"}, {"N": [10, 20]}, {
            "minima": ((), lambda n, r: 2 ** (n / 5) + 0.2 * r),
            "minima_theory": ((), lambda n, r: 2 ** (n / 5) + 0.1 * (n > 15) + 0 * r)})
        # P = 1, 5 of N = 10: all patterns are strict minima at P = 1, and also at P = 5 in one sample if not strict
        every = lambda n, a, s, r: np.floor(a * n + 0.5)
        write_known(self.other, "local-minima", {**minima, "couplings": "hebb"},
                    {"N": [10], "alpha": [0.1, 0.5], "strict": [1, 0]}, {
            "minima": ((), lambda n, a, s, r: np.where(a < 0.2, 2 + 2 * (r > 1), 10 + r * s)),
            "basin_patterns": ((), lambda n, a, s, r: 1 - a + 0.01 * r),
            "stable_patterns": ((), lambda n, a, s, r: every(n, a, s, r) - (a > 0.2) * ((s > 0) | (r < 2)))})
        # P = 3; a dream lasts 0.001
        write_known(self.third, "local-minima", {**minima, "couplings": "unlearning", "strict": "false"},
                    {"alpha": [0.3], "dreams": [0, 100, 200]}, {
            "minima": ((), lambda a, d, r: 10 + d + r),
            "basin_patterns": ((), lambda a, d, r: 0.5 + 0.2 * (d == 100) + 0.1 * r * (d > 150) - 0.2 * (d > 150)),
            "stable_patterns": ((), lambda a, d, r: 3 - 1 * (d < 50) * (r > 0) - 3 * (d > 150))})
        self.assert_claims("learning-and-unlearning/minima.py", {}, self.third, self.path, self.other)


if __name__ == "__main__":
    unittest.main()
