#!/usr/bin/python3
"""Weights against temperature, landscapes of Hebb and of SK: jobs/structured-noise/fig4-8.ini.

    analysis/structured-noise/fig4-8.py FILE [--claims] [-o PNG]

Figs. 4 and 8 of Benedetti and Ventura, arXiv:2302.13417: (a, b) density of weights and stabilities in the landscape of
the Sherrington-Kirkpatrick model, (c, d) Pearson coefficient and weight at Delta = 0 against the temperature in both
landscapes, (e, f) the same for omega and for Omega of Eq. A8 in Hebb's."""

import numpy as np

from hypnos.claims import average, share
from hypnos.command import command
from hypnos.layout import caption, headline, legend, means_over, panel, panels
from hypnos.statistics import estimate
from hypnos.style import FAINT, PALETTE, draw_mean, guide, points, pt
from noise import configurations, draw_cloud, told

LANDSCAPES = {"hebb": ("Hebb", PALETTE[0]), "sk": ("SK", PALETTE[1])}
WEIGHTS = {"omega": (r"$\omega$, Eq. 20", PALETTE[0]), "Omega": (r"$\Omega$, Eq. A8", PALETTE[4])}
PEARSON, OFFSET = "Pearson coefficient with $\\Delta$", "weight at $\\Delta = 0$"


def draw(store):
    store.expect("noise-structure", "landscape", "samples_T")
    figure, axes = panels(6, columns=2)
    every = configurations(store, "pearson")
    sk = {name: store[name].sel(landscape="sk") for name in ("density", "omega_emp_0", "omega_slope")}
    for ax, letter, (kind, T, index) in zip(axes, "ab", (every[0], every[-1])):
        with panel(ax, store, "density", "omega_slope"):
            draw_cloud(ax, sk, index)
        ax.set_title(f"({letter}) SK, {told(kind, T)}")
    for ax, name, label, title in ((axes[2], "pearson", PEARSON, "(c) landscapes"),
                                   (axes[3], "omega_emp_0", OFFSET, "(d) landscapes")):
        with panel(ax, store, name):
            for landscape, (text, colour) in LANDSCAPES.items():
                draw_temperatures(ax, store[name].sel(landscape=landscape), every, colour, text)
        temperature_axis(ax, label, title)
    for ax, name, label, title in ((axes[4], "pearson", PEARSON, "(e) Hebb, both weights"),
                                   (axes[5], "emp_0", OFFSET, "(f) Hebb, both weights")):
        with panel(ax, store, "Omega_pearson", "Omega_emp_0"):
            for weight, (text, colour) in WEIGHTS.items():
                values = store[observable(weight, name)].sel(landscape="hebb")
                draw_temperatures(ax, values, every, colour, text)
        temperature_axis(ax, label, title)
    legend(axes[2])
    legend(axes[4])
    headline(figure, "Configurations of two landscapes:", store, "N", "alpha")
    caption(figure, store, means_over(store["pearson"].sizes["realization"], errors="bars are one standard error")
            + " (a, b) Brighter: more points; black: line fitted to all points, red: its height at Delta = 0. (c-f) "
            "Squares: fixed points of the dynamics; line: exchanges at constant overlap. Temperatures are linear up to "
            "0.5 and logarithmic above.")
    return figure


def observable(weight, name):
    return "pearson" if (weight, name) == ("omega", "pearson") else f"{weight}_{name}"


def draw_temperatures(ax, values, every, colour, text):
    exchanges = [(T, index) for kind, T, index in every if kind == "kawasaki"]
    axis = next(iter(every[0][2]))
    along = values.isel({axis: [index[axis] for _, index in exchanges]})
    draw_mean(ax, [T for T, _ in exchanges], estimate(along), colour, text)
    for kind, T, index in every:
        if kind == "fixed-points":
            here = estimate(values.isel(index))
            points(ax, 0, here.mean, here.stderr, fmt="s", color=colour, markersize=pt(10), markerfacecolor="none")


def temperature_axis(ax, label, title):
    guide(ax, [0, 8], [0, 0], color=FAINT, linestyle=":")
    ax.set_xscale("function", functions=(lambda T: np.arcsinh(2 * T), lambda place: np.sinh(place) / 2))
    ticks = (0, 0.2, 0.5, 1, 2, 4, 8)
    ax.set_xticks(ticks, labels=[f"{T:g}" for T in ticks])
    ax.set_xlim(-0.07, 8.5)
    ax.set_xlabel("temperature $T$")
    ax.set_ylabel(label)
    ax.set_title(title)


def claims(store):
    every = configurations(store, "pearson")
    axis = next(iter(every[0][2]))
    exchanges = [(T, index) for kind, T, index in every if kind == "kawasaki"]
    temperatures = np.array([T for T, _ in exchanges])
    for landscape, (text, _) in LANDSCAPES.items():
        offset, pearson = (store[name].sel(landscape=landscape) for name in ("omega_emp_0", "pearson"))
        for name, values in (("omega_emp(0)", offset), ("Pearson coefficient", pearson)):
            yield f"{text}: {name} against T", "; ".join(f"{told(kind, T)}: {average(values.isel(index))}"
                                                         for kind, T, index in every)
        along = offset.isel({axis: [index[axis] for _, index in exchanges]})
        least = temperatures[along.mean("realization").argmin(axis).values]
        paired = along.isel({axis: int(np.flatnonzero(temperatures == least)[0])}) - along.isel({axis: 0})
        yield (f"{text}: omega_emp(0) is lowest at a low temperature above 0",
               f"lowest mean at T = {least:g}, lower than at T = 0 by {average(-paired)} on the same samples")
    for name, what in (("pearson", "Pearson coefficient"), ("omega_emp_0", "-omega_emp(0)")):
        sign = -1 if name == "omega_emp_0" else 1
        difference = sign * (store[name].sel(landscape="hebb") - store[name].sel(landscape="sk"))
        yield (f"the {what} is larger in Hebb's landscape than in that of SK",
               "; ".join(f"{told(kind, T)}: by {average(difference.isel(index))}" for kind, T, index in every))
    for name, what in (("Omega_pearson", "Omega is not correlated with Delta"),
                       ("Omega_emp_0", "Omega_emp(0) fluctuates around 0")):
        values = store[name].sel(landscape="hebb")
        means = estimate(values)
        beyond = int((np.abs(means.mean) > 2 * means.stderr).sum())
        yield (what, f"beyond two errors of 0 at {beyond} of {len(every)} points; largest "
               f"{float(np.abs(means.mean).max()):.2g}; "
               + "; ".join(f"{told(kind, T)}: {average(values.isel(index))}" for kind, T, index in every))
    energy, unstable = (store[name].sel(landscape="hebb") for name in ("energy", "unstable"))
    yield "Hebb: unstable neurons, saddle index, against T", "; ".join(
        f"{told(kind, T)}: {average(unstable.isel(index))}" for kind, T, index in every)
    final = store["m_t"].sel(landscape="hebb").isel(every[0][2])
    yield ("fixed points keep an overlap of the same order as at their start",
           f"mean {average(final)}, N^-1/2 = {float(store.job['N']) ** -0.5:.3g}, within it in "
           f"{share(np.abs(final.dropna('realization')) < float(store.job['N']) ** -0.5)}")


if __name__ == "__main__":
    command(__doc__, draw, claims=claims)
