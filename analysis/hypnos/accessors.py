"""What `import hypnos` adds to xarray: dataset.hypnos and array.hypnos."""

from difflib import get_close_matches

import xarray as xr

from hypnos.statistics import estimate
from hypnos.store import MissingError, StoreError
from hypnos.symbols import described, label, symbol

BOOKKEEPING = ("done", "checksum", "rank")  # of the row itself, not of what was measured


@xr.register_dataset_accessor("hypnos")
class Store:
    """dataset.hypnos: the store as a whole. dataset.hypnos[NAME] is dataset[NAME], loaded; for a name that is not there
    StoreError names the nearest one."""

    def __init__(self, dataset):
        self.dataset = dataset

    @property
    def path(self):
        return self.dataset.encoding.get("source", "the data set")

    @property
    def experiment(self):
        return self.dataset.attrs.get("experiment", "")

    @property
    def job(self):
        """{key: text}: the complete effective settings."""
        pairs = (line.partition("=") for line in self.dataset.attrs.get("job", "").splitlines() if "=" in line)
        return {key.strip(): value.strip() for key, _, value in pairs}

    @property
    def tasks(self):
        """Number of rows of the whole file, as `done` and `failed`."""
        return self.dataset.attrs.get("tasks", 0)

    @property
    def done(self):
        return self.dataset.attrs.get("tasks_done", 0)

    @property
    def failed(self):
        return self.dataset.attrs.get("tasks_failed", 0)

    @property
    def axes(self):
        """Names of the sweep axes in order of declaration."""
        return tuple(dim for dim in self.dataset["done"].dims if dim != "realization")

    @property
    def observables(self):
        """Names of all that was measured."""
        return [name for name, variable in self.dataset.data_vars.items()
                if "realization" in variable.dims and name not in BOOKKEEPING]

    def __getitem__(self, name):
        if name not in self.observables:
            raise MissingError(unknown("observable", name, self.observables, self.path), name)
        return self.dataset[name].load()

    def __contains__(self, name):
        return name in self.observables

    def own_axes(self, name):
        """Axes of the observable itself, such as beta or time."""
        return tuple(dim for dim in self[name].dims if dim not in (*self.axes, "realization"))

    def estimate(self, name):
        """Mean, standard error and count of one observable over the done realizations, as in /summary."""
        return estimate(self[name])

    def symbol(self, name):
        """An observable, axis or parameter as the field writes it, for matplotlib."""
        return symbol(name, self.dataset.variables.get(name))

    def expect(self, experiment, *axes, **settings):
        """StoreError unless the store is of this experiment, with these sweep axes and no others, these settings, and
        at least one row that is done."""
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

    def plot(self, observable, x=None, hue=None, at=(), realization=0, **sheet):
        """The figure of hypnos-plot. x, hue: names of axes; at: ("AXIS=VALUE", ...); realization: of an image. sheet:
        style="paper", width="86mm", title=False, caption=False."""
        from hypnos import layout, plot, style  # the reader does without matplotlib
        with style.sheet(**sheet):
            figure = plot.plot(self, observable, x, hue, at, realization)
            layout.arrange(figure)
        return figure


@xr.register_dataarray_accessor("hypnos")
class Observable:
    """array.hypnos: one observable [..., realization, ...]."""

    def __init__(self, array):
        self.array = array

    def estimate(self):
        """Mean, standard error and count over realizations."""
        return estimate(self.array)

    def mean(self):
        return self.estimate().mean

    def stderr(self):
        return self.estimate().stderr

    @property
    def symbol(self):
        return symbol(self.array.name, self.array)

    @property
    def description(self):
        return described(self.array)

    @property
    def label(self):
        """For the axis of a plot: symbol, description, units."""
        return label(self.array.name, self.array)


def unknown(kind, name, known, path):
    """The line for a name that is not there, with the nearest one that is."""
    near = get_close_matches(name, known, 1) or [word for word in known if word.lower() == name.lower()]
    guess = f" (did you mean '{near[0]}'?)" if near else ""
    return f"no {kind} '{name}' in {path}{guess}; it has {', '.join(known) or 'none'}"
