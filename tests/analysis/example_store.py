"""Writes small stores in the layout of the program, so that the analysis is tested without it."""

import math
import statistics
import tempfile
import unittest
from itertools import product
from pathlib import Path

import h5py
import numpy as np

OPEN, DONE, FAILED = 0, 1, 2


def write_store(path, experiment, job, axes, realizations, observables, coordinates=None, done=None, failures=(),
                symbols=None, beside=None, summarize=True):
    """axes: {name: values} in order of declaration; coordinates: {own axis: (values, units, long_name)};
    observables: {name: (own axes, units, long_name, array [axes..., realization, own axes...])};
    done: array [axes..., realization], all done by default; failures: [(task, message)]; symbols: {name: LaTeX};
    beside: {name: (axis, values)} of parameters that are walked side by side along an axis, whose values are None;
    summarize: whether /summary is filled."""
    symbols, beside = symbols or {}, beside or {}
    sizes = {axis: len(values) for axis, values in beside.values()}
    shape = [sizes[name] if values is None else len(values) for name, values in axes.items()] + [realizations]
    done = np.full(shape, DONE, np.uint8) if done is None else np.asarray(done, np.uint8)
    coordinates = coordinates or {}
    with h5py.File(path, "w") as file:
        file.attrs.update(experiment=experiment, source="a test", job=job, seed=1, version="0.1.0", git_revision="0",
                          compiler="g++", flags="-O3", eigen="3.4.0", mpi="4.1.4", hdf5="1.10.8",
                          created="2024-01-01T00:00:00Z", ranks=2, layout=np.array([1]))
        rows, summary = file.create_group("realizations"), file.create_group("summary")
        for group in (rows, summary):
            for name, values in axes.items():
                if values is None:
                    group.create_dataset(name, (sizes[name],), np.float32).make_scale(
                        f"This is a netCDF dimension but not a netCDF variable.{sizes[name]:10}")
                else:
                    add_scale(group, name, values, "1", f"parameter {name}")
            for name, (axis, values) in beside.items():
                add_variable(group, name, [axis], np.asarray(values), "1", f"parameter {name}")
            for name, (values, units, long_name) in coordinates.items():
                add_scale(group, name, values, units, long_name)
        add_scale(rows, "realization", np.arange(realizations), "1", "index of the disorder realization")

        row_dims = [*axes, "realization"]
        flags = add_variable(rows, "done", row_dims, done, "1", "state of the row")
        flags.attrs.update(flag_values=np.array([OPEN, DONE, FAILED], np.uint8), flag_meanings="open done failed")
        add_variable(rows, "seconds", row_dims, np.where(done == OPEN, np.nan, 1.0), "s", "wall time of the task")
        add_variable(rows, "checksum", row_dims, np.zeros(shape, np.uint32), "1", "CRC-32 of the row")
        add_variable(rows, "rank", row_dims, np.zeros(shape, np.int32), "1", "rank that computed the row")
        for name, (own, units, long_name, values) in observables.items():
            values = np.asarray(values, float)
            add_variable(rows, name, [*row_dims, *own], values, units, long_name)
            if beside:
                rows[name].attrs["coordinates"] = " ".join(beside)
            if summarize:
                add_summary(summary, name, [*axes, *own], values, done, units, long_name)

        for name, latex in symbols.items():
            rows[name].attrs["symbol"] = latex

        table = file.create_group("failures")
        add_scale(table, "failure", np.arange(max(len(failures), 1)), "1", "index of the failure")
        tasks, messages = zip(*failures) if failures else ([-1], [""])
        add_variable(table, "task", ["failure"], np.array(tasks, np.int64), "1", "index of the task, -1: none")
        add_variable(table, "message", ["failure"], np.array([m.encode() for m in messages], "S200"), "1", "why")


def add_scale(group, name, values, units, long_name):
    text = isinstance(values[0], str)
    scale = group.create_dataset(name, data=values, dtype=h5py.string_dtype() if text else None)
    scale.make_scale(name)
    scale.attrs.update(units=units, long_name=long_name)


def add_variable(group, name, dims, values, units, long_name):
    if values.dtype.kind == "U":
        values = values.astype(h5py.string_dtype())
    variable = group.create_dataset(name, data=values)
    variable.attrs.update(units=units, long_name=long_name)
    if values.dtype.kind == "f":
        variable.attrs["_FillValue"] = np.nan
    for index, dim in enumerate(dims):
        variable.dims[index].attach_scale(group[dim])
    return variable


def add_summary(group, name, dims, values, done, units, long_name):
    """The definition of /summary: plain loops over the done realizations, number by number."""
    rows = done.ndim
    shape = values.shape[:rows - 1] + values.shape[rows:]
    mean, error, count = np.full(shape, np.nan), np.full(shape, np.nan), np.zeros(shape, np.int64)
    for index in product(*map(range, shape)):
        point, own = index[:rows - 1], index[rows - 1:]
        sample = [values[(*point, r, *own)] for r in range(done.shape[-1]) if done[(*point, r)] == DONE]
        sample = [value for value in sample if not math.isnan(value)]
        count[index] = len(sample)
        if sample:
            mean[index] = statistics.fmean(sample)
        if len(sample) > 1:
            error[index] = statistics.stdev(sample) / math.sqrt(len(sample))
    add_variable(group, f"{name}_mean", dims, mean, units, f"{long_name}, mean over realizations")
    add_variable(group, f"{name}_stderr", dims, error, units, f"{long_name}, standard error of the mean")
    add_variable(group, f"{name}_count", dims, count, "1", f"{long_name}, number of realizations")


def write_known(path, experiment, settings, axes, observables, coordinates=None, beside=None):
    """A store of five realizations with known values: {name: (own axes, function)}, where the function gets grids of all
    sweep axes (numbers or, for names, indices), of r = -2 ... 2, and of the own axes, in this order.

    A value b + s r has the mean b with standard error 0.707 s, the median b and the quartiles b -+ s."""
    coordinates = {name: np.asarray(values) for name, values in (coordinates or {}).items()}
    sizes = {axis: len(values) for axis, values in (beside or {}).values()}
    swept = [np.arange(sizes[name]) if values is None else np.arange(len(values)) if isinstance(values[0], str)
             else np.asarray(values) for name, values in axes.items()]
    arrays = {}
    for name, (own, function) in observables.items():
        grids = np.meshgrid(*swept, np.arange(-2, 3), *(coordinates[axis] for axis in own), indexing="ij")
        values = function(*(grid.astype(float) for grid in grids))
        arrays[name] = (own, "1", name, np.broadcast_to(values, grids[0].shape))
    job = "".join(f"{key} = {value}\n" for key, value in {"experiment": experiment, **settings}.items())
    scales = {name: (values, "1", name) for name, values in coordinates.items()}
    write_store(path, experiment, job, axes, 5, arrays, scales, beside=beside, summarize=False)


class Scratch(unittest.TestCase):
    """A folder for the files of one test."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.path = self.folder / "x.h5"


JOB = """experiment = boltzmann
data = sk
rule = unlearning
N = 4
a = 0.5, 1, 1.5
file =
stop = slope
beta_d = 0.4
"""


def boltzmann_store(path, rules=("unlearning", "l1"), realizations=4, job=JOB, done=None, failures=(), **changed):
    """Random observables with 0, 1 and 2 axes of their own, one NaN among them; all that the figures read."""
    axes = {"rule": list(rules)} if rules else {}
    axes["a"] = np.array([0.5, 1.0, 1.5])
    shape = [len(values) for values in axes.values()] + [realizations]
    coordinates = {"beta": (np.linspace(0.1, 3, 30), "1", "inverse temperature"),
                   "i": (np.arange(4), "1", "neuron"), "j": (np.arange(4), "1", "neuron")}
    noise = np.random.default_rng(1)
    scalars = {"sDKL": "nats", "Cv": "1", "Cv_data": "1", "converged": "1", "log_likelihood": "nats",
               "log_likelihood_test": "nats"}
    observables = {name: ((), units, f"the {name}", noise.random(shape)) for name, units in scalars.items()}
    for name in ("Cv_curve", "Cv_curve_data"):
        observables[name] = (("beta",), "nats", f"the {name}", noise.random((*shape, 30)))
    observables["h"] = (("i",), "1", "fields", noise.normal(size=(*shape, 4)))
    observables["J"] = (("i", "j"), "1", "couplings", noise.normal(size=(*shape, 4, 4)))
    observables["sDKL"][3].flat[0] = np.nan
    observables.update(changed)
    write_store(path, "boltzmann", job, axes, realizations, observables, coordinates, done, failures)
    return observables


def curie_weiss_store(path):
    axes = {"beta_d": np.array([0.5, 1.0]), "a": np.array([0.6, 1.0, 1.4])}
    noise = np.random.default_rng(2)
    observables = {name: ((), "1", name, noise.random((2, 3, 1)))
                   for name in ("J", "c_1", "c_a", "c_d", "a_J_over_beta_d")}
    observables["Cv_curve"] = (("beta",), "1", "specific heat", noise.random((2, 3, 1, 30)))
    write_store(path, "curie-weiss", "experiment = curie-weiss\nN = 20\n", axes, 1, observables,
                {"beta": (np.linspace(0.1, 3, 30), "1", "inverse temperature")})
