"""Draws any observable of any store.

    hypnos-plot FILE OBSERVABLE [--x AXIS] [--hue AXIS] [--at AXIS=VALUE ...] [--realization K] [-o PNG]

A line with its standard error over realizations runs along the observable's own axis (beta, time), else along the
first numeric sweep axis; the next axis gives one line a value. Each other axis stays at its first value, or at --at.
An observable with two axes of its own, such as J[i, j], is an image of one realization."""

import re

import numpy as np
from matplotlib.ticker import MaxNLocator

from hypnos.accessors import unknown
from hypnos.command import command
from hypnos.statistics import estimate
from hypnos.store import StoreError
from hypnos.layout import caption, headline, legend, means_over, panel, panels
from hypnos.style import DIVERGING, FAINT, PALETTE, SEQUENTIAL, bare_bar, colourbar, colours, draw_mean
from hypnos.symbols import label, written

SEVERAL = 8  # lines that a legend can name; more get a colour bar
NO_BREAK = "\N{NO-BREAK SPACE}"


def main():
    command(__doc__, plot, default_name="{stem}.{observable}.png", arguments=[
        ("observable", dict(metavar="OBSERVABLE", help="name of the observable, such as Cv")),
        ("--x", dict(metavar="AXIS", help="axis to draw along")),
        ("--hue", dict(metavar="AXIS", help="axis that gives one line a value")),
        ("--at", dict(metavar="AXIS=VALUE", nargs="+", default=[],
                      help="values of axes that are not drawn (default: their first)")),
        ("--realization", dict(metavar="K", type=int, default=0, help="realization of an image (default: 0)")),
    ])


def plot(store, observable, x=None, hue=None, at=(), realization=0):
    """The figure of one observable; the arguments are those of the command line."""
    store.expect_rows()
    values = store[observable]
    fixed = {}
    for setting in at:
        axis, values, text = fix(store, observable, values, setting)
        fixed[axis] = text
    own = [axis for axis in store.own_axes(observable) if axis not in fixed]
    if len(own) == 2 and not (x or hue):
        return image(store, observable, values, own, fixed, realization)
    return lines(store, observable, values, own, fixed, x, hue)


def fix(store, name, values, setting):
    """One value of an axis, as in --at a=0.3: the nearest number, or the very name."""
    axis, _, wanted = setting.partition("=")
    check_axis(store, name, values, axis)
    coordinate = values[axis].values
    if coordinate.dtype.kind in "fiu":
        try:
            index = int(np.argmin(np.abs(coordinate - float(wanted))))
        except ValueError:
            raise StoreError(f"--at {setting}: '{wanted}' is not a number") from None
    elif wanted in list(coordinate):
        index = list(coordinate).index(wanted)
    else:
        raise StoreError(unknown(f"value of {axis}", wanted, list(coordinate), store.path))
    return axis, values.isel({axis: index}), shown(coordinate[index])


def check_axis(store, name, values, axis):
    axes = [dim for dim in values.dims if dim != "realization"]
    if axis not in axes:
        raise StoreError(unknown("axis", axis, axes, f"'{name}' of {store.path}"))


def fix_others(values, keep, fixed):
    """Every axis that is not drawn stays at its first value, and the title says so."""
    for axis in [dim for dim in values.dims if dim not in keep]:
        fixed[axis] = shown(values[axis].values[0])
        values = values.isel({axis: 0})
    return values


def choose_axes(store, name, values, own, x, hue):
    """The axis to draw along and the axis of the lines; either may be None."""
    axes = [dim for dim in values.dims if dim != "realization"]
    for axis in filter(None, (x, hue)):
        check_axis(store, name, values, axis)
    if x and x == hue:
        raise StoreError(f"'{x}' cannot be both --x and --hue")
    free = [axis for axis in (*own, *(axis for axis in axes if axis not in own)) if axis != hue]
    numeric = [axis for axis in free if values[axis].dtype.kind in "fiu"]
    x = x or next(iter(numeric + free), hue)
    hue = hue or next((axis for axis in axes if axis != x), None)
    return x, hue if hue != x else None


def lines(store, name, values, own, fixed, x, hue):
    x, hue = choose_axes(store, name, values, own, x, hue)
    values = fix_others(values, (x, hue, "realization"), fixed)

    figure, (ax,) = panels(1)
    with panel(ax, store, name):
        if x is None:
            x = "realization"
            draw_realizations(ax, values)
        else:
            draw_levels(figure, ax, store, values, x, hue)
    ax.set_xlabel(label(x, values[x]))
    ax.set_ylabel(label(name, values))
    finish(figure, store, name, fixed, means_over(values.sizes["realization"], "realizations",
                                                  "errors are one standard error of the mean"))
    return figure


def draw_realizations(ax, values):
    place(ax.xaxis, values["realization"])
    ax.plot(values["realization"], values, "o", color=PALETTE[0])
    average = estimate(values)
    if average.count:
        ax.axhline(average.mean, color=FAINT, zorder=1)
    if average.count > 1:
        ax.axhspan(average.mean - average.stderr, average.mean + average.stderr, color=FAINT, alpha=0.25, linewidth=0)


def draw_levels(figure, ax, store, values, x, hue):
    """One line a value of `hue`."""
    levels = values[hue].values if hue else [None]
    places, linestyle = place(ax.xaxis, values[x])
    for index, colour in enumerate(colours(levels)):
        average = estimate(values.isel({hue: index}) if hue else values)
        draw_mean(ax, places, average, colour, shown(levels[index]), linestyle=linestyle)
    if len(levels) > SEVERAL:
        colourbar(figure, ax, levels, store.symbol(hue))
    elif hue:
        legend(ax, title=store.symbol(hue))


def place(axis, coordinate):
    """Where points stand along a drawn axis and how they are joined: numbers on a line, names side by side."""
    if coordinate.dtype.kind in "iu":
        axis.set_major_locator(MaxNLocator(integer=True))
    if coordinate.dtype.kind in "fiu":
        return coordinate.values, "-"
    axis.set_ticks(range(coordinate.size), labels=coordinate.values)
    axis.axes.margins(x=0.15)
    return np.arange(coordinate.size), "none"


def image(store, name, values, own, fixed, realization):
    if realization not in values["realization"]:
        done = ", ".join(str(index) for index in values["realization"].values[:10])
        raise StoreError(f"realization {realization} of {store.path} is not done; done are {done}")
    values = fix_others(values.sel(realization=realization), own, fixed)
    fixed["realization"] = str(realization)
    row, column = (values[axis] for axis in own)
    matrix = values.values
    square = own == ["i", "j"]  # neuron against neuron: a diagonal of ones would hide what is beside it
    inner = matrix[~np.eye(len(matrix), dtype=bool)] if square else matrix
    if not np.isfinite(inner).any():
        raise StoreError(f"'{name}' at {', '.join(f'{axis} = {value}' for axis, value in fixed.items())} is empty")
    low, high = np.nanmin(inner), np.nanmax(inner)
    signed = low < 0 < high
    limit = max(-low, high)
    scale = dict(cmap=DIVERGING, vmin=-limit, vmax=limit) if signed else dict(cmap=SEQUENTIAL, vmin=low, vmax=high)

    figure, (ax,) = panels(1, shape=1 if square else 0.75)
    ax.grid(False)
    place(ax.xaxis, column)
    place(ax.yaxis, row)
    picture = ax.pcolormesh(column, row, matrix, **scale)
    if square:
        ax.set_aspect("equal")
        ax.invert_yaxis()
    bare_bar(figure, picture, ax, written(name, values))
    ax.set_ylabel(label(row.name, row))
    ax.set_xlabel(label(column.name, column))
    ax.set_title(label(name, values))
    diagonal = " The diagonal does not count for the colours." if square else ""
    finish(figure, store, name, fixed, "One realization, not a mean." + diagonal)
    return figure


def shown(value):
    return f"{value:g}" if np.issubdtype(type(value), np.number) else str(value)


def finish(figure, store, name, fixed, note):
    """The title: which observable of which experiment; below the picture the values of the axes that are not drawn and
    of the parameters that are written as symbols, how to read the errors, and of which paper the equations are."""
    headline(figure, f"{store.experiment}: {name}", store)
    parameters = {key: value for key, value in store.job.items()
                  if "$" in store.symbol(key) and key not in store.dataset.coords}
    settings = ", ".join(f"{store.symbol(key)} = {value}".replace(" ", NO_BREAK)
                         for key, value in {**parameters, **fixed}.items())
    caption(figure, store, " ".join(filter(None, (settings and f"{settings}.", note, equations(store, name)))))


def equations(store, name):
    """Where the definition of an observable is printed: 'Cv: Eq. 21 of Ventura, Cocco ...'; empty if nowhere."""
    number = re.search(r"\((Eqs?\. [^)]*)\)", store[name].attrs.get("long_name", ""))
    paper = re.sub(r", (Eqs?|Secs?)\. .*", "", store.dataset.attrs.get("source", ""))
    return f"{name}: {number[1]} of {paper}." if number and paper else ""


if __name__ == "__main__":
    main()
