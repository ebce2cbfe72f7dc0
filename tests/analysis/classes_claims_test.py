#!/usr/bin/python3
"""The numbers that figures of classification and of local minima print for claims, on stores of known values.

Most values are b + s r over five realizations, r = -2 ... 2: their mean is b with standard error 0.707 s, their median
b with quartiles b -+ s. So 1 + 0.1 r is 1.000(71) as an average, and 1 (0.9 to 1.1) as median and quartiles."""

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
        common = {"converged": ((), learnt), "matched": ((), matched),
                  "steps": ((), lambda n, a, r: 100 + 50 * (r > 0)),
                  "enumerated": ((), lambda n, a, r: 2 * number(n, a) + 2 * (1 - learnt(n, a, r))),
                  "spurious": ((), lambda n, a, r: 2 * (1 - learnt(n, a, r))),
                  "stable_patterns": ((), lambda n, a, r: number(n, a))}
        write_known(self.path, "classification", {**EXACT, "basin_samples": 0}, {"N": N, "alpha": alpha}, common)
        # basins, P = 3 of N = 8: 2/3, 1/3, 0, the second in 3 pieces if r = 0; P = 6 of N = 16: 1/6 each, no pieces
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
        self.assert_claims("learning-and-unlearning/classification.py", {
            "N = 10: load at which half of the samples converge":
                "0.550(98) within 1000 steps; 0.28(15) within 100, 0.550(98) within 333",
            "N = 10: samples that converge":
                "P = 2: 5 of 5; P = 5: 3 of 5; P = 8: 0 of 5",
            "N = 20: load at which half of the samples converge":
                "0.550(98) within 1000 steps; 0.28(15) within 100, 0.550(98) within 333",
            "N = 20: samples that converge":
                "P = 4: 5 of 5; P = 10: 3 of 5; P = 16: 0 of 5",
            "C = W leaves only the patterns and their opposites as fixed points (capacity)":
                "16 of 18 samples with C = W; others: N = 10: 2, with 2 (2 to 2) other fixed points, and all patterns"
                " among them in 2; only these without C = W: 0",
            "trying all states finds 2 P fixed points in samples that converged (capacity)":
                "16 of 16, N = 10, 20",
            "C = W leaves only the patterns and their opposites as fixed points (basins)":
                "9 of 9 samples with C = W; others: none; only these without C = W: 0",
            "trying all states finds 2 P fixed points in samples that converged (basins)":
                "9 of 9, N = 8, 16",
            "alpha = 0.4: steps grow as N^2":
                "exponent 2.000(75) (chi2 = 0.0, 0 degrees of freedom); N = 8: 64.0(2.0) in 5 of 5 samples that "
                "converged; N = 16: 256(10) in 4 of 5 samples that converged",
            "N = 8: basins are connected":
                "regions of one piece: 14 of 15 (84-97 %) patterns; all regions of a sample: 4 of 5 (58-92 %) "
                "samples; largest piece of the others: 0.8 (0.8 to 0.8) of the region, smallest 0.8; by load: 0.4: "
                "0.933(67)",
            "N = 8: basins times P":
                "alpha = 0.4: spread 0.8165, smallest 0, largest 2",
            "N = 16: basins times P":
                "alpha = 0.4: spread 0, smallest 1, largest 1"}, self.other, self.path)


class Sampled(Claims):
    def test_claims(self):
        # P = 3 of N = 10: with 10 random states 2 others in the samples with r > 0; of N = 40 states are not tried
        tried = lambda n, s, value: np.where(n < 32, value, np.nan)
        write_known(self.path, "classification", {**EXACT, "method": "sampled"},
                    {"N": [10, 40], "samples": [10, 100]}, {
            "converged": ((), lambda n, s, r: 1.0 * ((n < 20) | (s > 50) | (r > 0))),
            "matched": ((), lambda n, s, r: 1.0 * ((n < 20) | (s > 50) | (r > 0))),
            "steps": ((), lambda n, s, r: 30 + r), "missed": ((), lambda n, s, r: 0.3 * (s < 50) + 0.1 * r * (s < 50)),
            "enumerated": ((), lambda n, s, r: tried(n, s, 6 + 2 * ((s < 50) & (r > 0)))),
            "spurious": ((), lambda n, s, r: 4.0 * ((n > 20) & (s < 50) & (r < 1))),
            "stable_patterns": ((), lambda n, s, r: np.floor(0.3 * n + 0.5) - (n > 20) * (s < 50) * (r > 1))})
        self.assert_claims("learning-and-unlearning/classification-sampled.py", {
            "N = 10, P = 3, 10 random states: the patterns stay stable, and spurious fixed points remain":
                "C = W in 5 of 5; converged in 5 of 5; after 30 (29 to 31) steps; all P patterns stable in 5 of 5; "
                "all states: no other fixed points in 3 of 5 (38-78 %), 0.80(49) others on average, at most 2; missed"
                " 0.300(71)",
            "N = 10, P = 3, 100 random states: the patterns stay stable, and spurious fixed points remain":
                "C = W in 5 of 5; converged in 5 of 5; after 30 (29 to 31) steps; all P patterns stable in 5 of 5; "
                "all states: no other fixed points in 5 of 5 (83-100 %), 0 others on average, at most 0; missed 0",
            "N = 40, P = 12, 10 random states: the patterns stay stable, and spurious fixed points remain":
                "C = W in 2 of 5; converged in 2 of 5; after 31.5 (31.2 to 31.8) steps; all P patterns stable in 4 of"
                " 5; spurious among those found 2.40(98); missed 0.300(71)",
            "N = 40, P = 12, 100 random states: the patterns stay stable, and spurious fixed points remain":
                "C = W in 5 of 5; converged in 5 of 5; after 30 (29 to 31) steps; all P patterns stable in 5 of 5; "
                "spurious among those found 0; missed 0"})


class Retrieval(Claims):
    def test_claims(self):
        # D_in exists in the samples with r < 2; these are compared
        write_known(self.path, "classification", EXACT, {}, {
            "m_f": (("m_0",), lambda r, m: 0.8 * m + 0.01 * r), "converged": ((), lambda r: 1.0 * (r > -2)),
            "basin_radius": ((), lambda r: 0.4 + 0.01 * r)}, {"m_0": M_0})
        write_known(self.other, "hebbian-unlearning", {**EXACT, "T": 0}, {}, {
            "m_f_in": (("m_0",), lambda r, m: np.where(r < 2, 0.7 * m, np.nan)),
            "m_f_hebb": (("m_0",), lambda r, m: 0.5 * m + 0 * r),
            "dreams_in": ((), lambda r: np.where(r < 2, 100, np.nan)),
            "basin_radius_in": ((), lambda r: np.where(r < 2, 0.3 + 0.01 * r, np.nan))}, {"m_0": M_0})
        write_known(self.third, "support-vector-machine", EXACT, {}, {
            "m_f": (("m_0",), lambda r, m: 0.9 * m + 0 * r), "basin_radius": ((), lambda r: 0.35 + 0.02 * r)},
            {"m_0": M_0})
        self.assert_claims("learning-and-unlearning/retrieval.py", {
            "samples that are compared":
                "4; D_in exists in 4 of 5 (58-92 %), moment matching converged in 4 of 5 (58-92 %), in 3 of 4 of "
                "those compared",
            "moment matching against largest margins":
                "moment matching is ahead of largest margins at no m_0, behind at 4 m_0 from 0.25 to 1; largest "
                "difference -0.1050(65) at m_0 = 1; mean of m_f over m_0 differs by -0.0550(65)",
            "moment matching against unlearning at D_in":
                "moment matching is ahead of unlearning at D_in at 4 m_0 from 0.25 to 1, behind at no m_0; largest "
                "difference 0.0950(65) at m_0 = 1; mean of m_f over m_0 differs by 0.0450(65)",
            "moment matching against Hebb":
                "moment matching is ahead of Hebb at 4 m_0 from 0.25 to 1, behind at no m_0; largest difference "
                "0.2950(65) at m_0 = 1; mean of m_f over m_0 differs by 0.1450(65)",
            "unlearning at D_in against largest margins":
                "unlearning is ahead of largest margins at no m_0, behind at 4 m_0 from 0.25 to 1; largest difference"
                " -0.2 at m_0 = 1; mean of m_f over m_0 differs by -0.1",
            "m_f where the maps differ most":
                "m_0 = 1: moment matching 0.7950(65); largest margins 0.9; unlearning at D_in 0.7; Hebb 0.5",
            "mean of m_f over m_0":
                "moment matching 0.3950(65); largest margins 0.45; unlearning at D_in 0.35; Hebb 0.25",
            "radius of the basins":
                "moment matching 0.3950(65); unlearning at D_in 0.2950(65); largest margins 0.340(13); moment "
                "matching minus unlearning at D_in 0.1; moment matching minus largest margins 0.0550(65)"},
            self.third, self.path, self.other)


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
        self.assert_claims("learning-and-unlearning/minima.py", {
            "N = 10: the mean number of minima of Gaussian couplings is exact":
                "4.00(14) over 5 samples, exact mean 4: +0.00 standard errors",
            "N = 20: the mean number of minima of Gaussian couplings is exact":
                "16.00(14) over 5 samples, exact mean 16.1: -0.71 standard errors",
            "all sizes together":
                "chi2 = 0.5, 2 degrees of freedom",
            "the mean number grows as exp(0.1992 N) at large N":
                "from N = 10 to 20: exponent 0.1386(36), of the exact mean 0.1393",
            "Hebb, N = 10, strict: all patterns are minima; they and their opposites are the only ones":
                "alpha = 0.1: 5 of 5, 4 of 5; alpha = 0.5: 0 of 5, 0 of 5",
            "Hebb, N = 10, not strict: all patterns are minima; they and their opposites are the only ones":
                "alpha = 0.1: 5 of 5, 4 of 5; alpha = 0.5: 1 of 5, 1 of 5",
            "Hebb, N = 10: minima, and part of all states that ends in patterns":
                "alpha = 0.1: 2.40(40) strict, 2.40(40) not strict, 0.9000(71), 0.9000(71); alpha = 0.5: 10.00(71) "
                "strict, 10 not strict, 0.5000(71), 0.5000(71)",
            "alpha = 0.3: unlearning enlarges the part of all states that ends in patterns":
                "from 0.5 to 0.7 at time 0.1, by 0.2; largest of every sample: 0.7 at time 0.1",
            "alpha = 0.3: with too many dreams it is lost":
                "no",
            "alpha = 0.3: minima at the start, time 0":
                "10 (9 to 11); all patterns are minima in 3 of 5 (38-78 %); part of all states 0.5",
            "alpha = 0.3: minima where this part is largest, time 0.1":
                "110 (109 to 111); all patterns are minima in 5 of 5 (83-100 %); part of all states 0.7",
            "alpha = 0.3: minima in the end, time 0.2":
                "210 (209 to 211); all patterns are minima in 0 of 5 (0-17 %); part of all states 0.300(71)"},
            self.third, self.path, self.other)


if __name__ == "__main__":
    unittest.main()
