#!/usr/bin/python3
"""Weights against stabilities in the landscape of Hebb's couplings: jobs/structured-noise/fig3.ini.

    analysis/structured-noise/fig3.py FILE [--claims] [-o PNG]

Fig. 3 of Benedetti and Ventura, arXiv:2302.13417: (a-d) density of the weights omega and the stabilities Delta of
training configurations at four temperatures, the line fitted to all points and its height at Delta = 0; (e) this height
and (f) the Pearson coefficient against the size of the network."""

import numpy as np

from hypnos.claims import average, share, with_error
from hypnos.command import command
from hypnos.layout import caption, headline, legend, means_over, panel, panels
from hypnos.statistics import estimate
from hypnos.style import draw_mean, guide
from noise import configurations, draw_cloud, kind_colours, told

SIZE = 500  # of the paper; the nearest of the store is drawn


def draw(store):
    store.expect("noise-structure", "N", "samples_T", landscape="hebb")
    here, every = at_size(store), configurations(store, "pearson")
    clouds = [entry for entry in every if entry[0] == "fixed-points" or entry[1] > 0][:4]
    figure, axes = panels(6, columns=3)
    for ax, letter, (kind, T, index) in zip(axes, "abcd", clouds):
        with panel(ax, store, "density", "omega_slope"):
            draw_cloud(ax, here, index)
        ax.set_title(f"({letter}) {told(kind, T)}, $N = {size(store)}$")
    for ax, letter, name, label in ((axes[4], "e", "omega_emp_0", r"weight at $\Delta = 0$, $\omega_\mathrm{emp}(0)$"),
                                    (axes[5], "f", "pearson", r"Pearson coefficient of $\omega$ and $\Delta$")):
        with panel(ax, store, name):
            draw_sizes(store, ax, name, every)
        ax.set_title(f"({letter}) size of the network")
        ax.set_ylabel(label)
    legend(axes[5])
    headline(figure, "Configurations of Hebb's landscape:", store, "alpha")
    caption(figure, store, means_over(store["pearson"].sizes["realization"], "samples of the patterns",
                                      "bars are one standard error")
            + " (a-d) Brighter: more points; black: line fitted to all points, red: its height at Delta = 0. (e, f) "
            "What falls as N^-1/2 lies on a line through the origin.")
    return figure


def size(store):
    return int(store["pearson"]["N"].sel(N=SIZE, method="nearest"))


def at_size(store):
    """The observables of the network that is drawn."""
    return {name: store[name].sel(N=size(store)) for name in ("density", "omega_emp_0", "omega_slope", "pearson")}


def draw_sizes(store, ax, name, every):
    x = store[name]["N"].values ** -0.5
    for (kind, T, index), colour in zip(every, kind_colours(every)):
        draw_mean(ax, x, estimate(store[name].isel(index)), colour, told(kind, T))
    guide(ax, [0, x.max()], [0, 0], linestyle=":")
    ax.set_xlim(0, 1.05 * x.max())
    ax.set_xlabel("size $N^{-1/2}$")


def claims(store):
    for kind, T, index in configurations(store, "pearson"):
        offset = store["omega_emp_0"].isel(index)
        here = offset.sel(N=size(store))
        yield (f"{told(kind, T)}: omega_emp(0) is negative, N = {size(store)}", f"{average(here)}, negative in "
               f"{share(here.dropna('realization') < 0)}; Pearson coefficient "
               f"{average(store['pearson'].isel(index).sel(N=size(store)))}; unstable neurons "
               f"{average(store['unstable'].isel(index).sel(N=size(store)))}")
    for kind, T, index in configurations(store, "pearson"):
        for name, what in (("omega_emp_0", "omega_emp(0)"), ("pearson", "Pearson coefficient")):
            values = store[name].isel(index)
            yield (f"{told(kind, T)}: effects of size on the {what} are negligible", "; ".join(
                f"N = {N:g}: {average(values.sel(N=N))}, times N^1/2 {average(np.sqrt(N) * values.sel(N=N))}"
                for N in values["N"].values))
    first, *others = [store["omega_emp_0"].isel(index).sel(N=size(store))
                      for kind, T, index in configurations(store, "pearson") if T == 0]
    for other in others:
        difference = estimate(other - first)
        yield ("at T = 0 minima of the exchanges and fixed points have the same omega_emp(0)",
               f"they differ by {with_error(float(difference.mean), float(difference.stderr))}")


if __name__ == "__main__":
    command(__doc__, draw, claims=claims)
