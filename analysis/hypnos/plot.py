"""Draws any observable of any store.

    hypnos-plot FILE OBSERVABLE [--x AXIS] [--hue AXIS] [--at AXIS=VALUE ...] [--realization K] [-o PNG]

A line with its standard error over realizations runs along the observable's own axis (beta, time), else along the
first numeric sweep axis; the next axis gives one line a value. Each other axis stays at its first value, or at --at.
An observable with two axes of its own, such as J[i, j], is an image of one realization."""

import textwrap

import numpy as np
from matplotlib.ticker import MaxNLocator

from hypnos.accessors import unknown
from hypnos.command import command
from hypnos.statistics import estimate
from hypnos.store import StoreError
from hypnos.style import DIVERGING, FAINT, PALETTE, RC, SEQUENTIAL, caption, colourbar, colours, draw_mean, plt
from hypnos.symbols import label

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
    with plt.rc_context(RC):
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
            colourbar(figure, ax, levels, store.symbol(hue))
        elif hue:
            ax.legend(title=store.symbol(hue))
    ax.set_xlabel(wrapped_label(values[x], 70))
    ax.set_ylabel(wrapped_label(values, 45))
    finish(figure, store, name, fixed, "Means over realizations, errors: one standard error of the mean.")
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
    bar.set_label(wrapped_label(values, 45))
    ax.set_ylabel(wrapped_label(row, 70))
    ax.set_xlabel(wrapped_label(column, 70))
    diagonal = " The diagonal does not count for the colours." if square else ""
    finish(figure, store, name, fixed, "One realization, not a mean." + diagonal)
    return figure


def shown(value):
    return f"{value:g}" if np.issubdtype(type(value), np.number) else str(value)


def wrapped_label(variable, width):
    return textwrap.fill(label(variable.name, variable), width)


def finish(figure, store, name, fixed, note):
    """The title: which observable of which experiment, at which values of the axes that are not drawn and of the
    parameters that are written as symbols; below the picture how to read the errors."""
    figure.suptitle(f"{store.experiment}: {name}", x=0.01, ha="left", fontsize=15, fontweight="bold")
    parameters = {key: value for key, value in store.job.items()
                  if "$" in store.symbol(key) and key not in store.dataset.coords}
    settings = ", ".join(f"{store.symbol(key)} = {value}".replace(" ", NO_BREAK)
                         for key, value in {**parameters, **fixed}.items())
    figure.axes[0].set_title(textwrap.fill(settings, 95), fontsize=11)
    caption(figure, store, note)


if __name__ == "__main__":
    main()
