#!/usr/bin/python3
"""Weights along training with fixed points: jobs/structured-noise/fig5.ini.

    analysis/structured-noise/fig5.py FILE [--claims] [-o PNG]

Fig. 5 of Benedetti and Ventura, arXiv:2302.13417: (a) the weight omega_emp(0) at Delta = 0, (b) the Pearson coefficient
of weights and stabilities, (c) the size of the couplings along training with fixed points, at several loads. Weights
are drawn until the couplings are as small as ten steps."""

import numpy as np

from hypnos.claims import average, spread, with_error
from hypnos.command import command
from hypnos.curves import fall
from hypnos.layout import caption, headline, legend, means_over, panel, panels
from hypnos.statistics import estimate
from hypnos.style import FAINT, colours, draw_mean, pt
from noise import classifying, time_axis

SMALL = 10  # steps; below, the expansion of Eq. 19 does not hold


def draw(store):
    store.expect("structured-noise", "alpha", samples="fixed-points")
    figure, axes = panels(3)
    for ax, name, label, title in (
            (axes[0], "omega_emp_0", r"weight at $\Delta = 0$, $\omega_\mathrm{emp}(0)$", r"(a) weights"),
            (axes[1], "pearson", r"Pearson coefficient of $\omega$ and $\Delta$", "(b) correlation"),
            (axes[2], "sigma_J", r"size of the couplings $\sigma_J$", "(c) couplings")):
        with panel(ax, store, name):
            draw_loads(store, ax, name)
        time_axis(ax, store[name])
        ax.set_ylabel(label)
        ax.set_title(title)
    axes[0].axhline(0, color=FAINT, linestyle=":", linewidth=pt(1))
    axes[2].axhline(step_size(store), color=FAINT, linestyle="--", label=r"$\lambda N^{-1/2}$")
    legend(axes[2])
    headline(figure, "Training with fixed points:", store, "N", "lambda")
    caption(figure, store, means_over(store["pearson"].sizes["realization"], "samples of the patterns",
                                      "bands are one standard error")
            + f" (a, b) Until the mean size of the couplings is {SMALL} lambda N^-1/2.")
    return figure


def step_size(store):
    return float(store.job["lambda"]) / np.sqrt(float(store.job["N"]))


def collapse(store):
    """The time at which the mean size of the couplings falls to SMALL steps, for every load; NaN if it does not."""
    return fall(store["sigma_J"].mean("realization"), SMALL * step_size(store))


def valid(store, name):
    """Values before the couplings collapse."""
    values = store[name]
    return values.where((values["time"] < collapse(store)) | collapse(store).isnull())


def draw_loads(store, ax, name):
    values = store[name] if name == "sigma_J" else valid(store, name)
    loads = values["alpha"].values
    for alpha, colour in zip(loads, colours(loads)):
        here = values.sel(alpha=alpha)
        draw_mean(ax, here["time"], estimate(here), colour, rf"$\alpha = {alpha:g}$")


def claims(store):
    offset, pearson, size = valid(store, "omega_emp_0"), valid(store, "pearson"), store["sigma_J"]
    ends = collapse(store)
    for alpha in offset["alpha"].values:
        here, correlated = estimate(offset.sel(alpha=alpha)), estimate(pearson.sel(alpha=alpha))
        known = np.flatnonzero(here.count.values > 0)
        above = int((here.mean > 2 * here.stderr).sum())
        highest = known[np.argmax(here.mean.values[known])] if known.size else 0
        later = known[known >= highest] if known.size else np.array([0])
        lowest = later[np.argmin(here.mean.values[later])]
        yield (f"alpha = {alpha:g}: omega_emp(0) stays negative throughout training",
               f"{at(here, 0)} at the start, highest {at(here, highest)} at time "
               f"{float(here.mean['time'][highest]):g}, lowest later {at(here, lowest)} at time "
               f"{float(here.mean['time'][lowest]):g}; above 0 by two errors at {above} of {known.size} records")
        last = known[-1] if known.size else 0
        peak = known[np.argmax(correlated.mean.values[known])] if known.size else 0
        yield (f"alpha = {alpha:g}: the Pearson coefficient is highest at the start and falls",
               f"{at(correlated, 0)} at the start, highest {at(correlated, peak)} at time "
               f"{float(here.mean['time'][peak]):g}, {at(correlated, last)} at the last record before the collapse")
        whole = estimate(store["omega_emp_0"].sel(alpha=alpha))
        yield (f"alpha = {alpha:g}: weights become more negative at the end, where the couplings are as small as the "
               "steps", f"sigma_J = {average(size.sel(alpha=alpha).isel(time=0))} at the start, falls to {SMALL} "
               f"lambda N^-1/2 = {SMALL * step_size(store):.3g} at time {float(ends.sel(alpha=alpha)):.3g}, is "
               f"{average(size.sel(alpha=alpha).isel(time=-1))} in the end, where omega_emp(0) = {at(whole, -1)}")
        steps = store["steps_to_classification"].sel(alpha=alpha)
        rate = float(store.job["lambda"]) / float(store.job["N"])
        yield (f"alpha = {alpha:g}: training classifies all patterns",
               f"{classifying(steps, size.sel(alpha=alpha))}, at time {spread(steps * rate)}")


def at(curve, k):
    return with_error(float(curve.mean[k]), float(curve.stderr[k]))


if __name__ == "__main__":
    command(__doc__, draw, claims=claims)
