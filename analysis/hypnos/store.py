"""The reader: a store of Hypnos as an xarray.Dataset of labelled arrays.

Only rows that are done are seen. A row is one (sweep point, realization):
- open and failed rows read as NaN, since they have no result or a part of one;
- a realization that is done at no sweep point is dropped, since nothing of it is known yet;
- sweep points stay on their axes even where no realization is done, so that the axes are those of the job.
The state of the rows is read once, on opening, before any result, so a store may be read while its job runs. Open it
again to see later rows. Everything is read from the file: no experiment is known here.
"""

import os
from pathlib import Path

os.environ.setdefault("HDF5_USE_FILE_LOCKING", "FALSE")  # a reader must not block a running job

import h5py
import numpy as np
import xarray as xr
from xarray.backends import BackendArray, BackendEntrypoint
from xarray.core import indexing

OPEN, DONE, FAILED = 0, 1, 2
GROUP = "realizations"
# attributes by which HDF5 and netCDF keep their own books
FORMAT_ATTRIBUTES = ("CLASS", "NAME", "DIMENSION_LIST", "REFERENCE_LIST", "_FillValue", "coordinates", "_Netcdf4Dimid",
                     "_Netcdf4Coordinates")


class StoreError(ValueError):
    """One line for the user: what was given, what was expected."""


class MissingError(StoreError):
    """The store has no observable of this name."""

    def __init__(self, message, name):
        super().__init__(message)
        self.name = name


def open_store(path):
    """The store in this file as a Dataset [sweep axes..., realization, own axes...], read when used.

    Coordinates, units and symbols are those of the file. Attributes are those of the file, and `tasks`, `tasks_done`,
    `tasks_failed`, `failures` ("task 7: no root"). StoreError (one line) if the file is missing, foreign or
    truncated."""
    return xr.open_dataset(os.fspath(path), engine=StoreBackend)


class StoreBackend(BackendEntrypoint):
    """Also xarray.open_dataset(FILE, engine="hypnos") where the package is installed."""

    description = "Stores of Hypnos, without the rows that are not done"
    open_dataset_parameters = ("filename_or_obj", "drop_variables")

    def open_dataset(self, filename_or_obj, *, drop_variables=None):
        path = Path(filename_or_obj)
        with _opened(path) as file:
            attributes = {name: _plain(value) for name, value in file.attrs.items()}
            rows = file[GROUP]
            row_dims = _dims(rows["done"])
            state = rows["done"][...]
            variables, coordinates = {}, set()
            for name, values in rows.items():
                if name in (drop_variables or ()) or not isinstance(values, h5py.Dataset) or _only_a_dimension(values):
                    continue
                variables[name] = _variable(path, values, state, row_dims)
                coordinates.update(_plain(values.attrs.get("coordinates", "")).split(), {name} & set(_dims(values)))
            attributes.update(tasks=state.size, tasks_done=int((state == DONE).sum()),
                              tasks_failed=int((state == FAILED).sum()))
            if failures := _failures(file):
                attributes["failures"] = failures
        dataset = xr.Dataset(variables, attrs=attributes).set_coords(coordinates & set(variables))
        dataset.encoding["source"] = str(path)
        seen = np.flatnonzero((state == DONE).any(tuple(range(state.ndim - 1))))
        return dataset.isel(realization=seen if seen.size else slice(0))  # xarray cannot defer an empty list


class _Rows(BackendArray):
    """One variable with a row for every task, on disk: NaN where the row is not done."""

    def __init__(self, path, name, shape, dtype, done):
        self.path, self.name, self.shape, self.done = path, name, shape, done
        self.dtype = np.promote_types(dtype, np.float32)  # whole numbers have no NaN

    def __getitem__(self, key):
        return indexing.explicit_indexing_adapter(key, self.shape, indexing.IndexingSupport.BASIC, self._read)

    def _read(self, key):
        with h5py.File(self.path, "r") as file:
            values = np.asarray(file[GROUP][self.name][key], self.dtype)
        done = np.asarray(self.done[key[:self.done.ndim]])
        return np.where(done.reshape(done.shape + (1,) * (values.ndim - done.ndim)), values, self.dtype.type(np.nan))


def _variable(path, values, state, row_dims):
    name, dims = values.name.rpartition("/")[2], _dims(values)
    attributes = {key: _plain(value) for key, value in values.attrs.items() if key not in FORMAT_ATTRIBUTES}
    per_row = dims[:len(row_dims)] == row_dims and values.dtype.kind in "fiu" and name != "done"
    if per_row:
        return xr.Variable(dims, indexing.LazilyIndexedArray(_Rows(path, name, values.shape, values.dtype,
                                                                   state == DONE)), attributes)
    text = h5py.check_string_dtype(values.dtype)
    return xr.Variable(dims, values.asstr()[...] if text else values[...], attributes)


def _dims(values):
    """Names of the axes, by the dimension scales attached to them."""
    if values.attrs.get("CLASS", b"") == b"DIMENSION_SCALE":
        return (values.name.rpartition("/")[2],)
    return tuple(scales[0].name.rpartition("/")[2] for scales in values.dims)


def _only_a_dimension(values):
    return _plain(values.attrs.get("NAME", b"")).startswith("This is a netCDF dimension but not a netCDF variable")


def _failures(file):
    """['task 7: no root'] of the failed tasks."""
    if "failures/task" not in file:
        return []
    table = file["failures"]
    messages = table["message"][...]
    if messages.ndim == 2:  # characters; strings of fixed length in layout 1
        messages = [b"".join(row) for row in messages]
    return [f"task {task}: {_plain(message)}" for task, message in zip(table["task"][...], messages) if task >= 0]


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
    missing = [name for name in ("experiment", "job") if name not in file.attrs]
    missing += [name for name in (f"{GROUP}/done", f"{GROUP}/realization") if name not in file]
    if missing:
        layout = f" (layout {_plain(file.attrs['layout'])})" if "layout" in file.attrs else ""
        file.close()
        raise StoreError(f"{path} is an HDF5 file, but not a store of Hypnos that this reader can read: it has no "
                         f"{missing[0]}{layout}")
    return file


def _plain(value):
    """An attribute as plain text or number, whether stored as a scalar or as an array of one."""
    value = np.asarray(value)
    value = value.item() if value.size == 1 else value.tolist()
    return value.decode(errors="replace").rstrip("\0") if isinstance(value, bytes) else value
