#!/usr/bin/python3
"""Where perceptron and unlearning end: jobs/perceptron-vs-unlearning/fig6-k.ini and fig6-alpha.ini.

    analysis/perceptron-vs-unlearning/fig6.py FILE FILE [--claims] [-o PNG]

Fig. 6 of Benedetti et al., J. Chem. Phys. 156, 104107 (2022): overlap q of the
couplings of unlearning after D_in dreams with those of the perceptron, (a) against its k, (b) against the load with k
close to its largest, beside the overlaps of both with Hebb's couplings."""

import numpy as np

from hypnos.claims import average, share, spread
from hypnos.command import command
from hypnos.figures.dreams import PERCEPTRON, UNLEARNING
from hypnos.statistics import estimate
from hypnos.layout import caption, headline, legend, means_over, panel, panels
from hypnos.style import FAINT, PALETTE, colours, draw_mean
from perceptron import at_load, loads

CRITICAL = 0.589  # the paper's largest load of unlearning
OVERLAPS = {"q": ("unlearning and perceptron", PALETTE[2], "o"),
            "q_hebb_unlearning": ("Hebb and unlearning", UNLEARNING, "s"),
            "q_hebb": ("Hebb and perceptron", PERCEPTRON, "^")}
SIZES = [("^", ":"), ("s", "--"), ("o", "-")]


def told_apart(stores):
    """The store of (a), which has several N, and that of (b)."""
    several, one = sorted(stores, key=lambda store: "N" not in store.axes)
    several.expect("interaction-space", "N", "alpha_k", order="random-site")
    one.expect("interaction-space", "alpha_k", order="random-site")
    return several, one


def against_k(store, name, alpha):
    """[k, N, realization] of one load, where the perceptron converged."""
    return at_load(store[name].where(store["converged"] == 1), alpha).transpose("k", "N", "realization")


def against_load(store, name):
    """[alpha, realization], where the perceptron converged."""
    values = store[name].where(store["converged"] == 1).swap_dims(alpha_k="alpha").sortby("alpha")
    return values.dropna("alpha", how="all")


def draw(stores):
    several, one = told_apart(stores)
    figure, (left, right) = panels(2)
    with panel(left, several, "converged", "q"):
        draw_k(several, left)
    with panel(right, one, "converged", *OVERLAPS):
        draw_load(one, right)
    headline(figure, "Overlap of the couplings of unlearning and symmetric perceptron:", one, "epsilon", "lambda")
    caption(figure, [several, one], means_over([store["q"].sizes["realization"] for store in (several, one)],
            "samples of the patterns (a, b), of those whose perceptron reached k", "bars are one standard error")
            + " Open in (a): not all did.")
    return figure


def draw_k(store, ax):
    for alpha, colour in zip(loads(store["q"]), colours(loads(store["q"]))):
        values = against_k(store, "q", alpha)
        for size, (marker, line) in zip(values["N"].values, SIZES):
            found = estimate(values.sel(N=size).dropna("k", how="all"))
            label = rf"$\alpha = {alpha:g}$" if size == values["N"].values[-1] else None
            draw_mean(ax, found.mean["k"], found, colour, label, marker, line)
            some = (found.count < values.sizes["realization"]).values
            ax.plot(found.mean["k"][some], found.mean[some], marker, color=colour, markerfacecolor="white", zorder=3)
    for size, (marker, line) in zip(values["N"].values, SIZES):
        ax.plot([], [], color=FAINT, marker=marker, linestyle=line, label=f"$N = {size}$")
    ax.set_xlabel("stability $k$ of the perceptron")
    ax.set_ylabel("overlap $q$")
    ax.set_title("(a) against $k$")
    legend(ax)


def draw_load(store, ax):
    for name, (label, colour, marker) in OVERLAPS.items():
        values = against_load(store, name)
        draw_mean(ax, values["alpha"], estimate(values), colour, label, marker)
    ax.axvline(CRITICAL, color=FAINT, linestyle=":", label=rf"$\alpha_c = {CRITICAL}$")
    ax.set_xlabel(r"load $\alpha$")
    ax.set_ylabel("overlap $q$")
    ax.set_title(f"(b) against the load, $N = {store.job['N']}$")
    legend(ax)


def claims(stores):
    several, one = told_apart(stores)
    for alpha in loads(several["q"]):
        values = against_k(several, "q", alpha)
        for size in values["N"].values:
            yield (f"alpha = {alpha:g}, N = {size}: q grows with k", rise(values.sel(N=size)))
    for alpha in loads(several["q"]):
        ends = against_k(several, "q", alpha).max("k")
        yield (f"alpha = {alpha:g}: the largest q grows with N",
               "; ".join(f"N = {size}: {average(ends.sel(N=size))}" for size in ends["N"].values))
    yield from over_loads(one)
    for store, where in ((several, "(a)"), (one, "(b)")):
        yield (f"{where} unlearning came to D_in, and the perceptron to k",
               f"{share(store['dreams_in'].notnull())} and {share(store['converged'] == 1)} of all points and samples")


def rise(values):
    """Of the means from k to k, and where single samples have their largest q."""
    means = estimate(values.dropna("k", how="all")).mean
    k, steps = means["k"].values, np.diff(means.values)
    if steps.size == 0:
        return "no two k were reached"
    best = k[int(np.argmax(means.values))]
    there = values.dropna("k", how="all")
    top = there.isel(k=slice(1, None)).max("k") > there.isel(k=0)
    return (f"q = {means.values[0]:.3f} at k = {k[0]:g}, {means.values.max():.3f} at its largest, k = {best:g}, "
            f"{means.values[-1]:.3f} at k = {k[-1]:g}; {np.sum(steps > 0)} of {steps.size} steps upwards; largest q "
            f"above that at k = {k[0]:g} in {share(top)} samples")


def extremes(values):
    return f"{values.min():.3f} to {values.max():.3f}" if values.size else "nothing"


def over_loads(store):
    values = against_load(store, "q")
    if values.size == 0:
        return
    q = estimate(values).mean
    high = q.where(q["alpha"] >= 0.3, drop=True)
    yield "(b) steps of the perceptron until it reaches k", spread(store["steps"])
    for name in ("q_hebb", "q_hebb_unlearning"):
        means = estimate(against_load(store, name)).mean
        falls = np.diff(means.values) < 0
        yield (f"the overlap of {OVERLAPS[name][0]} falls with the load",
               f"from {means.values[0]:.3f} at alpha = {means['alpha'].values[0]:g} to {means.values[-1]:.3f} at "
               f"{means['alpha'].values[-1]:g}; {np.sum(falls)} of {falls.size} steps downwards")
    yield ("q stays large and stable below alpha_c",
           f"{extremes(q)} over all loads, {extremes(high)} from alpha = 0.3 on; "
           + "; ".join(f"{alpha:g}: {average(values.sel(alpha=alpha))}" for alpha in q["alpha"].values))


if __name__ == "__main__":
    command(__doc__, draw, claims=claims, experiments=("interaction-space",) * 2)
