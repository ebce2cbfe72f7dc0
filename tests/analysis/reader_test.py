#!/usr/bin/python3
"""The reader, on small stores in the layout of the program."""

import unittest
from pathlib import Path

import h5py
import numpy as np
import xarray as xr

import hypnos
from example_store import DONE, FAILED, OPEN, Scratch, boltzmann_store, write_store

STORES = Path(__file__).resolve().parents[1] / "stores"  # small ones of all versions


class Reader(Scratch):
    def test_stores_of_all_versions_are_read(self):
        stores = sorted(STORES.glob("*/*.h5"))
        self.assertGreaterEqual(len(stores), 9)
        for path in stores:
            with self.subTest(store=f"{path.parent.name}/{path.name}"), h5py.File(path) as file:
                store = hypnos.open(path).hypnos
                self.assertEqual(store.experiment, file.attrs["experiment"])
                done = file["realizations/done"][()]
                self.assertEqual((store.tasks, store.done), (done.size, (done == DONE).sum()))
                for name in store.observables:
                    written = file[f"realizations/{name}"][()]
                    np.testing.assert_array_equal(store[name].values[store.dataset["done"].values == DONE],
                                                  written[done == DONE], name)
                    if f"summary/{name}_mean" in file and (done == DONE).all():
                        # sums of at most four numbers of the size of the largest, in different order
                        tolerance = 1e-14 * np.nanmax(np.abs(written), initial=1e-300)
                        np.testing.assert_allclose(store.estimate(name).mean.values, file[f"summary/{name}_mean"][()],
                                                   rtol=0, atol=tolerance, err_msg=name)

    def partly_done(self):
        done = np.full((2, 3, 5), DONE)
        done[0, 1, 2], done[1, 2, 0], done[1, 0] = FAILED, OPEN, OPEN
        done[:, :, 4] = OPEN
        values = boltzmann_store(self.path, realizations=5, done=done, failures=[(7, "no root")])
        return done, values, hypnos.open(self.path).hypnos

    def test_labels_units_and_settings_are_those_of_the_file(self):
        boltzmann_store(self.path)
        store = hypnos.open(self.path).hypnos
        curve = store["Cv_curve"]
        self.assertEqual(curve.dims, ("rule", "a", "realization", "beta"))
        self.assertEqual(list(curve["rule"].values), ["unlearning", "l1"])
        self.assertEqual((curve.attrs["units"], curve.attrs["long_name"]), ("nats", "the Cv_curve"))
        self.assertEqual(curve["beta"].attrs["long_name"], "inverse temperature")
        self.assertEqual(store.axes, ("rule", "a"))
        self.assertEqual(store.own_axes("J"), ("i", "j"))
        self.assertEqual((store.job["N"], store.job["a"], store.job["file"]), ("4", "0.5, 1, 1.5", ""))
        self.assertEqual((store.experiment, store.dataset.attrs["ranks"]), ("boltzmann", 2))
        self.assertNotIn("checksum", store.observables)

    def test_open_and_failed_rows_are_nan_and_the_done_ones_keep_their_values(self):
        done, written, store = self.partly_done()
        read = store["Cv"].values
        kept = done[:, :, :4]
        np.testing.assert_array_equal(read[kept == DONE], written["Cv"][3][:, :, :4][kept == DONE])
        self.assertTrue(np.isnan(read[kept != DONE]).all())
        self.assertEqual((store.tasks, store.done, store.failed), (30, 18, 1))
        self.assertEqual(store.dataset.attrs["failures"], ["task 7: no root"])

    def test_a_realization_that_is_done_nowhere_is_dropped_but_no_sweep_point_is(self):
        _, _, store = self.partly_done()
        self.assertEqual(list(store["Cv"]["realization"].values), [0, 1, 2, 3])
        self.assertEqual(store["Cv"].sizes["a"], 3)
        estimate = store.estimate("Cv")
        self.assertEqual(int(estimate.count[1, 0]), 0)
        self.assertTrue(np.isnan(estimate.mean[1, 0]) and np.isnan(estimate.stderr[1, 0]))

    def test_means_errors_and_counts_are_those_of_the_summary(self):
        _, _, store = self.partly_done()
        summary = xr.open_dataset(self.path, group="summary", engine="h5netcdf")
        for name in ("sDKL", "Cv_curve", "J"):
            for part, values in store.estimate(name)._asdict().items():
                expected = summary[f"{name}_{part}"]
                self.assertEqual(values.dims, expected.dims)
                # two sums of at most five terms of order one, in different order: a few units of 1e-16
                np.testing.assert_allclose(values, expected, rtol=1e-13, atol=1e-15)

    def test_the_error_of_one_realization_is_unknown_not_zero(self):
        boltzmann_store(self.path, realizations=1)
        self.assertTrue(np.isnan(hypnos.open(self.path).hypnos.estimate("Cv").stderr).all())

    def test_a_store_without_sweep_is_read(self):
        write_store(self.path, "x", "N = 1\n", {}, 3, {"E": ((), "1", "energy", [1.0, 2.0, 3.0])}, done=[1, 1, 2])
        estimate = hypnos.open(self.path).hypnos.estimate("E")
        self.assertEqual((float(estimate.mean), float(estimate.stderr), int(estimate.count)), (1.5, 0.5, 2))

    def test_rows_that_finish_while_a_store_is_open_are_seen_when_it_is_opened_again(self):
        done = np.full((2, 3, 4), DONE)
        done[0, 0, 3] = OPEN
        written = boltzmann_store(self.path, done=done)
        before = hypnos.open(self.path).hypnos
        with h5py.File(self.path) as file:
            flag = file["realizations/done"].id.get_offset() + 3  # the fourth of the first sweep point, a byte each
        with open(self.path, "r+b") as job:
            job.seek(flag)
            job.write(bytes([DONE]))
        self.assertTrue(np.isnan(before["Cv"][0, 0, 3]))
        self.assertEqual(hypnos.open(self.path).Cv[0, 0, 3], written["Cv"][3][0, 0, 3])

    def test_symbols_are_those_of_the_file_and_else_the_names(self):
        axes = {"epsilon": np.array([0.1, 0.2])}
        write_store(self.path, "x", "N = 8\nbeta_d = 0.4\n", axes, 2,
                    {"dreams_in": ((), "1", "dreams to D_in; of each sample", np.ones((2, 2))),
                     "Cv": ((), "k_B", "specific heat", np.ones((2, 2)))},
                    symbols={"dreams_in": r"D_\mathrm{in}", "epsilon": r"\varepsilon"})
        data = hypnos.open(self.path)
        self.assertEqual(data.dreams_in.hypnos.symbol, r"$D_\mathrm{in}$")
        self.assertEqual(data.dreams_in.hypnos.label, r"$D_\mathrm{in}$, dreams to $D_\mathrm{in}$")
        self.assertEqual(data.Cv.hypnos.label, "$C_v$, specific heat ($k_B$)")
        written = {name: data.hypnos.symbol(name) for name in ("epsilon", "N", "beta_d", "m_f", "delta_min", "Cv",
            "rule")}
        self.assertEqual(written, {"epsilon": r"$\varepsilon$", "N": "$N$", "beta_d": r"$\beta_d$", "m_f": "$m_f$",
                                   "delta_min": r"$\delta_\mathrm{min}$", "Cv": "$C_v$", "rule": "rule"})

    def test_parameters_walked_side_by_side_are_coordinates_of_one_axis(self):
        write_store(self.path, "x", "N = 8\n", {"alpha_k": None}, 2,
            {"E": ((), "1", "energy", [[1, 2], [3, 4], [5, 6]])},
                    beside={"alpha": ("alpha_k", [0.1, 0.2, 0.2]), "k": ("alpha_k", [1.0, 1.0, 2.0])})
        data = hypnos.open(self.path)
        self.assertEqual((data.hypnos.axes, data.hypnos.observables), (("alpha_k",), ["E", "seconds"]))
        self.assertEqual(list(data.E["k"].values), [1, 1, 2])
        self.assertEqual(float(data.E.swap_dims(alpha_k="k").isel(realization=1)[2]), 6)

    def test_selections_read_only_rows_that_are_done(self):
        done, written, store = self.partly_done()
        part = store.dataset["J"].isel(a=[2, 0], realization=slice(None, None, 2), i=1, j=slice(3, 0, -1))
        expected = np.where(done[..., None, None] == DONE, written["J"][3], np.nan)[:, [2, 0]][:, :, :4:2][:, :, :, 1,
            3:0:-1]
        np.testing.assert_array_equal(part, expected)

    def test_whole_numbers_are_masked_like_others(self):
        write_store(self.path, "x", "N = 1\n", {"a": [1, 2]}, 2, {"E": ((), "1", "energy", np.ones((2, 2)))},
                    done=[[DONE, FAILED], [DONE, DONE]])
        np.testing.assert_array_equal(hypnos.open(self.path)["rank"], [[0, np.nan], [0, 0]])

    def test_accessors_give_means_and_errors_over_realizations(self):
        write_store(self.path, "x", "N = 1\n", {}, 4, {"E": ((), "1", "energy", [1.0, 2.0, 6.0, np.nan])})
        energy = hypnos.open(self.path).E.hypnos
        self.assertEqual(float(energy.mean()), 3)
        self.assertAlmostEqual(float(energy.stderr()), np.sqrt(7 / 3), 14)  # s^2 = (4 + 1 + 9) / 2
        self.assertEqual(int(energy.estimate().count), 3)

    def test_a_job_is_read_while_it_runs_without_a_lock(self):
        boltzmann_store(self.path)
        with h5py.File(self.path, "r+"):
            self.assertEqual(hypnos.open(self.path).hypnos.done, 24)

    def test_what_is_not_a_store_gets_one_line_that_says_why(self):
        boltzmann_store(self.path)
        whole = self.path.read_bytes()
        cases = {"missing.h5": (None, "no file"), "text.h5": (b"hello", "not an HDF5 file"),
                 "short.h5": (whole[:len(whole) // 2], "truncated")}
        for name, (content, expected) in cases.items():
            if content is not None:
                (self.folder / name).write_bytes(content)
            self.assert_refused(self.folder / name, expected)
        self.assert_refused(self.folder, "folder")
        with h5py.File(self.folder / "foreign.h5", "w") as file:
            file["x"] = 1
        self.assert_refused(self.folder / "foreign.h5", "not a store")

    def test_a_newer_layout_is_read_if_it_has_what_the_reader_needs_and_else_named(self):
        written = boltzmann_store(self.path)
        with h5py.File(self.path, "r+") as file:
            file.attrs["layout"] = 99
            del file["failures"], file["summary"]
        np.testing.assert_array_equal(hypnos.open(self.path).Cv, written["Cv"][3])
        with h5py.File(self.path, "r+") as file:
            del file["realizations/done"]
        self.assert_refused(self.path, "no realizations/done (layout 99)")

    def assert_refused(self, path, expected):
        with self.assertRaises(hypnos.StoreError) as caught:
            hypnos.open(path)
        self.assertIn(expected, str(caught.exception))
        self.assertIn(str(path), str(caught.exception))
        self.assertNotIn("\n", str(caught.exception))


if __name__ == "__main__":
    unittest.main()
