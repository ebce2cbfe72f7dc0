"""Unlearning along its time, dreams x epsilon / N: D_in, where all constraints are first satisfied, D_top, where the
least stability is highest, and D_fin, after which a constraint is violated again."""

import numpy as np

from hypnos.statistics import estimate
from hypnos.style import INK, PALETTE, draw_mean

UNLEARNING, PERCEPTRON, MACHINE, HEBB = PALETTE[0], PALETTE[1], PALETTE[5], "#8A8A8A"
# the colours of D_in, D_top, D_fin and of the stabilities
MOMENTS = {"in": PALETTE[2], "top": PALETTE[4], "fin": PALETTE[3]}
STABILITIES = {"delta_max": PALETTE[1], "delta_av": PALETTE[0], "delta_min": INK}
TIME_LABEL = r"unlearning time, dreams $\times\ \epsilon / N$"


def rate(store):
    """epsilon / N, the time that one dream lasts: a number, or an array where either is swept."""
    def value(name):
        return store["dreams_top"][name] if name in store["dreams_top"].coords else float(store.job[name])
    return value("epsilon") / value("N")


def moment(store, name):
    """The time of D_in, D_top or D_fin of every sample; NaN where a sample has none."""
    return store[f"dreams_{name}"] * rate(store)


def moment_symbol(store, name):
    return store.symbol(f"dreams_{name}")


def draw_moments(ax, store, offsets):
    """Arrows to the mean curve of delta_min at the mean times; offsets: {moment: (x, y) of its name in points}."""
    curve = estimate(store["delta_min"]).mean
    for name, offset in offsets.items():
        colour = MOMENTS[name]
        when = float(moment(store, name).mean())
        if np.isnan(when):
            continue
        ax.annotate(moment_symbol(store, name), (when, float(curve.interp(time=when))), offset,
                    textcoords="offset points", color=colour, fontsize=14, ha="center", va="center", zorder=5,
                    arrowprops=dict(arrowstyle="-|>", color=colour, mutation_scale=14, shrinkB=4))
        ax.plot(when, float(curve.interp(time=when)), "o", color=colour, zorder=4)


def draw_stability(ax, store, name, along="time"):
    values = store[name]
    draw_mean(ax, values[along], estimate(values), STABILITIES[name], store.symbol(name))


def draw_map(ax, store, name, colour, text, linestyle="-"):
    """The mean overlap m_f that retrieval ends at, against the overlap m_0 it starts from."""
    values = store[name]
    draw_mean(ax, values["m_0"], estimate(values), colour, text, linestyle=linestyle)


def time_axis(ax, values):
    ax.set_xlim(0, float(values["time"][-1]))
    ax.set_xlabel(TIME_LABEL)
