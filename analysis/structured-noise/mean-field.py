#!/usr/bin/python3
"""Basins of support vector machines against load and size: jobs/structured-noise/mean-field.ini.

    analysis/structured-noise/mean-field.py FILE [--claims] [-o PNG]

In diluted networks of maximal stability (Gardner) basins fill the space up to alpha = 0.42, where a small overlap no
longer grows in one step: its slope is sqrt(2/pi) times the mean stability k Phi(k) + phi(k). (a) Radius at which m_f is
0.98 in fully connected networks; (b) retrieval from a small overlap."""

from math import erf, exp, pi, sqrt

import numpy as np

from hypnos.claims import average, with_error
from hypnos.command import command
from hypnos.extrapolation import extrapolated
from hypnos.layout import caption, headline, legend, means_over, panel, panels
from hypnos.statistics import estimate
from hypnos.style import colours, draw_mean

FROM = 0.25  # the overlap of (b)


def draw(store):
    store.expect("support-vector-machine", "N", "alpha")
    figure, (radius, small) = panels(2)
    with panel(radius, store, "basin_radius_98"):
        by_size(radius, store["basin_radius_98"])
    radius.set_ylabel(r"basin radius, $m_f = 0.98$")
    radius.set_title("(a) basins")
    legend(radius)
    start = float(store["m_f"]["m_0"].sel(m_0=FROM, method="nearest"))
    with panel(small, store, "m_f"):
        by_size(small, store["m_f"].sel(m_0=start))
    small.set_ylabel("overlap $m_f$ at the end")
    small.set_title(f"(b) retrieval from $m_0 = {start:g}$")
    headline(figure, "Support vector machines", store)
    caption(figure, store, means_over(store["m_f"].sizes["realization"], "samples of the patterns",
                                      "bars are one standard error"))
    return figure


def by_size(ax, values):
    sizes = values["N"].values
    for N, colour in zip(sizes, colours(sizes)):
        draw_mean(ax, values["alpha"], estimate(values.sel(N=N)), colour, f"$N = {N:g}$")
    ax.set_xlabel(r"load $\alpha$")


def growth(k):
    """Slope at 0 of the map of the overlap in one step of a diluted network of maximal stability k."""
    normal, density = (1 + erf(k / sqrt(2))) / 2, exp(-k * k / 2) / sqrt(2 * pi)
    return sqrt(2 / pi) * (k * normal + density)


def claims(store):
    radius, sizes = store["basin_radius_98"], store["m_f"]["N"].values
    alphas = radius["alpha"].values
    slopes = np.array([growth(float(store["k_gardner"].sel(alpha=alpha).mean())) for alpha in alphas])
    yield ("diluted networks: a small overlap grows up to alpha = 0.42",
           "slope " + ", ".join(f"{slope:.3f} at {alpha:g}" for alpha, slope in zip(alphas, slopes))
           + f"; 1 at alpha = {np.interp(-1, -slopes, alphas):.3f}")
    for alpha in alphas:
        here = radius.sel(alpha=alpha)
        line = extrapolated(here)
        yield (f"alpha = {alpha:g}: basins fill the space", "radius " + "; ".join(
            f"N = {N:g}: {average(here.sel(N=N))}" for N in sizes)
            + f"; line in 1/N {with_error(float(line.at_infinity.mean), float(line.at_infinity.stderr))} (chi2 = "
            f"{line.chi2:.1f}, {line.freedom} degrees of freedom); m_f from m_0 = "
            + "; ".join(f"{m_0:g}: {average(store['m_f'].sel(alpha=alpha, N=sizes[-1], m_0=m_0))}"
                        for m_0 in store["m_f"]["m_0"].sel(m_0=[0.1, 0.25, 0.5], method="nearest").values)
            + f" at N = {sizes[-1]:g}")


if __name__ == "__main__":
    command(__doc__, draw, claims=claims)
