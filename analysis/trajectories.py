"""Curves along learning time: where they cross a level, where they turn, how they are drawn."""

import numpy as np
import xarray as xr

from style import PALETTE, REFERENCE

# where learning starts: name, colour, line
STARTS = {"hebb": ("Hebbian", PALETTE[0], "-"), "random": ("random", PALETTE[1], ":"),
          "random-as-hebb": ("random", PALETTE[1], ":"), "zero": ("zero", PALETTE[2], "--")}
# the learnings that the papers compare, (a, init): plain from three starts, and unlearning alone
LEARNINGS = {(1, "hebb"): ("Hebbian start", PALETTE[0], "-"), (1, "zero"): ("zero start", PALETTE[2], "--"),
             (1, "random-as-hebb"): ("random start", PALETTE[1], ":"),
             (0, "hebb"): ("unlearning, $a = 0$, Hebbian start", PALETTE[3], "-.")}


def of_learning(store, name, learning):
    """Results of one of LEARNINGS. Where the job has several random starts, the other starts keep one of them."""
    a, start = learning
    values = store[name].sel(a=a, init=start)
    return values if start == "random-as-hebb" or "start" not in values.dims else values.isel(start=[0])


def draw_path(store, ax):
    """The path of two couplings of the first sample, with arrows of equal time, and where the generating model is."""
    target = store["J_target"].stack(row=[dim for dim in store.axes]).isel(row=0, realization=0).values
    for learning, (label, colour, linestyle) in LEARNINGS.items():
        path = of_learning(store, "projection_t", learning).isel(realization=0)
        path = (path.isel(start=0) if "start" in path.dims else path).transpose("coupling", "time").values
        ax.plot(*path, color=colour, linestyle=linestyle, linewidth=1.4)
        ax.plot(*path[:, 0], "o", color=colour, markersize=4)
        for k in np.searchsorted(store["projection_t"]["time"], (0.1, 0.4, 1.2)):
            if k + 1 < path.shape[1]:
                ax.annotate("", path[:, k + 1], path[:, k],
                            arrowprops=dict(arrowstyle="-|>", color=colour, mutation_scale=12))
    ax.plot(target[0, 1], target[0, 2], "*", color=REFERENCE, markersize=12, zorder=4)
    ax.tick_params(labelsize=9)
    ax.set_xlabel("$J_{01}$", fontsize=11, labelpad=0)
    ax.set_ylabel("$J_{02}$", fontsize=11, labelpad=2)


def crossing(values, level):
    """The first time a curve is at the level, on the polygon through its records; NaN if it never is."""
    def first(time, curve):
        away = curve - level
        turns = np.flatnonzero(away[:-1] * away[1:] <= 0)
        if turns.size == 0:
            return np.nan
        k = turns[0]
        part = away[k] / (away[k] - away[k + 1]) if away[k] != away[k + 1] else 0.0
        return time[k] + part * (time[k + 1] - time[k])
    return _along_time(first, values)


def first_minimum(values, rise=1e-6):
    """Place and height of the first local minimum inside the recorded time, by the parabola through three records;
    NaN if there is none. The curve must rise again by `rise` times the height, so that rounding makes no minima."""
    def first(time, curve):
        later = np.maximum.accumulate(curve[::-1])[::-1]  # the highest from here on
        turns = (curve[1:-1] < curve[:-2]) & (curve[1:-1] < curve[2:])
        inside = np.flatnonzero(turns & (later[1:-1] - curve[1:-1] > rise * np.abs(curve[1:-1]))) + 1
        return _vertex(time, curve, inside[0]) if inside.size else (np.nan, np.nan)
    return _along_time(first, values, outputs=2)


def first_maximum(values):
    """As first_minimum."""
    place, height = first_minimum(-values)
    return place, -height


def lowest(values):
    """Place and height of the lowest point of all, by the parabola through three records unless it is at an end."""
    return _along_time(lambda time, curve: _vertex(time, curve, int(np.argmin(curve))), values, outputs=2)


def highest(values):
    """As lowest."""
    place, height = lowest(-values)
    return place, -height


def at_time(values, times):
    """The height of every curve at a time of its own."""
    return _along_time(lambda time, curve, when: np.interp(when, time, curve, left=np.nan, right=np.nan), values, times)


def draw_trajectory(ax, values, colour, label=None, linestyle="-"):
    """The median over samples with a band from quartile to quartile, which a few extreme samples do not move, and
    faintly the first sample, whose turns are not blurred."""
    values = values.dropna("time", how="all")
    low, median, high = np.nanpercentile(values.transpose("realization", "time"), (25, 50, 75), axis=0)
    time = values["time"]
    ax.plot(time, values.isel(realization=0), color=colour, linestyle=linestyle, linewidth=1, alpha=0.5, zorder=1)
    ax.fill_between(time, low, high, color=colour, alpha=0.2, linewidth=0, zorder=1)
    ax.plot(time, median, color=colour, linestyle=linestyle, label=label, zorder=3)


def time_axis(ax, values, linear_until=0.5):
    """Learning time, linear in the transient and logarithmic later."""
    ax.set_xscale("function", functions=(lambda time: np.arcsinh(time / linear_until),
                                         lambda place: linear_until * np.sinh(place)))
    last = float(values["time"][-1])
    ticks = [tick for tick in (0, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100) if tick <= last]
    ax.set_xticks(ticks, labels=[f"{tick:g}" for tick in ticks])
    ax.set_xlim(0, last)
    ax.set_xlabel(r"learning time $t \lambda$")


def _along_time(function, values, *others, outputs=1):
    """function(time, curve, *others) of every curve, without the records at which it is not known."""
    def known(time, curve, *rest):
        there = np.isfinite(curve)
        if not there.any():
            return np.nan if outputs == 1 else (np.nan,) * outputs
        return function(time[there], curve[there], *rest)
    return xr.apply_ufunc(known, values["time"], values, *others,
                          input_core_dims=[["time"], ["time"], *[[] for _ in others]],
                          output_core_dims=[[]] * outputs, vectorize=True)


def _vertex(time, curve, k):
    if k in (0, curve.size - 1):
        return time[k], curve[k]
    a, b, c = np.polyfit(time[k - 1:k + 2] - time[k], curve[k - 1:k + 2], 2)
    return (time[k] - b / (2 * a), c - b * b / (4 * a)) if a > 0 else (time[k], curve[k])
