#!/usr/bin/python3
"""Lines through values with errors, extrapolation in N, powers of N, the jackknife, and the largest k of a sample."""

import unittest

import numpy as np
import xarray as xr

from hypnos.extrapolation import extrapolated, line, power_of_size
from hypnos.statistics import jackknife
from scripts import names_of

largest_k = names_of("perceptron-vs-unlearning/fig1.py")["largest_k"]


def sizes(N, rows):
    return xr.DataArray(np.array(rows, float), dims=("N", "realization"), coords={"N": N})


class Extrapolation(unittest.TestCase):
    N = [100, 200, 400, 800]

    def test_samples_that_agree_by_a_coarse_grid_do_not_fix_the_line(self):
        # the largest size has no spread, so without its blur it does not count
        rows = np.array([[1.1, 1.3], [1.2, 1.4], [1.3, 1.5], [1.5, 1.5]])
        blurred = extrapolated(sizes(self.N, rows), blur=[0, 0, 0, 0.1])
        self.assertEqual(blurred.freedom, 2)
        self.assertEqual(extrapolated(sizes(self.N, rows)).freedom, 1)
        # means 1.2, 1.3, 1.4, 1.5 with errors of 0.1, each: those of the line by unweighted least squares
        x = 1 / np.array(self.N)
        weights = (1 / 4 - (x - x.mean()) * x.mean() / ((x - x.mean()) ** 2).sum())
        self.assertAlmostEqual(float(blurred.at_infinity.mean), float(weights @ rows.mean(1)), 12)
        # sizes share their samples: the spread of weights @ rows over two, and the blur of the last beside it
        spread = abs(np.diff(weights @ rows)[0]) / 2
        self.assertAlmostEqual(float(blurred.at_infinity.stderr), float(np.hypot(spread, 0.1 * weights[3])), 12)

    def test_points_on_a_line_are_continued_to_infinite_size(self):
        # each size has two samples about the line, 0.1 apart: standard errors of 0.05
        for power in (1, 2 / 3):
            line = 1.3 - 14 * np.array(self.N, float) ** -power
            found = extrapolated(sizes(self.N, np.stack([line - 0.05, line + 0.05], axis=1)), power)
            self.assertAlmostEqual(float(found.at_infinity.mean), 1.3, 12)
            self.assertAlmostEqual(found.slope, -14, 9)
            self.assertAlmostEqual(found.chi2, 0, 12)
            self.assertEqual((found.freedom, found.at_infinity.count), (2, 2))
            # the same shift of all sizes shifts the end by as much, however it is weighted
            self.assertAlmostEqual(float(found.at_infinity.stderr), 0.05, 12)

    def test_two_sizes_are_joined_and_independent_errors_add_up(self):
        # 1/N = 0.01 and 0.005: the end is twice the second less the first; samples 4 and -4 shifts without correlation
        values = sizes([100, 200], [[1, 1, 3, 3], [2, 6, 2, 6]])
        found = extrapolated(values)
        self.assertAlmostEqual(float(found.at_infinity.mean), 2 * 4 - 2, 12)
        first, second = 1 / np.sqrt(3), 2 / np.sqrt(3)
        self.assertAlmostEqual(float(found.at_infinity.stderr), np.hypot(2 * second, first), 12)
        self.assertEqual(found.freedom, 0)
        # where a sample lacks a size, the rest is taken as independent: here, with another mean and error
        values[0, 0] = np.nan
        found = extrapolated(values)
        self.assertAlmostEqual(float(found.at_infinity.mean), 2 * 4 - 7 / 3, 12)
        self.assertAlmostEqual(float(found.at_infinity.stderr), np.hypot(2 * second, 2 / 3), 12)

    def test_precise_sizes_weigh_more_and_chi2_says_whether_it_is_a_line(self):
        precise, rough = [-1e-3, 1e-3], [-1, 1]
        values = sizes(self.N[:3], [np.add(5, rough), np.add(3, precise), np.add(2, precise)])
        found = extrapolated(values)
        self.assertAlmostEqual(float(found.at_infinity.mean), 1, 4)  # the line of the last two, 3 and 2
        self.assertAlmostEqual(found.chi2, 0, 4)
        values = sizes(self.N[:3], [np.add(8, precise), np.add(3, precise), np.add(2, precise)])
        self.assertGreater(extrapolated(values).chi2, 1e5)

    def test_one_size_is_no_line(self):
        for rows in ([[1, 2], [np.nan, np.nan]], [[1, 2], [3, np.nan]], [[1, 2], [3, 3]]):
            found = extrapolated(sizes([100, 200], rows))
            self.assertTrue(np.isnan(found.at_infinity.mean) and np.isnan(found.at_infinity.stderr))
            self.assertEqual((found.freedom, found.at_infinity.count), (0, 0))


class Powers(unittest.TestCase):
    def test_values_that_grow_as_a_power_have_its_exponent_and_an_error(self):
        # two samples about 3 N^2, apart by a factor e^0.2: the error of every mean of logarithms is 0.1
        N = [10, 20, 40, 80]
        middle = 3 * np.array(N, float) ** 2
        found = power_of_size(sizes(N, np.stack([middle * np.exp(-0.1), middle * np.exp(0.1)], axis=1)))
        self.assertAlmostEqual(found.exponent, 2, 12)
        # of four points at -1.5, -0.5, 0.5, 1.5 times ln 2 about their middle: 0.1 / (ln 2 sqrt(5))
        self.assertAlmostEqual(found.stderr, 0.1 / np.log(2) / np.sqrt(5), 12)
        self.assertAlmostEqual(found.chi2, 0, 12)
        self.assertEqual(found.freedom, 2)

    def test_sizes_that_weigh_more_and_those_without_an_error(self):
        # N = 10 and 20 double and have errors of 0.1 and 0.2; 40 has one sample, 80 no spread
        rows = np.array([[np.exp(-0.1), np.exp(0.1)], [2 * np.exp(-0.2), 2 * np.exp(0.2)], [np.nan, 7], [5, 5]])
        found = power_of_size(sizes([10, 20, 40, 80], rows))
        np.testing.assert_allclose(found[:2], (1, np.hypot(0.1, 0.2) / np.log(2)), rtol=1e-12)
        self.assertEqual(found.freedom, 0)
        self.assertTrue(np.isnan(power_of_size(sizes([10, 20], [[1, 2], [3, 3]])).exponent))


class Lines(unittest.TestCase):
    def test_points_weigh_by_one_over_their_squared_errors_and_unknown_ones_not(self):
        x, y = np.array([0.0, 1, 2, 3]), np.array([1.0, 3, 4, np.nan])
        slope, offset = line(x, y, np.array([0.1, 0.2, 0.1, 0.1]))
        # normal equations with weights 4, 1, 4: sums 9, 9 (x), 17 (x^2), 23 (y), 35 (xy)
        np.testing.assert_allclose((slope, offset), ((9 * 35 - 9 * 23) / 72, (17 * 23 - 9 * 35) / 72), rtol=1e-12)
        self.assertTrue(np.isnan(line(x, y, np.array([0.1, 0, 0.1, 0.1]), fewest=3)).all())


class Jackknife(unittest.TestCase):
    values = np.array([1.0, 2, 4, 9])

    def test_of_a_mean_it_is_the_standard_error(self):
        value, error = jackknife(lambda keep: self.values[keep].mean(), 4)
        np.testing.assert_allclose((value, error), (4, self.values.std(ddof=1) / 2), rtol=1e-14)

    def test_of_a_square_it_follows_the_slope(self):
        # f = mean^2: leaving k out gives ((16 - x_k) / 3)^2
        left_out = ((16 - self.values) / 3) ** 2
        _, error = jackknife(lambda keep: self.values[keep].mean() ** 2, 4)
        self.assertAlmostEqual(float(error), np.sqrt(3 / 4 * ((left_out - left_out.mean()) ** 2).sum()), 12)


class LargestK(unittest.TestCase):
    def of(self, k, *learnt):
        values = xr.DataArray(np.array(learnt, float).T[:, None, :], dims=("k", "N", "realization"),
                              coords={"k": k, "N": [100]})
        return largest_k(values).values[0]

    def test_it_lies_between_the_last_k_that_is_learnt_and_the_first_that_is_not(self):
        found = self.of([1, 1.2, 1.3, 1.34], [1, 0, 0, 0], [1, 1, 0, 0], [1, 1, 1, 0])
        np.testing.assert_allclose(found, [1.1, 1.25, 1.32], rtol=0, atol=1e-12)

    def test_samples_beyond_the_grid_are_at_its_ends_and_unfinished_ones_unknown(self):
        found = self.of([1, 1.2, 1.3], [0, 0, 0], [1, 1, 1], [1, np.nan, 0])
        np.testing.assert_allclose(found, [1, 1.3, np.nan], rtol=0, atol=1e-12)


if __name__ == "__main__":
    unittest.main()
