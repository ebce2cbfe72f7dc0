"""Unlearning along its time, dreams x epsilon / N: D_in, where all constraints are first satisfied, D_top, where the
least stability is highest, and D_fin, after which a constraint is violated again."""

import numpy as np

from hypnos.claims import with_error
from hypnos.statistics import estimate
from hypnos.style import FAINT, INK, PALETTE, draw_mean, pt

UNLEARNING, PERCEPTRON, MACHINE, HEBB = PALETTE[0], PALETTE[1], PALETTE[5], FAINT
# the colours and marks of D_in, D_top, D_fin, and the colours of the stabilities
MOMENTS = {"in": PALETTE[2], "top": PALETTE[4], "fin": PALETTE[3]}
MARKERS = {"in": "o", "top": "s", "fin": "^"}
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


def draw_moments(ax, store):
    """The mean times, as marks on the mean curve of delta_min."""
    curve = estimate(store["delta_min"]).mean
    for name, colour in MOMENTS.items():
        when = float(moment(store, name).mean())
        if np.isfinite(when):
            ax.plot(when, float(curve.interp(time=when)), MARKERS[name], color=colour, markersize=pt(9),
                    linestyle="none", markeredgecolor="white", label=moment_symbol(store, name), zorder=4)


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


def lead(one, other, name, its_name):
    """Where the map m_f `one` is ahead of another, by two errors of the paired difference, and the largest of these."""
    difference = one - other
    mean, error, _ = estimate(difference)
    if mean.isnull().all():
        return f"nothing to compare with {its_name}"
    # an m_0 at which all samples have the same m_f on both sides is neither ahead nor behind
    ahead, behind = difference["m_0"].values[mean > 2 * error], difference["m_0"].values[mean < -2 * error]
    most = int(np.nanargmax(np.abs(mean)))
    return (f"{name} is ahead of {its_name} at {_range(ahead)}, behind at {_range(behind)}; largest difference "
            f"{with_error(float(mean[most]), float(error[most]))} at m_0 = {float(mean['m_0'][most]):g}")


def _range(values):
    return f"{len(values)} m_0 from {values.min():g} to {values.max():g}" if len(values) else "no m_0"
