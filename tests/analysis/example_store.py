"""Writes small stores in the layout of the program, so that the analysis is tested without it."""

import math
import statistics
from itertools import product

import h5py
import numpy as np

OPEN, DONE, FAILED = 0, 1, 2


def write_store(path, experiment, job, axes, realizations, observables, coordinates=None, done=None, failures=()):
    """axes: {name: values} in order of declaration; coordinates: {own axis: (values, units, long_name)};
    observables: {name: (own axes, units, long_name, array [axes..., realization, own axes...])};
    done: array [axes..., realization], all done by default; failures: [(task, message)]."""
    shape = [len(values) for values in axes.values()] + [realizations]
    done = np.full(shape, DONE, np.uint8) if done is None else np.asarray(done, np.uint8)
    coordinates = coordinates or {}
    with h5py.File(path, "w") as file:
        file.attrs.update(experiment=experiment, source="a test", job=job, seed=1, version="0.1.0", git_revision="0",
                          compiler="g++", flags="-O3", eigen="3.4.0", mpi="4.1.4", hdf5="1.10.8",
                          created="2024-01-01T00:00:00Z", ranks=2, layout=np.array([1]))
        rows, summary = file.create_group("realizations"), file.create_group("summary")
        for group in (rows, summary):
            for name, values in axes.items():
                add_scale(group, name, values, "1", f"parameter {name}")
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
            add_summary(summary, name, [*axes, *own], values, done, units, long_name)

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
