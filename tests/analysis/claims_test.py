#!/usr/bin/python3
"""What figure scripts measure on curves and say of claims, on curves whose answer is known."""

import runpy
import sys
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
ANALYSIS = Path(__file__).resolve().parents[2] / "analysis"
PAPER = ANALYSIS / "unlearning-regularization"
sys.path[:0] = [str(ANALYSIS), str(PAPER)]

import numpy as np
import xarray as xr

from claims import average, share, spread, table, with_error
from regularizations import Regularizations
from trajectories import at_time, crossing, first_maximum, first_minimum, highest, lowest

recommended = runpy.run_path(str(PAPER / "choosing-a.py"))["recommended"]
sign_test = runpy.run_path(str(PAPER / "fig8.py"))["sign_test"]


def curves(time, *rows):
    return xr.DataArray(np.array(rows, float), dims=("realization", "time"), coords={"time": np.array(time, float)})


class Curves(unittest.TestCase):
    time = np.linspace(0, 3, 31)

    def test_a_crossing_lies_on_the_polygon_and_is_the_first(self):
        found = crossing(curves([0, 1, 2, 3], [0, 2, 0, 2], [3, 2.5, 0.5, 0.5], [2, 3, 4, 5], [np.nan, 1, 2, 3]), 1)
        np.testing.assert_allclose(found, [0.5, 1.75, np.nan, 1], rtol=1e-15)

    def test_a_parabola_has_its_minimum_where_it_is_between_the_records(self):
        place, height = first_minimum(curves(self.time, (self.time - 1.234) ** 2 + 2, self.time))
        np.testing.assert_allclose(place, [1.234, np.nan], rtol=1e-10)  # three records of rounding 1e-16 / 0.1^2
        np.testing.assert_allclose(height, [2, np.nan], rtol=1e-10)
        place, height = first_maximum(curves(self.time, 2 - (self.time - 1.234) ** 2))
        np.testing.assert_allclose((place[0], height[0]), (1.234, 2), rtol=1e-10)

    def test_the_first_minimum_is_not_the_lowest_and_rounding_makes_none(self):
        waves = np.cos(2 * np.pi * self.time) - self.time / 10  # minima near 0.5, 1.5, 2.5, each lower; the end is high
        twice = curves(self.time, waves)
        self.assertAlmostEqual(float(first_minimum(twice)[0][0]), 0.5, delta=0.05)
        self.assertAlmostEqual(float(lowest(twice)[0][0]), 2.5, delta=0.05)
        self.assertEqual(float(highest(twice)[0][0]), 0)
        settled = np.exp(-10 * self.time) + 1 + 1e-13 * np.cos(50 * self.time)
        self.assertTrue(np.isnan(first_minimum(curves(self.time, settled))[0][0]))
        shallow = curves(self.time, 1 + 0.001 * waves)
        self.assertFalse(np.isnan(first_minimum(shallow)[0][0]))
        self.assertTrue(np.isnan(first_minimum(shallow, rise=0.01)[0][0]))

    def test_records_that_are_not_known_do_not_count_and_curves_of_none_are_nan(self):
        gap = np.where(self.time < 0.15, np.nan, (self.time - 1) ** 2)
        nothing = np.full(31, np.nan)
        np.testing.assert_allclose(first_minimum(curves(self.time, gap, nothing))[0], [1, np.nan], rtol=1e-10)
        when = xr.DataArray([0.5, 0.5, np.nan], dims="realization")
        np.testing.assert_allclose(at_time(curves([0, 1], [2, 4], [np.nan] * 2, [2, 4]), when), [3, np.nan, np.nan])


class Words(unittest.TestCase):
    def test_a_share_has_the_interval_of_wilson(self):
        # k = n: from n / (n + 1) to 1; k = n / 2: 1/2 -+ 1 / (2 sqrt(n + 1)), both at one standard deviation
        self.assertEqual(share([True] * 24), "24 of 24 (96-100 %)")
        self.assertEqual(share([True, False] * 12), "12 of 24 (40-60 %)")
        self.assertEqual(share([False] * 4), "0 of 4 (0-20 %)")

    def test_errors_stand_in_the_last_two_digits(self):
        self.assertEqual(with_error(0.42512, 0.0521), "0.425(52)")
        self.assertEqual(with_error(12.34, 1.44), "12.3(1.4)")
        self.assertEqual(with_error(1234, 56), "1234(56)")
        self.assertEqual(with_error(1.2345e-7, 1.5e-8), "1.23(15)e-7")
        self.assertEqual(with_error(2, 0), "2")
        self.assertEqual(with_error(1, 1e-17), "1")
        self.assertEqual(with_error(0, 2e-6), "0.0(2.0)e-6")

    def test_averages_and_quartiles_leave_out_what_is_not_known(self):
        self.assertEqual(average([1, 3, np.nan]), "2.0(1.0)")
        self.assertEqual(average([np.nan]), "none")
        self.assertEqual(spread([1, 2, 3, 4, 5, np.nan]), "3 (2 to 4)")
        self.assertEqual(spread([]), "none")

    def test_a_table_is_markdown(self):
        self.assertEqual(table([("a", "b")]), "| claim | found |\n| --- | --- |\n| a | b |")

    def test_the_sign_test_is_the_tail_of_coins(self):
        self.assertEqual([sign_test(k, 2) for k in (0, 1, 2)], [1, 0.75, 0.25])


class Comparisons(unittest.TestCase):
    def test_penalties_are_read_at_the_abscissa_of_unlearning_and_only_where_they_reach(self):
        strength = np.array([0.0, 0.5, 1.0])
        values = xr.DataArray(np.zeros((3, 3, 1)), dims=("rule", "a_gamma", "realization"),
                              coords={"rule": ["unlearning", "l1", "l2"], "a": ("a_gamma", strength[::-1] * 0.8),
                                      "gamma": ("a_gamma", strength)})
        x, y = values.copy(), values.copy()
        x[0, :, 0], y[0, :, 0] = [0.25, 0.75, 2], [1, 2, 3]
        x[1, :, 0], y[1, :, 0] = [0, 0.5, 1], [2, 4, 6]
        store = {"x": x, "y": y, "Cv_data": values + 1}
        r = Regularizations(store, {"unlearning": (0, 1), "l1": (0, 1), "l2": (0, 1)})
        ratio = r.against(lambda rule: r("x", rule), lambda rule: r("y", rule), "l1")
        # in order of strength, which is that of falling a: y of l1 is 2 + 4 x
        np.testing.assert_allclose(ratio[:, 0], [3 / 1, 5 / 2, np.nan])
        np.testing.assert_allclose(ratio["strength"], [0.8, 0.4, 0])

    def models(self, likelihood, heat, met=None):
        shape = np.shape(likelihood)
        wrap = lambda values: xr.DataArray(np.asarray(values, float), dims=("a", "realization"),
                                           coords={"a": np.arange(shape[0]) / 10.0})
        chosen = recommended(wrap(likelihood), wrap(heat), wrap(np.ones(shape) if met is None else met))
        return chosen and tuple(model[0] for model in chosen)

    def test_the_rule_takes_the_least_heat_within_one_paired_error_of_the_best(self):
        best = np.array([1.0, 2.0, 3.0])  # splits differ much more than models do: only pairing sees it
        equal, worse = best - [0.01, -0.02, 0.03], best - [0.1, 0.1, 0.11]
        heat = np.repeat([[3.0], [2.0], [1.0]], 3, axis=1)
        self.assertEqual(self.models([best, equal, worse], heat), (0.1, 0.0))
        self.assertEqual(self.models([best, worse, equal], heat), (0.2, 0.0))
        self.assertEqual(self.models([best, worse, worse], heat), (0.0, 0.0))

    def test_models_that_missed_their_stop_are_no_candidates(self):
        best, equal = np.array([1.0, 2.0, 3.0]), np.array([1.01, 1.98, 3.0])
        heat = np.repeat([[3.0], [2.0]], 3, axis=1)
        self.assertEqual(self.models([best, equal], heat, [[1, 1, 1], [1, 0, 1]]), (0.0, 0.0))
        self.assertIsNone(self.models([best, equal], heat, np.zeros((2, 3))))


if __name__ == "__main__":
    unittest.main()
