#!/usr/bin/python3
"""Accuracy against robustness of the unlearning regularization: the picture of jobs/quickstart.ini.

    analysis/quickstart.py FILE [-o PNG]

Left: what early-stopped unlearning reaches at every a, by its distance from the generating model (sDKL) and its
specific heat C_v(1), after Fig. 7 of Ventura, Cocco, Monasson and Zamponi, Unlearning regularization for Boltzmann
machines. C_v differs more between samples of the disorder than between values of a, so every model is compared with
the one that generated its own data. Right: how C_v goes with the inverse temperature."""

import numpy as np

from hypnos.figures.early_stopping import partly_stopped
from hypnos.figures.axes import RELATIVE_HEAT, distance_label, heat_axes
from hypnos.command import command
from hypnos.statistics import estimate
from hypnos.style import FAINT, REFERENCE, caption, colourbar, colours, draw_mean, headline, plt

CURVES = (0.1, 0.4, 0.7, 1.0)  # values of a in the right panel, or the nearest there are

STOPPED = {"slope": r"stopped at $\omega = 1$", "convergence": "at convergence", "steps": "after a fixed time"}


def draw(store):
    store.expect("boltzmann", "a", data="sk", rule="unlearning")
    figure, (plane, heat) = plt.subplots(1, 2, figsize=(14, 6.4), layout="constrained")
    partial = partly_stopped(store)
    draw_plane(store, plane, partial)
    draw_heat(store, heat)
    colourbar(figure, [plane, heat], store["sDKL"]["a"].values, store.symbol("a"))

    headline(figure, f"Learning a spin glass with unlearning, {STOPPED[store.job['stop']]}: SK model", store, "N",
             "beta_d")
    note = (f"Means over {store['sDKL'].sizes['realization']} samples of the disorder; bars and bands are one standard "
            "error of the mean; grey: single samples; dashed: the generating model.")
    if partial:
        note += f" Open: not all samples met the stop rule ({'; '.join(partial.values())})."
    caption(figure, store, note)
    return figure


def draw_plane(store, ax, partial):
    """Every a in the plane of sDKL and C_v(1), open where `partial` says so."""
    distance, relative = store["sDKL"], store["Cv"] / store["Cv_data"]
    x, y = estimate(distance), estimate(relative)
    values = distance["a"].values

    ax.plot(distance.transpose("a", "realization"), relative.transpose("a", "realization"), color="#D4D4D4",
            linewidth=1.1, zorder=1)
    ax.plot(x.mean, y.mean, color=FAINT, linewidth=1.5, zorder=2)
    known = np.flatnonzero(x.count)
    for index in known:
        at, colour = dict(a=index), colours(values)[index]
        ax.errorbar(x.mean[at], y.mean[at], np.nan_to_num(y.stderr[at]), np.nan_to_num(x.stderr[at]), color=colour,
                    marker="o", markersize=10, markerfacecolor="white" if index in partial else colour,
                    markeredgewidth=2, elinewidth=2, zorder=3)
    for index in {known[0], known[-1]}:
        ax.annotate(f"$a = {values[index]:g}$", (x.mean[index], y.mean[index]), (10, 8), textcoords="offset points")

    truth = estimate(of_the_data(store, "Cv_data"))
    ax.axhline(1, color=REFERENCE, linestyle="--", linewidth=1.5, zorder=1)
    ax.plot(0, 1, marker="*", markersize=24, color=REFERENCE, clip_on=False, zorder=4)
    low, high = ax.get_ylim()
    ax.set_ylim(low, high + 0.08 * (high - low))
    error = f" \\pm {truth.stderr:.2f}" if truth.count > 1 else ""
    ax.annotate(f"generating model: $C_v(1)\\,/\\,k_B = {truth.mean:.2f}{error}$",
                (0.99, 0.99), xycoords="axes fraction", ha="right", va="top", fontsize=12)
    ax.set_xlim(left=-0.02 * ax.get_xlim()[1])
    ax.set_xlabel(distance_label(store))
    ax.set_ylabel(RELATIVE_HEAT)
    ax.set_title("More accurate to the left, more robust further down")


def draw_heat(store, ax):
    """C_v against the inverse temperature for a few a, and for the generating model."""
    curve, truth = store.estimate("Cv_curve"), estimate(of_the_data(store, "Cv_curve_data"))
    values = curve.mean["a"].values
    beta, colour = curve.mean["beta"], colours(values)
    for index in sorted({int(np.argmin(np.abs(values - a))) for a in CURVES}):
        draw_mean(ax, beta, curve.isel(a=index), colour[index], f"$a = {values[index]:g}$")
    draw_mean(ax, beta, truth, REFERENCE, "generating model", linestyle="--")
    heat_axes(ax, beta)
    ax.set_title(r"All couplings rescaled by $\beta$ (learnt at $\beta = 1$)")
    ax.legend()


def of_the_data(store, name):
    """What belongs to the generating model is the same at every a: one value a sample, from any a that is done."""
    return store[name].mean("a", keep_attrs=True)


if __name__ == "__main__":
    command(__doc__, draw)
