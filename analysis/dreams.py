"""Unlearning along its time, dreams x epsilon / N: where memories become stable, are most so, and cease to be."""

import numpy as np

from style import PALETTE, draw_mean
from store import estimate

# D_in, D_top, D_fin: the name in observables, the symbol, the colour
MOMENTS = {"in": (r"$D_{in}$", PALETTE[2]), "top": (r"$D_{top}$", PALETTE[4]), "fin": (r"$D_{fin}$", PALETTE[3])}
STABILITIES = {"delta_max": (r"$\Delta_{max}$", PALETTE[1]), "delta_av": (r"$\Delta_{av}$", PALETTE[0]),
               "delta_min": (r"$\Delta_{min}$", "#222222")}


def rate(store):
    """epsilon / N, the time that one dream lasts: a number, or an array where either is swept."""
    def value(name):
        return store["dreams_top"][name] if name in store["dreams_top"].coords else float(store.job[name])
    return value("epsilon") / value("N")


def moment(store, name):
    """The time of D_in, D_top or D_fin of every sample; NaN where a sample has none."""
    return store[f"dreams_{name}"] * rate(store)


def draw_moments(ax, store, offsets):
    """Arrows to the mean curve of delta_min at the mean times; offsets: {moment: (x, y) of its name in points}."""
    curve = estimate(store["delta_min"]).mean
    for name, offset in offsets.items():
        symbol, colour = MOMENTS[name]
        when = float(moment(store, name).mean())
        if np.isnan(when):
            continue
        ax.annotate(symbol, (when, float(curve.interp(time=when))), offset, textcoords="offset points", color=colour,
                    fontsize=14, ha="center", va="center", zorder=5,
                    arrowprops=dict(arrowstyle="-|>", color=colour, mutation_scale=14, shrinkB=4))
        ax.plot(when, float(curve.interp(time=when)), "o", color=colour, zorder=4)


def draw_stability(ax, store, name):
    label, colour = STABILITIES[name]
    values = store[name]
    draw_mean(ax, values["time"], estimate(values), colour, label)


def time_axis(ax, values):
    ax.set_xlim(0, float(values["time"][-1]))
    ax.set_xlabel(r"unlearning time, dreams $\times\ \epsilon / N$")
