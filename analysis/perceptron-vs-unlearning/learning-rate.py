#!/usr/bin/python3
"""The perceptron at several learning rates: jobs/perceptron-vs-unlearning/learning-rate.ini.

    analysis/perceptron-vs-unlearning/learning-rate.py FILE [--claims] [-o PNG]

Sec. III of Benedetti et al., J. Chem. Phys. 156, 104107 (2022): (a) overlap of the
couplings with those learnt at the largest rate, of the same patterns, (b) mean radius of the basins of attraction."""

import numpy as np
import xarray as xr

from hypnos.claims import average, share, with_error
from hypnos.command import command
from hypnos.statistics import estimate
from hypnos.layout import caption, headline, legend, means_over, panel, panels
from hypnos.style import FAINT, colours, draw_mean, pt

LARGE = 0.01  # rates down to this one are said to give almost identical couplings


def draw(store):
    store.expect("symmetric-perceptron", "k", "lambda")
    figure, (likeness, radius) = panels(2)
    q, basins = overlaps(store), store["basin_radius"]
    rates = np.sort(q["lambda"].values)
    for k, colour in zip(q["k"].values, colours(q["k"].values)):
        for ax, values, name in ((likeness, q, "J"), (radius, basins, "basin_radius")):
            with panel(ax, store, name):
                draw_mean(ax, rates, estimate(values.sel({"k": k, "lambda": rates})), colour, f"$k = {k:g}$")
    for ax in (likeness, radius):
        ax.set_xscale("log")
        ax.set_xlabel(f"learning rate {store.symbol('lambda')}")
    likeness.axhline(1, color=FAINT, linewidth=pt(1), zorder=1)
    likeness.set_ylabel(rf"overlap $q$ with the couplings at $\lambda = {rates[-1]:g}$")
    likeness.set_title("(a) couplings")
    radius.set_ylabel(f"mean radius of the basins {basins.hypnos.symbol}")
    radius.set_title("(b) basins of attraction")
    legend(likeness)
    headline(figure, "Perceptron at several learning rates:", store, "N", "alpha")
    caption(figure, store, means_over(q.sizes["realization"], "samples of the patterns", "bars are one standard error"))
    return figure


def overlaps(store, other=None):
    """q of the couplings at every rate with those at the rate `other`, the largest if none is given: the cosine over
    pairs, [k, lambda, realization]. One matrix at a time, since couplings fill the store."""
    J = store["J"]
    other = float(J["lambda"].max()) if other is None else other
    upper = np.triu_indices(J.sizes["i"], 1)
    q = xr.full_like(J.isel(i=0, j=0, drop=True), np.nan)
    for place in np.ndindex(q.shape):
        at = dict(zip(q.dims, place))
        rest = {name: index for name, index in at.items() if name != "lambda"}
        a, b = J.isel(at).values[upper], J.isel(rest).sel({"lambda": other}).values[upper]
        length = np.linalg.norm(a) * np.linalg.norm(b)
        q[at] = a @ b / length if length > 0 else np.nan
    return q


def claims(store):
    q, radius, steps = overlaps(store), store["basin_radius"], store["steps"]
    rates = np.sort(q["lambda"].values)[::-1]
    large, small = rates[rates >= LARGE * (1 - 1e-9)], rates[rates < LARGE * (1 - 1e-9)]
    for k in q["k"].values:
        def of(values, rate):
            return values.sel({"k": k, "lambda": rate})
        between = [overlaps(store, rate).sel({"k": k, "lambda": other}) for n, rate in enumerate(large)
                   for other in large[n + 1:]]
        yield (f"k = {k:g}: lambda = {', '.join(f'{rate:g}' for rate in large)} give almost identical couplings",
               f"overlap {average(xr.concat(between, 'pair').mean('pair'))}, least of a pair and sample "
               f"{min(float(values.min()) for values in between):.4f}; radius "
               + ", ".join(average(of(radius, rate)) for rate in large))
        for rate in small:
            less = estimate(of(radius, rate) - of(radius, rates[0]))
            yield (f"k = {k:g}: at lambda = {rate:g} basins are smaller, couplings others",
                   f"radius {average(of(radius, rate))}, by {with_error(float(less.mean), float(less.stderr))} from that "
                   f"at lambda = {rates[0]:g}, smaller in {share(of(radius, rate) < of(radius, rates[0]))}; overlap "
                   f"{average(of(q, rate))}")
        yield (f"k = {k:g}: all converge", "; ".join(
            f"lambda = {rate:g}: {share(of(store['converged'], rate) == 1)}, {average(of(steps, rate))} steps"
            for rate in rates))


if __name__ == "__main__":
    command(__doc__, draw, claims=claims)
