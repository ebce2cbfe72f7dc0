#!/usr/bin/python3
"""Retrieval maps of perceptrons and unlearning: jobs/perceptron-vs-unlearning/fig4-perceptron.ini, fig4-unlearning.ini.

    analysis/perceptron-vs-unlearning/fig4.py FILE FILE [--claims] [-o PNG]

Fig. 4 of Benedetti et al., J. Chem. Phys. 156, 104107 (2022): mean overlap m_f
with a pattern of the state reached from an overlap m_0, for symmetric perceptrons of several k, for Hebbian unlearning
stopped at three times, and for Hebb's couplings. Both stores, in any order; same patterns."""

import numpy as np
import xarray as xr

from hypnos.claims import average, share
from hypnos.figures.dreams import HEBB, MOMENTS, draw_map, moment_symbol
from hypnos.command import command
from hypnos.statistics import estimate
from hypnos.layout import caption, headline, legend, means_over, panel, panels
from hypnos.style import FAINT, colours, draw_mean, guide, pt
from perceptron import expect_maps


def draw(stores):
    perceptron, unlearning = expected(stores)
    figure, (maps, difference) = panels(2)
    with panel(maps, unlearning, "m_f_hebb"):
        draw_maps(perceptron, unlearning, maps)
    with panel(difference, unlearning, "m_f_in"):
        draw_difference(perceptron, unlearning, difference)
    headline(figure, rf"Retrieval, perceptron with $\lambda = {perceptron.job['lambda']}$ and unlearning:", unlearning,
             "N", "alpha", "epsilon")
    counts = (perceptron["m_f"].sizes["realization"], unlearning["m_f_hebb"].sizes["realization"])
    caption(figure, stores, means_over(counts, "samples of the patterns (perceptron, unlearning)",
                                       "bands are one standard error")
            + " (b) Differences sample by sample, on the same patterns.")
    return figure


def expected(stores):
    perceptron, unlearning = stores
    perceptron.expect("symmetric-perceptron", "k", N=unlearning.job["N"], alpha=unlearning.job["alpha"],
                      seed=unlearning.job["seed"], retrieval_points=unlearning.job["retrieval_points"])
    unlearning.expect("hebbian-unlearning")
    expect_maps(unlearning)
    return perceptron, unlearning


def draw_maps(perceptron, unlearning, ax):
    ks = perceptron["m_f"]["k"].values
    for k, colour in zip(ks, colours(ks)):
        here = estimate(perceptron["m_f"].sel(k=k))
        draw_mean(ax, here.mean["m_0"], here, colour, f"perceptron, $k = {k:g}$", linestyle="--")
    for stop, colour in MOMENTS.items():
        draw_map(ax, unlearning, f"m_f_{stop}", colour, f"unlearning, {moment_symbol(unlearning, stop)}")
    draw_map(ax, unlearning, "m_f_hebb", HEBB, "Hebb", linestyle=":")
    guide(ax, [0, 1], [0, 1])
    ax.set_xlabel(f"overlap {unlearning.symbol('m_0')} at the start")
    ax.set_ylabel(f"overlap {perceptron.symbol('m_f')} at the end")
    ax.set_title("(a) retrieval maps")
    legend(ax)


def draw_difference(perceptron, unlearning, ax):
    for stop, colour in MOMENTS.items():
        here = estimate(against_best(perceptron, unlearning, f"m_f_{stop}"))
        draw_mean(ax, here.mean["m_0"], here, colour, f"unlearning, {moment_symbol(unlearning, stop)}")
    ax.axhline(0, color=FAINT, linewidth=pt(1))
    ax.set_xlabel(f"overlap {unlearning.symbol('m_0')} at the start")
    ax.set_ylabel(f"{perceptron.symbol('m_f')} less that of the perceptron, $k = {best(perceptron):g}$")
    ax.set_title("(b) unlearning against the perceptron of largest $k$")
    legend(ax)


def best(perceptron):
    return float(perceptron["m_f"]["k"].max())


def against_best(perceptron, unlearning, name):
    """[m_0, realization], of the samples that both stores have."""
    one, other = xr.align(unlearning[name], perceptron["m_f"].sel(k=best(perceptron)), join="inner", exclude=["m_0"])
    return one - other


def claims(stores):
    perceptron, unlearning = expected(stores)
    maps, converged = perceptron["m_f"].sortby("k"), perceptron["converged"].sortby("k")
    inner = dict(m_0=slice(1, -1))
    ks = maps["k"].values
    area = maps.mean("m_0")
    yield ("increasing the stability increases m_f at fixed m_0",
           "; ".join(f"k = {k:g}: mean over m_0 {average(area.sel(k=k))}, {share(converged.sel(k=k) == 1)} converged"
                     for k in ks) + f"; {rising(maps.isel(inner))}")
    if 0 in ks:
        at = maps["m_0"].sel(m_0=0.9, method="nearest")
        none = maps.sel(k=0)
        yield ("at k = 0 the patterns are fixed points without basins",
               f"m_f = {average(none.isel(m_0=-1))} at m_0 = 1, {average(none.sel(m_0=at))} at m_0 = {float(at):g}; "
               f"basin radius {average(perceptron['basin_radius'].sel(k=0))} (k = {best(perceptron):g}: "
               f"{average(perceptron['basin_radius'].sel(k=best(perceptron)))})")
    hebb = unlearning["m_f_hebb"]
    yield ("the patterns are unstable under Hebb's couplings",
           f"m_f = {average(hebb.isel(m_0=-1))} from the patterns themselves")
    for worse in ("top", "fin"):
        gain = unlearning["m_f_in"] - unlearning[f"m_f_{worse}"]
        yield (f"retrieval is better at D_in than at D_{worse}",
               f"mean over m_0 {average(unlearning['m_f_in'].mean('m_0'))} against "
               f"{average(unlearning[f'm_f_{worse}'].mean('m_0'))}, better in {share(better(gain))} samples; m_f at "
               f"the same m_0 by {extremes(gain.isel(inner))}")
    apart = against_best(perceptron, unlearning, "m_f_in")
    sigmas = significance(apart.isel(inner))
    yield (f"unlearning at D_in and the perceptron near k_max (k = {best(perceptron):g}) are indistinguishable",
           f"m_f of unlearning differs by {average(apart.mean('m_0'))} in the mean over m_0, at the same m_0 by "
           f"{extremes(apart.isel(inner))}; {int((np.abs(sigmas) > 2).sum())} of {sigmas.size} m_0 differ by more than "
           "2 standard errors of the paired difference")
    yield ("basin radii", "; ".join(f"D_{stop}: {average(unlearning[f'basin_radius_{stop}'])}" for stop in MOMENTS)
           + "; " + "; ".join(f"k = {k:g}: {average(perceptron['basin_radius'].sel(k=k))}" for k in ks))


def rising(maps):
    steps = estimate(maps.diff("k")).mean
    return f"m_f grows from every k to the next at {int((steps > 0).all('k').sum())} of {steps.sizes['m_0']} m_0"


def better(gain):
    area = gain.mean("m_0").dropna("realization")
    return area > 0


def significance(values):
    here = estimate(values)
    spread = (here.stderr > 0).values
    return (here.mean.values / np.where(spread, here.stderr.values, np.inf))[np.isfinite(here.mean.values)]


def extremes(values):
    """The least and the largest mean difference, and where."""
    here = estimate(values)
    if here.mean.isnull().all():
        return "none"
    ends = (here.mean.argmin("m_0"), here.mean.argmax("m_0"))
    return " to ".join(f"{float(here.mean[end]):+.3f} (m_0 = {float(here.mean['m_0'][end]):.3g})" for end in ends)


if __name__ == "__main__":
    command(__doc__, draw, claims=claims,
                     experiments=("symmetric-perceptron", "hebbian-unlearning"))
