#!/usr/bin/python3
"""Accuracy against robustness of the unlearning regularization: the picture of jobs/quickstart.ini.

    analysis/quickstart.py FILE [-o PNG]

(a) What early-stopped unlearning reaches at every a, by its distance from the generating model (sDKL) and its
specific heat C_v(1), after Fig. 7 of Ventura, Cocco, Monasson and Zamponi, Unlearning regularization for Boltzmann
machines. C_v differs more between samples of the disorder than between values of a, so every model is compared with
the one that generated its own data. (b) How C_v goes with the inverse temperature."""

import numpy as np

from hypnos.figures.early_stopping import partly_stopped, told
from hypnos.figures.axes import RELATIVE_HEAT, distance_label, heat_axes
from hypnos.command import command
from hypnos.statistics import estimate
from hypnos.layout import caption, headline, legend, means_over, panel, panels
from hypnos.style import FAINT, REFERENCE, colourbar, colours, draw_mean, points, pt, thin

CURVES = (0.1, 0.4, 0.7, 1.0)  # values of a in the right panel, or the nearest there are

STOPPED = {"slope": r"stopped at $\omega = 1$", "convergence": "to convergence", "steps": "after a fixed time"}


def draw(store):
    store.expect("boltzmann", "a", data="sk", rule="unlearning")
    figure, (plane, heat) = panels(2)
    partial = partly_stopped(store)
    with panel(plane, store, "sDKL", "Cv", "Cv_data"):
        draw_plane(store, plane, partial)
    with panel(heat, store, "Cv_curve"):
        draw_heat(store, heat)
    colourbar(figure, [plane, heat], store["sDKL"]["a"].values, store.symbol("a"))

    headline(figure, f"Learning a spin glass with unlearning, {STOPPED[store.job['stop']]}: SK model", store, "N",
             "beta_d")
    note = means_over(store["sDKL"].sizes["realization"]) + " Grey: single samples; dashed and star: generating model."
    if partial:
        note += f" Open: {told(partial)}."
    caption(figure, store, note)
    return figure


def draw_plane(store, ax, partial):
    """Every a in the plane of sDKL and C_v(1), open where `partial` says so."""
    distance, relative = store["sDKL"], store["Cv"] / store["Cv_data"]
    x, y = estimate(distance), estimate(relative)
    values = distance["a"].values

    ax.plot(distance.transpose("a", "realization"), relative.transpose("a", "realization"), color=FAINT, **thin())
    ax.plot(x.mean, y.mean, color=FAINT, linewidth=pt(1.5), zorder=2)
    known = np.flatnonzero(x.count)
    for index in known:
        at, colour = dict(a=index), colours(values)[index]
        points(ax, x.mean[at], y.mean[at], np.nan_to_num(y.stderr[at]), np.nan_to_num(x.stderr[at]), color=colour,
                    marker="o", markersize=pt(10), markerfacecolor="white" if index in partial else colour,
                    markeredgewidth=pt(2), elinewidth=pt(2), zorder=3)

    truth = estimate(of_the_data(store, "Cv_data"))
    error = f" \\pm {truth.stderr:.2f}" if truth.count > 1 else ""
    ax.axhline(1, color=REFERENCE, linestyle="--", linewidth=pt(1.5), zorder=1,
               label=f"generating model: $C_v(1)\\,/\\,k_B = {truth.mean:.2f}{error}$")
    ax.plot(0, 1, marker="*", markersize=pt(24), color=REFERENCE, clip_on=False, zorder=4, gid="guide")
    ax.set_xlim(left=-0.02 * ax.get_xlim()[1])
    ax.set_xlabel(distance_label(store))
    ax.set_ylabel(RELATIVE_HEAT)
    ax.set_title("(a) more accurate to the left, more robust further down")
    legend(ax)


def draw_heat(store, ax):
    """C_v against the inverse temperature for a few a, and for the generating model."""
    curve, truth = store.estimate("Cv_curve"), estimate(of_the_data(store, "Cv_curve_data"))
    values = curve.mean["a"].values
    beta, colour = curve.mean["beta"], colours(values)
    for index in sorted({int(np.argmin(np.abs(values - a))) for a in CURVES}):
        draw_mean(ax, beta, curve.isel(a=index), colour[index], f"$a = {values[index]:g}$")
    draw_mean(ax, beta, truth, REFERENCE, "generating model", linestyle="--")
    heat_axes(ax, beta)
    ax.set_title(r"(b) all couplings rescaled by $\beta$ (learnt at $\beta = 1$)")
    legend(ax)


def of_the_data(store, name):
    """What belongs to the generating model is the same at every a: one value a sample, from any a that is done."""
    return store[name].mean("a", keep_attrs=True)


if __name__ == "__main__":
    command(__doc__, draw)
