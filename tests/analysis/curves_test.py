#!/usr/bin/python3
"""Crossings and extremes of curves along time, where the answer is known."""

import unittest

import numpy as np
import xarray as xr

from hypnos.curves import (at_time, crossing, fall, first_maximum, first_minimum, first_rise, highest, last_fall,
                           local_peak, lowest, rise)


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

    def test_rises_and_falls_are_met_at_once_by_curves_that_start_beyond_the_level(self):
        rows = curves([2, 3, 4, 5], [0, 2, 0, 2], [3, 2.5, 0.5, 3], [0, 0, 0, 0], [1, 1, 1, 1])
        np.testing.assert_allclose(rise(rows, 1), [2.5, 2, np.nan, 2], rtol=1e-15)
        np.testing.assert_allclose(fall(rows, 1), [2, 3.75, 2, 2], rtol=1e-15)
        np.testing.assert_allclose(crossing(rows, 1), [2.5, 3.75, np.nan, 2], rtol=1e-15)

    def test_the_first_rise_and_the_last_fall_are_on_the_polygon(self):
        time = np.array([0.5, 1, 2, 4])
        cases = {(-1, 1, 1, -3): (0.75, 2.5), (1, 1, 1, -1): (0.5, 3), (1, -1, 1, 2): (0.5, np.nan),
                 (-1, -1, -1, -1): (np.nan, np.nan), (-1, 0, -1, -1): (1, 1), (-3, -1, -1, 1): (3, np.nan)}
        for curve, expected in cases.items():
            curve = np.array(curve, float)
            np.testing.assert_allclose((first_rise(time, curve), last_fall(time, curve)), expected, err_msg=str(curve))

    def test_a_peak_is_that_of_the_parabola_within_reach_and_else_the_highest_record(self):
        time = np.arange(0, 1.01, 0.1)
        np.testing.assert_allclose(local_peak(time, 2 - (time - 0.43) ** 2, 0.2), (0.43, 2), rtol=1e-12)
        far = np.where(np.abs(time - 0.4) < 0.25, 2 - (time - 0.43) ** 2, -50)  # beyond the reach nothing counts
        np.testing.assert_allclose(local_peak(time, far, 0.2), (0.43, 2), rtol=1e-12)
        for edge in (time, -time, 1 - (time - 0.91) ** 2, 1 - (time - 0.09) ** 2):
            np.testing.assert_equal(local_peak(time, edge, 0.2), (np.nan, np.nan))
        np.testing.assert_allclose(local_peak(time, 1 - (time - 0.88) ** 2, 0.2), (0.88, 1), rtol=1e-12)
        self.assertEqual(local_peak(time, -np.abs(time - 0.5), 0.05), (0.5, 0))  # one record within reach
        convex = np.array([0.9, 0, 1, 0, 0.9])
        self.assertEqual(local_peak(np.arange(5) / 10, convex, 0.2), (0.2, 1))


if __name__ == "__main__":
    unittest.main()
