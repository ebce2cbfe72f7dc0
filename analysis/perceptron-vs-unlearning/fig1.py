#!/usr/bin/python3
"""Phase diagram of the symmetric perceptron: jobs/perceptron-vs-unlearning/fig1.ini.

    analysis/perceptron-vs-unlearning/fig1.py FILE [--claims] [-o PNG]

Fig. 1 of Benedetti et al., J. Chem. Phys. 156, 104107 (2022): the largest
stability k_max that learning reaches within max_steps, extrapolated in N, beside Gardner's curves.

Every sample learns at all k of the grid, and its own k_max lies between the last k that it learns and the first that
it does not. The middle between them is taken, so no shape of the probability to converge enters; the mean over
samples is the integral of that probability. What is model is the size dependence: a line in 1/N, and in N^(-2/3)
for comparison."""

import numpy as np

from hypnos.claims import share, with_error
from hypnos.extrapolation import extrapolated
from hypnos.figures.dreams import PERCEPTRON
from hypnos.command import command
from hypnos.statistics import estimate
from hypnos.layout import caption, headline, legend, means_over, panel, panels
from hypnos.style import FAINT, INK, colours, points, pt
from perceptron import at_load, loads, tell_missing, theory

REACHED = {0.3: 1.32, 0.4: 1.05, 0.5: 0.85}  # the paper's k near k_max, captions of figs. 4 and 5
THEORIES = {"k_gardner_symmetric": ("symmetric, diluted (Gardner, Gutfreund, Yekutieli)", "--"),
            "k_gardner": ("without symmetry (Gardner)", ":")}
BARS = "bars: standard errors and the spacing of k; lines in 1/N, weighted by these"
SCALINGS = {1: "1/N", 2 / 3: "N^(-2/3)"}


def learnt(store, alpha, steps=np.inf):
    """Which samples converged, and within so many steps: [k, N, realization], k increasing."""
    converged = (store["converged"] == 1) & (store["steps"] <= steps)
    known = store["converged"].notnull()
    return at_load(converged.where(known), alpha).transpose("k", "N", "realization")


def largest_k(values):
    """k_max of every sample, [N, realization]: the integral of `learnt` over k from the smallest on, by trapezoids. NaN
    where a point is not done."""
    k = values["k"].values
    weights = np.diff(k, prepend=k[:1]) / 2 + np.diff(k, append=k[-1:]) / 2
    return k[0] + (values * values["k"].copy(data=weights)).sum("k", skipna=False)


def blur(values):
    """What the mean of largest_k may be off by, for every N, where samples lie closer together than k is sampled: the
    standard deviation of a uniform number in one step of k there."""
    k, mean = values["k"].values, largest_k(values).mean("realization").values
    return np.diff(k)[np.clip(np.searchsorted(k, mean) - 1, 0, k.size - 2)] / np.sqrt(12)


def at_sizes(values):
    """Mean and error of largest_k for every N."""
    means = estimate(largest_k(values))
    return means._replace(stderr=np.hypot(means.stderr, blur(values)))


def at_infinity(values, power=1):
    return extrapolated(largest_k(values), power, blur(values))


def draw(store):
    store.expect("symmetric-perceptron", "N", "alpha_k", init="hebb", **{"lambda": "1"})
    figure, (phases, sizes) = panels(2)
    tell_missing(store, THEORIES)
    with panel(phases, store, "converged"):
        draw_phases(store, phases)
    with panel(sizes, store, "converged"):
        draw_sizes(store, sizes)
    samples = store["converged"].sizes["realization"]
    headline(figure, f"What the symmetric perceptron learns in {store.job['max_steps']} steps:", store, "lambda")
    caption(figure, store, f"{means_over(samples, 'samples of the patterns', BARS)} (b) Largest k of a sample. "
            "(a) Where the lines meet 1/N = 0; open: the largest network itself.")
    return figure


def draw_phases(store, ax):
    for name, (label, linestyle) in THEORIES.items():
        if curve := theory(store, name):
            ax.plot(list(curve), list(curve.values()), linestyle, color=INK, label=label)
    for alpha in loads(store["converged"]):
        values = learnt(store, alpha)
        found = at_infinity(values).at_infinity
        largest = largest_k(values).isel(N=-1).mean()
        first = alpha == loads(store["converged"])[0]
        points(ax, alpha, found.mean, found.stderr, fmt="s", color=PERCEPTRON, markersize=pt(9), elinewidth=pt(2),
               zorder=3, label=r"learnt, $N \to \infty$" if first else None)
        ax.plot(alpha, largest, "o", color=PERCEPTRON, markerfacecolor="white", markersize=pt(5), zorder=4,
                label=f"learnt, $N = {int(values['N'][-1])}$" if first else None)
    ax.set_xlabel(r"load $\alpha$")
    ax.set_ylabel(r"largest stability $k_\mathrm{max}$")
    ax.set_ylim(bottom=0)
    ax.set_title("(a) largest stability")
    legend(ax)


def draw_sizes(store, ax):
    diluted = theory(store, "k_gardner_symmetric")
    for alpha, colour in zip(loads(store["converged"]), colours(loads(store["converged"]))):
        values = learnt(store, alpha)
        means, line = at_sizes(values), at_infinity(values)
        x = 1 / values["N"].values
        points(ax, x, means.mean, means.stderr, fmt="o", color=colour, elinewidth=pt(2), label=rf"$\alpha = {alpha:g}$")
        reach = np.array([0, x.max()])
        ax.plot(reach, float(line.at_infinity.mean) + line.slope * reach, "-", color=colour, linewidth=pt(1.4))
        points(ax, 0, line.at_infinity.mean, line.at_infinity.stderr, fmt="s", color=colour, markersize=pt(8),
                    elinewidth=pt(2))
        if alpha in diluted:
            ax.plot(0, diluted[alpha], "_", color=colour, markersize=pt(22), markeredgewidth=pt(2))
    if diluted:
        ax.plot([], [], "_", color=FAINT, markersize=pt(16), markeredgewidth=pt(2), label="symmetric, diluted")
    ax.set_xlabel("inverse size $1/N$")
    ax.set_ylabel(r"largest stability $k_\mathrm{max}(N)$")
    ax.set_title("(b) size of the network")
    legend(ax)


def claims(store):
    most = int(store.job["max_steps"])
    diluted, free = (theory(store, name) for name in THEORIES)
    for alpha in loads(store["converged"]):
        here = learnt(store, alpha)
        lines = {power: at_infinity(here, power) for power in SCALINGS}
        found = lines[1].at_infinity
        yield (f"alpha = {alpha:g}: k_max lies slightly above that of diluted networks",
               "; ".join([average_of(lines[1]), *against(found, diluted.get(alpha), "symmetric diluted networks"),
                          *against(found, free.get(alpha), "couplings without symmetry")]))
        yield (f"alpha = {alpha:g}: sizes",
               "; ".join(f"N = {int(n)}: {of_size(here, n)}" for n in here["N"].values) + "; extrapolated by "
               + ", ".join(f"{name} to {average_of(lines[power])} (chi2 = {lines[power].chi2:.1f}, "
                           f"{lines[power].freedom} degrees of freedom)"
                           for power, name in SCALINGS.items()))
        outside = {"learn all k": here.isel(k=-1) == 1, "learn none": here.isel(k=0) == 0}
        disorderly = (here.diff("k") > 0).any("k")
        yield (f"alpha = {alpha:g}: samples whose k_max the grid does not bracket",
               ", ".join(f"{int(hits.sum())} of {hits.size} {what}" for what, hits in outside.items())
               + f"; {int(disorderly.sum())} learn a k though not a smaller one")
        shorter = {steps: learnt(store, alpha, steps) for steps in (most // 4, most // 2, most)}
        yield (f"alpha = {alpha:g}: the bound on steps makes it a lower bound",
               "; ".join(f"within {steps} steps {of_size(values, values['N'][-1])} at N = {int(values['N'][-1])}, "
                         f"{average_of(at_infinity(values))} at infinity" for steps, values in shorter.items()))
        if alpha in REACHED and REACHED[alpha] in here["k"].values:
            largest = here.sel(k=REACHED[alpha]).isel(N=-1)
            yield (f"alpha = {alpha:g}: k = {REACHED[alpha]:g} converges at N = {int(largest['N'])}",
                   share(largest.dropna("realization") == 1) + " samples")


def of_size(values, N):
    means = at_sizes(values)
    return with_error(float(means.mean.sel(N=N)), float(means.stderr.sel(N=N)))


def average_of(line):
    return with_error(float(line.at_infinity.mean), float(line.at_infinity.stderr))


def against(found, theory, name):
    """[how far the extrapolated value is from a theory], [] without it."""
    if theory is None:
        return []
    difference = float(found.mean) - theory
    sigmas = difference / float(found.stderr)
    if not np.isfinite(sigmas):
        return [f"{name} {theory:.4f}: not to be compared, since the error is unknown"]
    verdict = (f"the same within errors ({sigmas:+.1f} of them)" if abs(sigmas) < 2 else
               f"{'above' if sigmas > 0 else 'below'} by {abs(sigmas):.0f} errors")
    return [f"{name} {theory:.4f}: {verdict}, {100 * difference / theory:+.1f} %"]


if __name__ == "__main__":
    command(__doc__, draw, claims=claims)
