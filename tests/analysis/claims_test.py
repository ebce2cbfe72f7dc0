#!/usr/bin/python3
"""What figures of Boltzmann learning say of claims, on stores and curves whose answer is known."""

import unittest

import numpy as np
import xarray as xr

from hypnos.claims import average, share, spread, table, with_error
from hypnos.statistics import wilson
from scripts import names_of

recommended = names_of("unlearning-regularization/choosing-a.py")["recommended"]
sign_test = names_of("unlearning-regularization/fig8.py")["sign_test"]
Regularizations = names_of("unlearning-regularization/regularizations.py")["Regularizations"]


class Words(unittest.TestCase):
    def test_a_share_has_the_interval_of_wilson(self):
        # k = n: from n / (n + 1) to 1; k = n / 2: 1/2 -+ 1 / (2 sqrt(n + 1)), both at one standard deviation
        self.assertEqual(share([True] * 24), "24 of 24 (96-100 %)")
        self.assertEqual(share([True, False] * 12), "12 of 24 (40-60 %)")
        self.assertEqual(share([False] * 4), "0 of 4 (0-20 %)")
        self.assertEqual(share([]), "0 of 0")
        np.testing.assert_allclose(wilson(np.array([0, 1, 4]), np.array([0, 2, 4])),
                                   ([0, 0.5 - 1 / np.sqrt(12), 0.8], [1, 0.5 + 1 / np.sqrt(12), 1]), rtol=1e-12)

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
