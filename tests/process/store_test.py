"""The store as xarray, h5py, numpy and ncdump read it."""

import shutil
import subprocess
import sys
import unittest

from hypnos_process import (DONE, DONE_ROW, FAILED_ROW, MOCK, OPEN_ROW, SOME_FAILED, ProcessTest, messages, observables,
                            row_checksums, row_labels, rows, write_message, write_recording)

import h5py
import numpy as np
import xarray as xr

# sweeps over a choice, whole numbers and numbers; N makes neurons of unequal count
JOB = {"experiment": "boltzmann", "realizations": 4, "N": "5, 6", "rule": "unlearning, l1", "a": "0.5, 0.7, 1",
       "stop": "steps", "max_steps": 20, "records": 4, "betas": "0.5, 1, 2"}
SWEEP = ("N", "rule", "a")


class Labels(ProcessTest):
    def setUp(self):
        super().setUp()
        self.succeed("run", self.job(**JOB), "-o", "x.h5")

    def dataset(self, group):
        dataset = xr.open_dataset(self.folder / "x.h5", group=group, engine="h5netcdf")
        self.addCleanup(dataset.close)
        return dataset

    def test_realizations(self):
        data = self.dataset("realizations")
        task = (*SWEEP, "realization")
        expected = {"sDKL": task, "J": (*task, "i", "j"), "h": (*task, "i"), "Cv_curve": (*task, "beta"),
                    "loss_t": (*task, "time"), "done": task, "seconds": task, "checksum": task, "rank": task}
        for name, dims in expected.items():
            self.assertEqual(data[name].dims, dims)
        self.assertEqual(dict(data.sizes), {"N": 2, "rule": 2, "a": 3, "realization": 4, "beta": 3, "time": 4,
                                            "i": 6, "j": 6, "coupling": 2})

    def test_coordinates(self):
        for group in ("realizations", "summary"):
            data = self.dataset(group)
            self.assertEqual([str(rule) for rule in data["rule"].values], ["unlearning", "l1"])
            self.assertTrue(all(isinstance(rule, str) for rule in data["rule"].values.tolist()))
            self.assertEqual(data["N"].values.tolist(), [5, 6])
            self.assertEqual(data["N"].dtype.kind, "i")
            self.assertEqual(data["a"].values.tolist(), [0.5, 0.7, 1.0])
            self.assertEqual(data["beta"].values.tolist(), [0.5, 1.0, 2.0])
            self.assertEqual(data["i"].values.tolist(), [0, 1, 2, 3, 4, 5])
            # lambda = 0.06 by default, 20 steps; one rounding of a product and a quotient each
            np.testing.assert_allclose(data["time"].values, [0, 0.4, 0.8, 1.2], rtol=1e-15, atol=0)
        self.assertEqual(self.dataset("realizations")["realization"].values.tolist(), [0, 1, 2, 3])
        one = self.dataset("summary").sel(rule="l1", N=6, a=0.7)["sDKL_mean"]
        self.assertEqual(one.shape, ())

    def test_every_variable_has_units_and_a_description(self):
        data, summary = self.dataset("realizations"), self.dataset("summary")
        for name, variable in [*data.variables.items(), *summary.variables.items()]:
            with self.subTest(name):
                self.assertTrue(variable.attrs.get("long_name"), "long_name")
                # counts and numbers of things have no unit
                if variable.dtype.kind == "f":
                    self.assertTrue(variable.attrs.get("units"), "units")
        self.assertEqual(data["sDKL"].attrs["units"], "nats")
        self.assertEqual(summary["sDKL_stderr"].attrs["units"], "nats")
        self.assertEqual(data["seconds"].attrs["units"], "s")
        self.assertEqual(data["done"].attrs["flag_meanings"], "open done failed")

    def test_every_dimension_has_a_scale(self):
        file = self.store("x.h5")
        seen = []

        def check(name, item):
            if isinstance(item, h5py.Dataset) and not h5py.h5ds.is_scale(item.id):
                seen.append(name)
                self.assertEqual([len(dimension) for dimension in item.dims], [1] * item.ndim, name)
        file.visititems(check)
        self.assertIn("failures/message", seen)

    def test_fill_values(self):
        for group in ("realizations", "summary"):
            for name, dataset in self.store("x.h5")[group].items():
                if h5py.h5ds.is_scale(dataset.id) or dataset.dtype.kind != "f":
                    self.assertNotIn("_FillValue", dataset.attrs, name)
                else:
                    self.assertTrue(np.isnan(dataset.attrs["_FillValue"]).all(), name)
                    self.assertEqual(dataset.attrs["_FillValue"].dtype, dataset.dtype)

    def test_shorter_rows_are_filled_with_nan(self):
        data = self.dataset("realizations")
        smaller = data["J"].sel(N=5)
        self.assertTrue(np.isnan(smaller.isel(i=5)).all() and np.isnan(smaller.isel(j=5)).all())
        self.assertFalse(np.isnan(smaller.isel(i=slice(5), j=slice(5))).any())
        self.assertFalse(np.isnan(data["J"].sel(N=6)).any())

    def test_root_attributes(self):
        attributes = dict(self.store("x.h5").attrs)
        self.assertEqual(set(attributes), {"experiment", "source", "job", "seed", "layout", "version", "git_revision",
                                           "compiler", "flags", "eigen", "mpi", "hdf5", "created", "ranks",
                                           "Conventions"} | set(attributes) & {"observables"})
        self.assertNotIn("", [value for value in attributes.values() if isinstance(value, str)])
        self.assertEqual(attributes["experiment"], "boltzmann")
        self.assertEqual(int(attributes["ranks"]), 1)
        self.assertRegex(attributes["created"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")

    def test_the_stored_job_is_complete_and_makes_the_same_store(self):
        text = self.store("x.h5").attrs["job"]
        settings = dict(map(str.strip, line.split("=", 1)) for line in text.splitlines())
        for key, value in JOB.items():
            self.assertEqual(settings[key], str(value))
        self.assertEqual((settings["seed"], settings["lambda"], settings["file"]), ("1", "0.06", ""))
        (self.folder / "again.ini").write_text(text)
        self.succeed("run", "again.ini", "-o", "y.h5")
        self.assert_same_bits("x.h5", "y.h5")

    def test_checksums(self):
        # CRC-32 of the values of the sweep, the number of the realization and the row's observables, in the order that
        # is given in the file
        file = self.store("x.h5")
        order = file["realizations/checksum"].attrs["observables"].split()
        self.assertEqual(sorted(order), sorted(observables(file)))
        self.assertEqual(row_labels(file)[7],
                         np.int64(5).tobytes() + b"unlearning" + np.float64(0.7).tobytes() + np.int64(3).tobytes())
        self.assertEqual(rows(file, "checksum").tolist(), row_checksums(file))


READ_ALL = """
import sys
import h5netcdf, h5py, netCDF4, numpy as np, xarray as xr

def text(values):
    return [value.decode() if isinstance(value, bytes) else str(value) for value in np.ravel(values)]

def same(values, wanted, what):
    values = np.asarray(np.ma.getdata(values))
    if wanted.dtype.kind in "SO":
        if wanted.dtype == np.dtype("S1"):  # characters, of which readers make texts
            wanted = np.array([b"".join(row).decode() for row in wanted])
        assert text(values) == text(wanted), what
    else:
        assert values.shape == wanted.shape and values.tobytes() == wanted.tobytes(), what

for path in sys.argv[1:]:
    count = 0
    file = h5py.File(path, "r")
    with netCDF4.Dataset(path) as data:
        data.set_always_mask(False)
        assert sorted(data.groups) == ["failures", "realizations", "summary"], path
        assert data.getncattr("experiment") == file.attrs["experiment"]
        for name, group in data.groups.items():
            group.set_auto_mask(False)
            for variable in group.variables.values():
                same(variable[...], file[name][variable.name][()], (path, "netCDF4", name, variable.name))
                assert not variable.name in ("done",) or variable.flag_meanings == "open done failed"
                count += 1
    with h5netcdf.File(path, "r") as data:
        for name, group in data.groups.items():
            for key, variable in group.variables.items():
                if key == "message":
                    assert variable[...].tobytes() == file[name][key][()].tobytes()
                else:
                    same(variable[...], file[name][key][()], (path, "h5netcdf", name, key))
                count += 1
    for engine in (None, "netcdf4", "h5netcdf"):  # None: what xarray chooses
        for name in ("realizations", "summary", "failures"):
            with xr.open_dataset(path, group=name, engine=engine) as data:
                for key, variable in data.variables.items():
                    same(variable.values.astype(file[name][key].dtype) if variable.dtype.kind in "fi"
                         and file[name][key].dtype.kind in "iu" else variable.values, file[name][key][()],
                         (path, engine, name, key))
                    count += 1
    assert count > 5 * 10, count
"""


class NetcdfTest(ProcessTest):
    """Stores of all kinds by the tools of netCDF: netCDF-C (ncdump, netCDF4, xarray's choice), h5netcdf and h5py."""

    def assert_readable(self, *names):
        for name in names:
            self.assert_netcdf(self.folder / name)
        answer = subprocess.run([sys.executable, "-c", READ_ALL, *names], cwd=self.folder, env=self.environment,
                                capture_output=True, text=True, timeout=120)
        self.assertEqual(answer.returncode, 0, answer.stderr)


class Netcdf(NetcdfTest):
    def test_every_experiment(self):
        jobs = {
            "boltzmann": {"N": "4, 5", "rule": "unlearning, l1", "stop": "steps", "max_steps": 5, "betas": "0.5, 1",
                          "records": 2, "realizations": 2},
            "curie-weiss": {"N": "10, 20", "beta_d": "0.5, 1.5", "together": "N, beta_d", "a": "0.5, 1"},
            "hebbian-unlearning": {"N": 10, "alpha": "0.2, 0.4", "save_couplings": "true", "records": 3, "realizations": 2},
            "interaction-space": {"N": 10, "alpha": 0.2, "samples": 2, "records": 2, "max_steps": 20},
            "support-vector-machine": {"N": 11, "alpha": 0.2, "tolerance": "0.1, 0.001"},
            "symmetric-perceptron": {"N": 10, "alpha": 0.2, "init": "hebb, zero"},
        }
        listed = [line.split()[0] for line in self.succeed("list").out.splitlines() if line[:1].strip()]
        self.assertLessEqual(set(jobs), set(listed))
        for name in listed:
            # an experiment that is new here runs at its defaults
            self.succeed("run", self.job(experiment=name, **jobs.get(name, {})), "-o", f"{name}.h5", ranks=2)
        self.assert_readable(*(f"{name}.h5" for name in listed))
        header = subprocess.run(["ncdump", "-h", self.folder / "boltzmann.h5"], capture_output=True, text=True)
        self.assertIn("double sDKL(N, rule, realization) ;", header.stdout)
        self.assertIn("string rule(rule) ;", header.stdout)
        self.assertIn("char message(failure, character) ;", header.stdout)
        data = xr.open_dataset(self.folder / "curie-weiss.h5", group="realizations")
        self.addCleanup(data.close)
        self.assertEqual(data["beta_d"].dims, ("N_beta_d",))
        self.assertIn("N", data.coords)

    def test_flags(self):
        self.succeed("run", self.job(experiment="symmetric-perceptron", N=10, alpha=0.2, save_couplings="true, false",
                                     retrieval_points=0), "-o", "x.h5")
        self.assert_readable("x.h5")
        for group in ("realizations", "summary"):
            with xr.open_dataset(self.folder / "x.h5", group=group) as data:
                flags = data["save_couplings"]
                self.assertEqual(flags.values.tolist(), [1, 0])
                self.assertEqual(flags.attrs["flag_values"].tolist(), [0, 1])
                self.assertEqual(flags.attrs["flag_meanings"], "false true")
        self.assertIn("save_couplings = true, false\n", self.store("x.h5").attrs["job"])
        lines = self.succeed("show", "x.h5", "--csv").out.splitlines()
        self.assertEqual([line.split(",")[0] for line in lines], ["save_couplings", "true", "false"])
        self.succeed("verify", "x.h5")

    def test_symbols(self):
        self.succeed("run", self.job(experiment="curie-weiss", a="0.5, 1"), "-o", "x.h5")
        for group in ("realizations", "summary"):
            for dataset in self.store("x.h5")[group].values():
                # LaTeX without dollar signs; where none is declared, the name serves
                self.assertNotEqual(dataset.attrs.get("symbol", "a"), "")
                self.assertNotIn("$", dataset.attrs.get("symbol", ""))


class NetcdfOfFailures(NetcdfTest):
    program = MOCK

    def test_failures_gaps_and_merged_stores(self):
        job = self.job(experiment="mock", steps="5, 10", realizations="0:1, 4:5", size=3, fail="1, 4")
        for name, ranks in {"alone.h5": None, "three.h5": 3}.items():
            self.assertEqual(self.hypnos("run", job, "-o", name, ranks=ranks).code, SOME_FAILED)
            file = self.store(name)
            self.assertEqual(sorted(message for message in messages(file) if message),
                             [f"realization {k} fails as it was asked to" for k in (1, 1, 4, 4)])
        with xr.open_dataset(self.folder / "three.h5", group="failures") as data:
            told = {int(task): str(message) for task, message in zip(data["task"].values, data["message"].values)}
        self.assertEqual(told[1], "realization 1 fails as it was asked to")
        self.assertEqual(self.hypnos("run", job, "realizations=7", "-o", "three.h5", "--extend", ranks=2).code,
                         SOME_FAILED)
        self.succeed("run", job, "realizations=9:9, 11:11", "-o", "more.h5")
        self.succeed("merge", "alone.h5", "more.h5", "-o", "merged.h5")
        self.assert_readable("alone.h5", "three.h5", "more.h5", "merged.h5")


class Summary(ProcessTest):
    def assert_summary_is_that_of_done_rows(self, name):
        file = self.store(name)
        done = file["realizations/done"][()] == DONE_ROW
        for observable in observables(file):
            values = file["realizations"][observable][()].copy()
            values[~done] = np.nan
            values = np.moveaxis(values, done.ndim - 1, 0)  # realizations first
            count = (~np.isnan(values)).sum(axis=0)
            mean = np.full(count.shape, np.nan)
            error = np.full(count.shape, np.nan)
            mean[count > 0] = np.nanmean(values[:, count > 0], axis=0)
            error[count > 1] = np.nanstd(values[:, count > 1], axis=0, ddof=1) / np.sqrt(count[count > 1])
            np.testing.assert_array_equal(file[f"summary/{observable}_count"][()], count)
            # Two ways to add the same numbers: n roundings of 1e-16 of the largest. An error is a difference of
            # nearly equal numbers where all realizations agree, so its scale is theirs.
            scale = 1e-13 * np.nanmax(np.abs(values), initial=1e-300)
            np.testing.assert_allclose(file[f"summary/{observable}_mean"][()], mean, rtol=1e-12, atol=scale,
                                       err_msg=observable)
            np.testing.assert_allclose(file[f"summary/{observable}_stderr"][()], error, rtol=1e-12, atol=scale,
                                       err_msg=observable)
        self.assertEqual(file["summary/rows"][()], done.sum())

    def test_all_rows_done(self):
        self.succeed("run", self.job(**JOB), "-o", "x.h5")
        self.assert_summary_is_that_of_done_rows("x.h5")

    def test_a_single_realization_has_no_error(self):
        self.succeed("run", self.job(**{**JOB, "realizations": 1}), "-o", "x.h5")
        self.assertTrue(np.isnan(self.store("x.h5")["summary/sDKL_stderr"][()]).all())
        self.assert_summary_is_that_of_done_rows("x.h5")

    def test_a_recording_without_a_model(self):
        write_recording(self.folder / "recording.h5", neurons=5)
        job = self.job(experiment="boltzmann", data="file", file="recording.h5", neurons=5, test_fraction=0.2,
                       realizations=5, a="0.5, 1", stop="steps", max_steps=20, betas=1)
        self.succeed("run", job, "-o", "x.h5")
        self.assert_summary_is_that_of_done_rows("x.h5")
        summary = self.store("x.h5")["summary"]
        self.assertEqual(summary["sDKL_count"][()].tolist(), [0, 0])
        self.assertEqual(summary["log_likelihood_test_count"][()].tolist(), [5, 5])

    def test_rows_that_are_open_or_failed_are_left_out(self):
        self.succeed("run", self.job(**JOB), "-o", "x.h5")
        with h5py.File(self.folder / "x.h5", "r+") as file:
            done = file["realizations/done"]
            done[0, 0, :, 1], done[1, 1, 0, :], done[1, 0, 2, :3] = OPEN_ROW, FAILED_ROW, OPEN_ROW
            file["realizations/sDKL"][0, 0, :, 1] = 1e6  # a torn row
        self.succeed("reduce", "x.h5")
        self.assert_summary_is_that_of_done_rows("x.h5")


class Failures(ProcessTest):
    def setUp(self):
        super().setUp()
        # l2 with lambda gamma > 2 multiplies J by more than -1 in every step
        self.job(experiment="boltzmann", N=5, realizations=3, rule="unlearning, l2", gamma=100, **{"lambda": 10},
                 stop="steps", max_steps=150, betas=1)
        self.answer = self.hypnos("run", "job.ini", "-o", "x.h5")

    def test_a_task_that_fails_is_a_row_with_a_message(self):
        self.assertEqual(self.answer.code, SOME_FAILED, self.answer)
        self.assertIn("3 failed", self.answer.err)
        file = self.store("x.h5")
        np.testing.assert_array_equal(file["realizations/done"][()], [[DONE_ROW] * 3, [FAILED_ROW] * 3])
        self.assertTrue(np.isnan(file["realizations/sDKL"][1]).all())
        self.assertEqual(sorted(file["failures/task"][()].tolist())[-3:], [3, 4, 5])
        message = messages(file)[0]
        self.assertIn("diverged", message)
        self.assertEqual(file["summary/sDKL_count"][()].tolist(), [3, 0])
        status = self.hypnos("status", "x.h5")
        self.assertEqual(status.code, SOME_FAILED)
        self.assertIn("3 of 6 tasks done, 3 failed, 0 left", status.out)
        self.assertIn(f"task 3: {message}", status.out)

    def test_failed_tasks_are_computed_again(self):
        shutil.copy(self.folder / "x.h5", self.folder / "before.h5")
        with h5py.File(self.folder / "before.h5", "r") as file:
            before = rows(file, "seconds")
        answer = self.hypnos("run", "job.ini", "-o", "x.h5")
        self.assertEqual(answer.code, SOME_FAILED, answer)
        after = rows(self.store("x.h5"), "seconds")
        self.assertEqual((after[:3] == before[:3]).tolist(), [True] * 3)
        self.assertEqual((after[3:] == before[3:]).tolist(), [False] * 3)  # times of microseconds never repeat thrice
        self.assertEqual(sorted(self.store("x.h5")["failures/task"][()].tolist())[-3:], [3, 4, 5])
        self.assert_same_bits("before.h5", "x.h5")

    def test_a_task_that_succeeds_this_time_is_done(self):
        self.succeed("run", "job.ini", "rule=unlearning", "-o", "y.h5")
        shutil.copy(self.folder / "y.h5", self.folder / "before.h5")
        with h5py.File(self.folder / "y.h5", "r+") as file:
            file["realizations/done"][1] = FAILED_ROW
            file["realizations/sDKL"][1] = np.nan
            file["failures/task"][0] = 1
            write_message(file, 0, "out of memory")
        self.assertIn("task 1: out of memory", self.hypnos("status", "y.h5").out)
        self.succeed("run", "job.ini", "rule=unlearning", "-o", "y.h5")
        self.assert_same_bits("before.h5", "y.h5")
        self.assertNotIn("out of memory", self.succeed("status", "y.h5").out)


class Readers(ProcessTest):
    """A reader and a running job do not disturb one another."""

    def test_a_job_continues_while_a_reader_has_the_store_open(self):
        self.succeed("run", self.job(**JOB), "-o", "x.h5")
        with h5py.File(self.folder / "x.h5", "r"):
            self.assertEqual(self.hypnos("status", "x.h5").code, DONE)
            self.succeed("run", "job.ini", "-o", "x.h5")
            self.succeed("reduce", "x.h5")

    def test_a_store_can_be_read_while_a_job_writes_to_it(self):
        job = self.job(experiment="boltzmann", N=12, realizations=300, a=1, stop="steps", max_steps=200, betas=1)
        process = self.start("run", job, "-o", "x.h5", "--quiet", ranks=2)
        counts = []
        while process.poll() is None:
            if (self.folder / "x.h5").exists():
                with h5py.File(self.folder / "x.h5", "r", locking=False) as file:
                    done = rows(file, "done")
                    values = rows(file, "sDKL")[done == DONE_ROW]
                self.assertFalse(np.isnan(values).any())
                counts.append(int(np.count_nonzero(done)))
                status = self.hypnos("status", "x.h5")
                self.assertIn(status.code, (0, 75), status)
        process.communicate()
        self.assertEqual(process.returncode, DONE)
        self.assertEqual(counts, sorted(counts))


if __name__ == "__main__":
    unittest.main()
