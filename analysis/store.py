"""The reader: labelled arrays from a Hypnos store, and the settings of the job that made it.

    from store import open_store, mean_and_error
    store = open_store("quickstart.h5")
    store["sDKL"]                                  # xarray.DataArray [sweep axes..., realization, own axes...]
    mean_and_error(store, "sDKL").mean             # the same axes without `realization`

Only rows that are done are seen. A row is one (sweep point, realization):
- open and failed rows read as NaN, since they hold nothing or half a result;
- a realization that is done at no sweep point is dropped whole, since nothing is known of it yet;
- sweep points stay on their axes even where no realization is done, so that the axes are those of the job.
The state of the rows is read once, on opening, before any result: a store may be read while its job still runs.
Open it again to see what came since.
"""

import os
from collections import namedtuple
from difflib import get_close_matches
from pathlib import Path

os.environ.setdefault("HDF5_USE_FILE_LOCKING", "FALSE")  # a reader must never stand in the way of a running job

import h5py
import numpy as np
import xarray as xr

DONE, FAILED = 1, 2
LAYOUT = 1  # the newest layout this reader knows
BOOKKEEPING = ("done", "checksum", "rank")  # of the row itself, not of what was measured


class Estimate(namedtuple("Estimate", "mean stderr count")):
    """Mean, standard error and count, three arrays of the same axes."""

    def isel(self, **index):
        return Estimate(*(part.isel(**index) for part in self))


class StoreError(Exception):
    """One line for the user: what was given, what was expected."""


class Store:
    """attributes: those of the file, text and numbers; job: {key: text}, the complete effective settings;
    axes: names of the sweep axes in order of declaration; observables: names of all that was measured;
    failures: [(task, message)]; tasks, done, failed: numbers of rows."""

    def __init__(self, path):
        self.path = Path(path)
        with _opened(self.path) as file:
            self.attributes = {name: _text(value) for name, value in file.attrs.items()}
            table = file["failures"]
            self.failures = [(int(task), _text(message)) for task, message in zip(table["task"], table["message"])
                             if task >= 0]
        self.experiment = self.attributes["experiment"]
        self.job = _settings(self.attributes["job"])

        # the results are read later, each when it is asked for, so that none is older than the state of its row
        self._rows = xr.open_dataset(self.path, group="realizations", engine="h5netcdf")
        state = self._rows["done"].load()
        self.axes = tuple(dim for dim in state.dims if dim != "realization")
        self.tasks, self.done, self.failed = state.size, int((state == DONE).sum()), int((state == FAILED).sum())
        self._done = state == DONE
        self._seen = self._done.any(self.axes) if self.axes else self._done
        self.observables = [name for name, variable in self._rows.data_vars.items()
                            if "realization" in variable.dims and name not in BOOKKEEPING]

    def __getitem__(self, name):
        """The array [sweep axes..., realization, own axes...] of one observable. Reads this one only."""
        values = self._variable(name).load()
        return values.where(self._done).isel(realization=np.flatnonzero(self._seen)).assign_attrs(values.attrs)

    def _variable(self, name):
        if name not in self.observables:
            raise StoreError(unknown("observable", name, self.observables, self.path))
        return self._rows[name]

    def own_axes(self, name):
        """The axes of an observable itself, such as beta or time."""
        return tuple(dim for dim in self._variable(name).dims if dim not in (*self.axes, "realization"))

    def expect(self, experiment, *axes, **settings):
        """Stops with a clear line where a figure was given the store of another job: it wants this experiment, these
        sweep axes and no others, these settings, and something to show."""
        found = [("experiment", self.experiment, experiment)]
        found += [("sweep axes", ", ".join(self.axes) or "none", ", ".join(axes) or "none")]
        found += [(key, self.job.get(key, "nothing"), wanted) for key, wanted in settings.items()]
        for what, given, wanted in found:
            if given != wanted:
                raise StoreError(f"{self.path} has {what} = {given}, but this figure needs {what} = {wanted}")
        self.expect_rows()

    def expect_rows(self):
        if self.done == 0:
            raise StoreError(f"{self.path} has no finished rows ({self.tasks} tasks, {self.failed} of them failed)")


def open_store(path):
    """The store in this file; StoreError (one line) if it is missing, foreign, truncated or too new."""
    return Store(path)


def mean_and_error(store, name):
    """Mean, standard error and count of one observable over the done realizations, as in /summary."""
    return estimate(store[name])


def estimate(values):
    """Mean, standard error s / sqrt(n) and count n along `realization`; s is the sample standard deviation (n - 1).

    Values that are NaN do not count. The mean of none and the error of fewer than two are NaN."""
    count = values.count("realization")
    mean = values.sum("realization") / count.where(count > 0)
    variance = ((values - mean) ** 2).sum("realization") / (count - 1).where(count > 1)
    error = np.sqrt(variance / count)
    return Estimate(mean.assign_attrs(values.attrs), error.assign_attrs(values.attrs), count)


def unknown(kind, name, known, path):
    """The line for a name that is not there, with the nearest one that is."""
    near = get_close_matches(name, known, 1) or [word for word in known if word.lower() == name.lower()]
    guess = f" (did you mean '{near[0]}'?)" if near else ""
    return f"no {kind} '{name}' in {path}{guess}; it has {', '.join(known) or 'none'}"


def _opened(path):
    if not path.exists():
        raise StoreError(f"there is no file {path}")
    if not path.is_file():
        raise StoreError(f"{path} is a folder, but a store (HDF5 file) was expected")
    try:
        file = h5py.File(path, "r")
    except OSError as error:
        if "truncated" in str(error):
            raise StoreError(f"{path} is truncated: the file is shorter than its own header says") from None
        if not os.access(path, os.R_OK):
            raise StoreError(f"{path} may not be read: permission denied") from None
        raise StoreError(f"{path} is not an HDF5 file") from None
    missing = [name for name in ("experiment", "job", "layout") if name not in file.attrs]
    missing += [name for name in ("realizations/done", "failures/task") if name not in file]
    if missing:
        raise StoreError(f"{path} is an HDF5 file, but not a store of Hypnos: it has no {missing[0]}")
    layout = _text(file.attrs["layout"])
    if layout > LAYOUT:
        raise StoreError(f"{path} has layout {layout}, but this reader knows layouts up to {LAYOUT}")
    return file


def _settings(job):
    """'key = value' lines as a dict of text."""
    pairs = (line.partition("=") for line in job.splitlines() if "=" in line)
    return {key.strip(): value.strip() for key, _, value in pairs}


def _text(value):
    """An attribute as plain text or number, whether stored as a scalar or as an array of one."""
    value = np.asarray(value)
    value = value.item() if value.size == 1 else value.tolist()
    return value.decode(errors="replace").rstrip("\0") if isinstance(value, bytes) else value
