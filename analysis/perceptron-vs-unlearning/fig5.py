#!/usr/bin/python3
"""Basins of perceptrons and unlearning: jobs/perceptron-vs-unlearning/fig5-perceptron.ini, fig5-unlearning.ini.

    analysis/perceptron-vs-unlearning/fig5.py FILE FILE [--claims] [-o PNG]

Fig. 5 of Benedetti et al., J. Chem. Phys. 156, 104107 (2022): mean radius of the
basins of attraction, extrapolated in N, of symmetric perceptrons of rising k and of Hebbian unlearning stopped at three
times. Both stores, in any order.

The extrapolation is a line in 1/N through three sizes or more. Networks that did not learn k, or had no time without a
violated constraint, have no radius; sizes at which that is so for more than a tenth of the samples do not count: the
others are a selection close to their own largest k, and do not lie on a line. Where too few sizes are left, the largest
network stands for itself."""

import numpy as np

from hypnos.claims import average, share, with_error
from hypnos.figures.dreams import MARKERS, MOMENTS, PERCEPTRON, moment_symbol
from hypnos.extrapolation import extrapolated
from hypnos.command import command
from hypnos.statistics import estimate
from hypnos.layout import caption, headline, legend, length, means_over, panel, panels
from hypnos.style import FAINT, SEQUENTIAL, points, pt, small
from perceptron import at_load, expect_maps, loads


def draw(stores):
    perceptron, unlearning = expected(stores)
    figure, (by_load, by_size) = panels(2)
    with panel(by_load, perceptron, "converged", "basin_radius"):
        draw_loads(perceptron, unlearning, by_load)
    with panel(by_size, perceptron, "converged", "basin_radius"):
        draw_sizes(perceptron, unlearning, by_size)
    headline(figure, rf"Basins of attraction, perceptron with $\lambda = {perceptron.job['lambda']}$ and unlearning:",
             unlearning, "epsilon")
    counts = (perceptron["basin_radius"].sizes["realization"], unlearning["basin_radius_in"].sizes["realization"])
    caption(figure, stores, means_over(counts, "samples of the patterns (perceptron, unlearning)",
                                       "bars are one standard error")
            + " (a) Extrapolated by lines in 1/N as in (b); open: the largest network, where there are too few sizes "
            "for a line. Above: k of the perceptrons. Points of one load stand side by side. A pattern counts as "
            f"retrieved if at most {unlearning.job['tolerated_error']} of the neurons differ from it. (b) Largest k that "
            "allows a line, and unlearning.")
    return figure


def expected(stores):
    perceptron, unlearning = stores
    for key in ("tolerated_error", "retrieval_points", "seed"):
        perceptron.expect("symmetric-perceptron", "N", "alpha_k", **{key: unlearning.job[key]})
    unlearning.expect("hebbian-unlearning", "N", "alpha")
    expect_maps(unlearning)
    return perceptron, unlearning


def of_perceptron(store, alpha):
    """[(k, radii [N, realization])] by increasing k: of networks that converged."""
    radii = store["basin_radius"].where(store["converged"] == 1)
    return [(float(of_k["k"]), common_sizes(of_k)) for of_k in at_load(radii, alpha).transpose("k", ...)]


def of_unlearning(store, alpha):
    """{stop: radii [N, realization]}."""
    return {stop: common_sizes(store[f"basin_radius_{stop}"].sel(alpha=alpha)) for stop in MOMENTS}


def common_sizes(radii):
    """Without the sizes at which too many samples have no radius."""
    return radii.where(radii.notnull().mean("realization") >= 0.9)


def line_of(radii):
    """The line in 1/N, or None where there are too few sizes."""
    line = extrapolated(radii)
    return line if line.freedom > 0 else None


def at_infinity(radii):
    """The Estimate, and whether it is extrapolated: otherwise that of the largest network that has one."""
    if line := line_of(radii):
        return line.at_infinity, True
    known = np.flatnonzero(radii.notnull().any("realization"))
    return estimate(radii.isel(N=known[-1] if known.size else -1)), False


def draw_loads(perceptron, unlearning, ax):
    alphas = loads(perceptron["basin_radius"])
    step = np.diff(alphas).min() if alphas.size > 1 else 0.1
    ticks, names = [], []
    for alpha in alphas:
        curve, stops = of_perceptron(perceptron, alpha), of_unlearning(unlearning, alpha)
        # at equal distances: the perceptrons, unlearning twice as dense, and a gap
        places = alpha + step * ((np.arange(len(curve)) + 0.5) / (len(curve) + 2.5) - 0.5)
        for (k, radii), place in zip(curve, places):
            draw_point(ax, place, radii, SEQUENTIAL(k / curve[-1][0]), "D")
            if np.isfinite(at_infinity(radii)[0].mean):
                ticks, names = [*ticks, place], [*names, f"{k:g}"]
        for n, (stop, radii) in enumerate(stops.items()):
            draw_point(ax, places[-1] + step * (1 + n / 2) / (len(curve) + 2.5), radii, MOMENTS[stop], MARKERS[stop])
    ax.set_xlim(alphas[0] - 0.55 * step, alphas[-1] + 0.55 * step)
    if names:
        values_of_k(ax, ticks, names)
    ax.plot([], [], "D", color=SEQUENTIAL(0.9), label="perceptron, $k$ above")
    for stop, colour in MOMENTS.items():
        ax.plot([], [], MARKERS[stop], color=colour, label=f"unlearning, {moment_symbol(unlearning, stop)}")
    ax.set_xlabel(r"load $\alpha$")
    ax.set_ylabel("mean basin radius $R$")
    ax.set_xticks(alphas)
    ax.set_title(r"(a) $N \to \infty$")
    legend(ax)


def values_of_k(ax, places, names):
    """The values of k on an axis above, in two rows where they would overlap in one."""
    top = ax.secondary_xaxis("top")
    room = 0.8 * ax.figure.get_figwidth() / (2 if ax.get_subplotspec().get_gridspec().ncols > 1 else 1)
    low, high = ax.get_xlim()
    nearest = np.diff(places).min(initial=high - low) / (high - low) * room * 72
    rows = 1 if nearest > 1.05 * small() else 2
    top.set_xticks(places[::rows], labels=names[::rows], rotation=90)
    if rows == 2:
        top.set_xticks(places[1::2], labels=names[1::2], rotation=90, minor=True)
    top.tick_params(length=0, labelsize=small())
    longest = max(length(name + "n", small()) for name in names)
    top.tick_params(which="minor", length=0, labelsize=small(), pad=pt(4) + longest)


def draw_point(ax, x, radii, colour, marker):
    here, whole = at_infinity(radii)
    if np.isfinite(here.mean):
        points(ax, x, here.mean, np.nan_to_num(here.stderr), fmt=marker, color=colour, elinewidth=pt(1.5),
                    markerfacecolor=colour if whole else "white")


def draw_sizes(perceptron, unlearning, ax):
    firmest = []
    for alpha, linestyle in zip(loads(perceptron["basin_radius"]), ("-", "--", ":", "-.") * 2):
        curves = [(k, radii) for k, radii in of_perceptron(perceptron, alpha) if line_of(radii)][-1:]
        firmest += [f"{k:g}" for k, _ in curves]
        drawn = [(radii, PERCEPTRON, "D") for _, radii in curves]
        drawn += [(radii, MOMENTS[stop], MARKERS[stop]) for stop, radii in of_unlearning(unlearning, alpha).items()]
        ax.plot([], [], linestyle=linestyle, color=FAINT, label=rf"$\alpha = {alpha:g}$")
        for radii, colour, marker in drawn:
            if not (line := line_of(radii)):
                continue
            means, reach = estimate(radii), np.array([0, 1 / radii["N"].values.min()])
            points(ax, 1 / radii["N"].values, means.mean, means.stderr, fmt=marker, color=colour, elinewidth=pt(1.5))
            ax.plot(reach, float(line.at_infinity.mean) + line.slope * reach, linestyle=linestyle, color=colour,
                    linewidth=pt(1.2))
    if firmest:
        ax.plot([], [], "D", color=PERCEPTRON, label=f"perceptron, $k = {', '.join(firmest)}$")
    ax.set_xlabel("inverse size $1/N$")
    ax.set_ylabel("mean basin radius $R$")
    ax.set_title("(b) size of the network")
    legend(ax)


def claims(stores):
    perceptron, unlearning = expected(stores)
    for alpha in loads(perceptron["basin_radius"]):
        curve, stops = of_perceptron(perceptron, alpha), of_unlearning(unlearning, alpha)
        limits = [(k, radii, *at_infinity(radii)) for k, radii in curve]
        lines = [entry for entry in limits if entry[3]]
        yield (f"alpha = {alpha:g}: the radius grows with k, N to infinity",
               f"{rises([float(here.mean) for _, _, here, _ in lines])}: "
               + ", ".join(f"k = {k:g}: {worded(here)}" for k, _, here, _ in lines))
        size = int(perceptron["basin_radius"]["N"][-1])
        largest = [(k, radii.isel(N=-1)) for k, radii in curve]
        yield (f"alpha = {alpha:g}: the same at N = {size}",
               f"{rises([float(radii.mean()) for _, radii in largest])}: "
               + ", ".join(f"k = {k:g}: {average(radii)}" for k, radii in largest))
        for (k, radii), (beyond, further) in list(zip(largest, largest[1:]))[-2:]:
            yield (f"alpha = {alpha:g}: k = {beyond:g} against k = {k:g} on the same patterns, N = {size}",
                   f"larger by {average(further - radii)}")
        yield (f"alpha = {alpha:g}: the largest k = {curve[-1][0]:g} converges at N = {size}",
               converging(perceptron, alpha))
        yield (f"alpha = {alpha:g}: D_in is the best time to stop unlearning",
               ", ".join(f"D_{stop}: {worded(*at_infinity(radii))}" for stop, radii in stops.items())
               + "; " + ", ".join(f"at N = {size} D_in larger than D_{stop} by "
                                  f"{average((stops['in'] - radii).isel(N=-1))}"
                                  for stop, radii in stops.items() if stop != "in"))
        here, whole = at_infinity(stops["in"])
        for k, _, there, _ in lines[-1:] if whole else []:
            difference, error = float(here.mean - there.mean), float(np.hypot(here.stderr, there.stderr))
            how_far = f"{difference / error:+.1f} errors" if error > 0 else "the error is unknown"
            yield (f"alpha = {alpha:g}: unlearning at D_in performs as the perceptron near k_max does, N to infinity",
                   f"radius differs by {with_error(difference, error)} from that of k = {k:g}, {how_far}")
        for k, radii in largest[-3:]:
            yield (f"alpha = {alpha:g}: the same on the same patterns, N = {size}, k = {k:g}",
                   f"radius differs by {average(stops['in'].isel(N=-1) - radii)}")


def rises(means):
    steps = np.diff(means)
    return f"{int((steps > 0).sum())} of {steps.size} steps rise"


def converging(store, alpha):
    """How many of the largest networks learn the largest k."""
    known = at_load(store["converged"].isel(N=-1), alpha).isel(k=-1).dropna("realization")
    return share(known == 1) + " samples" if known.size else "none known"


def worded(here, whole=True):
    if not np.isfinite(here.mean):
        return "none"
    return with_error(float(here.mean), float(here.stderr)) + ("" if whole else " (largest network)")


if __name__ == "__main__":
    command(__doc__, draw, claims=claims,
                     experiments=("symmetric-perceptron", "hebbian-unlearning"))
