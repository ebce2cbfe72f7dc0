#!/usr/bin/python3
"""Draws any observable of any store.

    analysis/plot.py FILE OBSERVABLE [--x AXIS] [--hue AXIS] [--at AXIS=VALUE ...] [--realization K] [-o PNG]

A line with its standard error over realizations runs along the observable's own axis (beta, time), else along the
first numeric sweep axis; the next axis gives one line a value. What is left is held at its first value, or at --at.
An observable with two axes of its own, such as J[i, j], is an image of one realization."""

import sys
import textwrap

import numpy as np
from matplotlib.ticker import MaxNLocator

from figure import command
from store import StoreError, estimate, unknown
from style import (DIVERGING, FAINT, PALETTE, SEQUENTIAL, SYMBOLS, caption, colourbar, colours, draw_mean, plt, symbol,
                   with_units)

# settings that say what a picture shows; the rest of the job is a matter of numerics
MATTERS = ("data", "file", "neurons", *SYMBOLS, "rule", "init", "stop")
# ... but only beside the choice that reads them
READ_BY = {"file": ("data", ["file"]), "neurons": ("data", ["file"]), "N": ("data", ["sk", "curie-weiss"]),
           "beta_d": ("data", ["sk", "curie-weiss"]), "a": ("rule", ["unlearning"]), "gamma": ("rule", ["l1", "l2"])}
SEVERAL = 8  # lines that a legend can name; more are told apart by a colour bar
NO_BREAK = "\N{NO-BREAK SPACE}"


def draw(store, options):
    name = options.observable
    values = store[name]
    store.expect_rows()
    held = {}
    for setting in options.at:
        axis, values, text = hold(store, name, values, setting)
        held[axis] = text
    own = [axis for axis in store.own_axes(name) if axis not in held]
    if len(own) == 2 and not (options.x or options.hue):
        return image(store, name, values, own, held, options.realization)
    return lines(store, name, values, own, held, options)


def hold(store, name, values, setting):
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


def hold_others(values, keep, held):
    """Every axis that is not drawn stays at its first value, and the title says so."""
    for axis in [dim for dim in values.dims if dim not in keep]:
        held[axis] = shown(values[axis].values[0])
        values = values.isel({axis: 0})
    return values


def choose_axes(store, name, values, own, options):
    """The axis to draw along and the axis of the lines; either may be None."""
    axes = [dim for dim in values.dims if dim != "realization"]
    for axis in filter(None, (options.x, options.hue)):
        check_axis(store, name, values, axis)
    if options.x and options.x == options.hue:
        raise StoreError(f"'{options.x}' cannot be both --x and --hue")
    free = [axis for axis in (*own, *(axis for axis in axes if axis not in own)) if axis != options.hue]
    numeric = [axis for axis in free if values[axis].dtype.kind in "fiu"]
    x = options.x or next(iter(numeric + free), options.hue)
    hue = options.hue or next((axis for axis in axes if axis != x), None)
    return x, hue if hue != x else None


def lines(store, name, values, own, held, options):
    x, hue = choose_axes(store, name, values, own, options)
    values = hold_others(values, (x, hue, "realization"), held)

    figure, ax = plt.subplots(figsize=(8, 6), layout="constrained")
    if x is None:
        x = "realization"
        place(ax.xaxis, values[x])
        ax.plot(values[x], values, "o", color=PALETTE[0])
        average = estimate(values)
        ax.axhline(average.mean, color=FAINT, zorder=1)
        ax.axhspan(average.mean - average.stderr, average.mean + average.stderr, color=FAINT, alpha=0.25, linewidth=0)
    else:
        levels = values[hue].values if hue else [None]
        places, linestyle = place(ax.xaxis, values[x])
        for index, colour in enumerate(colours(levels)):
            average = estimate(values.isel({hue: index}) if hue else values)
            draw_mean(ax, places, average, colour, shown(levels[index]), linestyle=linestyle)
        if len(levels) > SEVERAL:
            colourbar(figure, ax, levels, symbol(hue))
        elif hue:
            ax.legend(title=symbol(hue))
    ax.set_xlabel(axis_label(values[x]))
    ax.set_ylabel(observable_label(name, values))
    finish(figure, store, name, held, "Means over realizations, errors: one standard error of the mean.")
    return figure


def place(axis, coordinate):
    """Where points stand along a drawn axis and how they are joined: numbers on a line, names side by side."""
    if coordinate.dtype.kind in "iu":
        axis.set_major_locator(MaxNLocator(integer=True))
    if coordinate.dtype.kind in "fiu":
        return coordinate.values, "-"
    axis.set_ticks(range(coordinate.size), labels=coordinate.values)
    axis.axes.margins(x=0.15)
    return np.arange(coordinate.size), "none"


def image(store, name, values, own, held, realization):
    if realization not in values["realization"]:
        done = ", ".join(str(index) for index in values["realization"].values[:10])
        raise StoreError(f"realization {realization} of {store.path} is not done; done are {done}")
    values = hold_others(values.sel(realization=realization), own, held)
    held["realization"] = str(realization)
    row, column = (values[axis] for axis in own)
    matrix = values.values
    square = own == ["i", "j"]  # neuron against neuron: a diagonal of ones would hide what is beside it
    inner = matrix[~np.eye(len(matrix), dtype=bool)] if square else matrix
    if not np.isfinite(inner).any():
        raise StoreError(f"'{name}' at {', '.join(f'{axis} = {value}' for axis, value in held.items())} is empty")
    low, high = np.nanmin(inner), np.nanmax(inner)
    signed = low < 0 < high
    limit = max(-low, high)
    scale = dict(cmap=DIVERGING, vmin=-limit, vmax=limit) if signed else dict(cmap=SEQUENTIAL, vmin=low, vmax=high)

    figure, ax = plt.subplots(figsize=(8, 6.8), layout="constrained")
    ax.grid(False)
    place(ax.xaxis, column)
    place(ax.yaxis, row)
    picture = ax.pcolormesh(column, row, matrix, **scale)
    if square:
        ax.set_aspect("equal")
        ax.invert_yaxis()
    bar = figure.colorbar(picture, ax=ax, pad=0.02)
    bar.outline.set_visible(False)
    bar.set_label(observable_label(name, values))
    ax.set_ylabel(axis_label(row))
    ax.set_xlabel(axis_label(column))
    diagonal = " The diagonal does not count for the colours." if square else ""
    finish(figure, store, name, held, "One realization, not a mean." + diagonal)
    return figure


def shown(value):
    return f"{value:g}" if np.issubdtype(type(value), np.number) else str(value)


def observable_label(name, variable):
    return textwrap.fill(with_units(described(variable) or name, variable), 45)


def axis_label(coordinate):
    label = ", ".join(filter(None, (symbol(coordinate.name), described(coordinate))))
    return textwrap.fill(with_units(label, coordinate), 70)


def described(variable):
    """The first clause of a long name; the rest explains it to those who read the file."""
    return variable.attrs.get("long_name", "").split(";")[0]


def finish(figure, store, name, held, small_print):
    """The title: what is drawn, of which experiment, at which parameters; below it how to read the errors."""
    fixed = {key: store.job[key] for key in MATTERS if store.job.get(key) and matters(store, key)}
    settings = ", ".join(f"{symbol(key)} = {value}".replace(" ", NO_BREAK) for key, value in {**fixed, **held}.items())
    figure.suptitle(f"{store.experiment}: {name}", x=0.01, ha="left", fontsize=15, fontweight="bold")
    figure.axes[0].set_title(textwrap.fill(settings, 95), fontsize=11)
    caption(figure, store, small_print, 100)


def matters(store, key):
    choice, readers = READ_BY.get(key, (None, None))
    return key not in store.axes and (choice in (None, *store.axes) or store.job.get(choice, readers[0]) in readers)


if __name__ == "__main__":
    sys.exit(command(draw, __doc__.splitlines()[0], default_name="{stem}.{observable}.png", arguments=[
        ("observable", dict(metavar="OBSERVABLE", help="name of the observable, such as Cv")),
        ("--x", dict(metavar="AXIS", help="axis to draw along")),
        ("--hue", dict(metavar="AXIS", help="axis that gives one line a value")),
        ("--at", dict(metavar="AXIS=VALUE", nargs="+", default=[], help="hold axes at values (default: their first)")),
        ("--realization", dict(metavar="K", type=int, default=0, help="realization of an image (default: 0)")),
    ]))
