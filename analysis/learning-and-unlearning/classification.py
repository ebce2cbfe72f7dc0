#!/usr/bin/python3
"""Classes learnt by moment matching: jobs/learning-and-unlearning/classification-capacity.ini and -basins.ini.

    analysis/learning-and-unlearning/classification.py FILE FILE [--claims] [-o PNG]

Sec. III of the review Learning and Unlearning, which shows no figure: (a) the part of the samples that converge, so
that the patterns and their opposites are the only fixed points, against the load; (b) steps until then against the
size; (c) the smallest and the largest basin; (d) the part of the patterns whose region is of one piece."""

import numpy as np

from classes import converged, known, load, told
from hypnos.claims import average, finite, share, spread, with_error
from hypnos.command import command
from hypnos.curves import last_fall
from hypnos.extrapolation import power_of_size
from hypnos.figures.patterns import patterns
from hypnos.layout import caption, counted, headline, legend, means_over, panel, panels
from hypnos.statistics import Estimate, estimate, jackknife
from hypnos.style import colours, draw_mean, draw_share, guide, pt

EXPERIMENTS = ("classification basin_samples=0", "classification")
STEPS_OF_PAPER = 2  # O(N^2)


def draw(stores):
    capacity, basins = expected(stores)
    figure, (loads, steps, volumes, pieces) = panels(4, columns=2, shape=0.62)
    of_all = np.union1d(*(store["converged"]["N"].values for store in (capacity, basins)))
    with panel(loads, capacity, "converged"):
        draw_loads(capacity, loads, of_all)
    with panel(steps, basins, "converged", "steps"):
        draw_steps(basins, steps)
    with panel(volumes, basins, "converged", "basin_volume"):
        draw_volumes(basins, volumes, of_all)
    with panel(pieces, basins, "converged", "connected"):
        draw_pieces(basins, pieces, of_all)
    headline(figure, "Moment matching:", basins, "lambda")
    samples = capacity["converged"].sizes["realization"], basins["converged"].sizes["realization"]
    caption(figure, stores, means_over(samples, "samples of the patterns (a, b to d)",
                                       "bars are one standard error, in (a) the 68 % interval of Wilson")
            + f" (a) Within {capacity.job['max_steps']} steps. (b) to (d) Only samples that converged within "
            f"{basins.job['max_steps']} steps. (b) Geometric means, 0 steps as 1. (c) Solid: largest, dashed: smallest "
            "basin of a pattern and its opposite, times P: 1 if all are equal.")
    return figure


def expected(stores):
    for store in stores:
        store.expect("classification", "N", "alpha", method="exact", P="0")
    return stores


def sizes(values, of_all):
    """Sizes and their colours among those of all stores."""
    colour = dict(zip(of_all, colours(of_all)))
    return [(N, colour[N]) for N in values["N"].values]


def steps_of(store):
    """Steps of the samples that converged; those that are done at once count as 1, for the logarithm."""
    return np.maximum(converged(store, "steps"), 1)


def geometric(values):
    """Geometric mean over samples and its error."""
    mean, error, count = estimate(np.log(values))
    return Estimate(np.exp(mean), np.exp(mean) * error, count)


def draw_loads(store, ax, of_all):
    met = converged(store)
    for N, colour in sizes(met, of_all):
        hits = met.sel(N=N).transpose("alpha", "realization")
        draw_share(ax, load(N, met["alpha"].values), hits, colour, f"$N = {N}$")
    guide(ax, load_range(met), [0.5, 0.5], linestyle=":")
    load_axis(ax)
    ax.set_ylabel("part of the samples")
    ax.set_title("(a) samples that converge")
    legend(ax)


def draw_steps(store, ax):
    values = steps_of(store)
    for alpha, colour in zip(values["alpha"].values, colours(values["alpha"].values)):
        here = geometric(values.sel(alpha=alpha).dropna("N", how="all"))
        draw_mean(ax, here.mean["N"], here, colour, rf"$\alpha = {alpha:g}$")
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_xticks(values["N"].values, labels=[f"{N:g}" for N in values["N"].values])
    ax.minorticks_off()
    ax.set_xlabel("size $N$")
    ax.set_ylabel("steps $d$")
    ax.set_title("(b) steps until the end")
    legend(ax)


def volumes_of(store):
    """Basins of the patterns, with their opposites, times P; [N, alpha, realization, class], NaN where there are fewer
    patterns."""
    values = converged(store, "basin_volume")
    number = patterns(values["N"], values["alpha"])
    return (values * number).where(values["class"] < number)


def draw_volumes(store, ax, of_all):
    values = volumes_of(store)
    for N, colour in sizes(values, of_all):
        x = load(N, values["alpha"].values)
        for extreme, linestyle, label in ((values.max("class"), "-", f"$N = {N}$"), (values.min("class"), "--", None)):
            draw_mean(ax, x, estimate(extreme.sel(N=N)), colour, label, linestyle=linestyle)
    guide(ax, load_range(values), [1, 1], linestyle=":")
    load_axis(ax)
    ax.set_ylabel(r"basin $\times\ P$")
    ax.set_title("(c) largest and smallest basin")
    legend(ax)


def draw_pieces(store, ax, of_all):
    values = converged(store, "connected")
    for N, colour in sizes(values, of_all):
        if values.sel(N=N).notnull().any():  # states of larger networks are not enumerated
            draw_mean(ax, load(N, values["alpha"].values), estimate(values.sel(N=N)), colour, f"$N = {N}$")
    load_axis(ax)
    ax.set_ylabel("part of the patterns")
    ax.set_title("(d) regions of one piece")
    legend(ax)


def load_axis(ax):
    ax.set_xlabel("load $P / N$")


def load_range(values):
    """The smallest and the largest load."""
    every = load(values["N"], values["alpha"])
    return float(every.min()), float(every.max())


def half_load(loads, hits):
    """The load at which half of the samples converge, the last one on the polygon through the parts, and its jackknife
    error. hits: [load, realization] of 1, 0, NaN. NaN if the parts do not fall through 1/2."""
    def crossing(keep):
        count, found = np.isfinite(hits[:, keep]).sum(1), (hits[:, keep] == 1).sum(1)
        there = count > 0
        return last_fall(loads[there], found[there] / count[there] - 0.5)
    return jackknife(crossing, hits.shape[1])


def half(store, N, steps=np.inf):
    """half_load of samples that converge within so many steps, as text."""
    met = converged(store)
    met = (met * (store["steps"] <= steps)).where(met.notnull()).sel(N=N).transpose("alpha", "realization")
    value, error = half_load(load(N, met["alpha"].values), met.values)
    return with_error(float(value), float(error)) if np.isfinite(value) else "not at these loads"


def claims(stores):
    capacity, basins = expected(stores)
    yield from capacity_claims(capacity)
    for store, name in ((capacity, "capacity"), (basins, "basins")):
        yield from end_claims(store, name)
    yield from steps_claims(basins)
    yield from region_claims(basins)


def capacity_claims(store):
    met, most = converged(store), int(store.job["max_steps"])
    for N in met["N"].values:
        yield (f"N = {N}: load at which half of the samples converge", f"{half(store, N)} within {most} steps; "
               + ", ".join(f"{half(store, N, steps)} within {steps}" for steps in (most // 10, most // 3)))
        yield f"N = {N}: samples that converge", "; ".join(
            f"P = {patterns(N, alpha):g}: {told(met.sel(N=N, alpha=alpha))}" for alpha in met["alpha"].values)


def end_claims(store, name):
    met, matched = converged(store), store["matched"]
    number = patterns(met["N"], met["alpha"])
    others = (matched == 1) & (met == 0)
    where = [f"N = {N}: {int(found)}" for N, found in zip(met["N"].values, others.sum(("alpha", "realization")).values)
             if found]
    spurious, stable = store["spurious"].where(others), store["stable_patterns"].where(others)
    yield (f"C = W leaves only the patterns and their opposites as fixed points ({name})",
           f"{int(((matched == 1) & (met == 1)).sum())} of {int((matched == 1).sum())} samples with C = W; others: "
           + (", ".join(where) or "none")
           + (f", with {spread(spurious)} other fixed points, and all patterns among them in "
              f"{int((stable == number).sum())}" if where else "")
           + f"; only these without C = W: {int(((matched == 0) & (met == 1)).sum())}")
    states = store["enumerated"].where(met == 1)
    yield (f"trying all states finds 2 P fixed points in samples that converged ({name})",
           f"{int((states == 2 * number).sum())} of {int(states.notnull().sum())}, N = "
           + (", ".join(str(N) for N in met["N"].values if states.sel(N=N).notnull().any()) or "none"))


def steps_claims(store):
    values, met = steps_of(store), converged(store)
    for alpha in values["alpha"].values:
        here, hits = values.sel(alpha=alpha), met.sel(alpha=alpha)
        yield (f"alpha = {alpha:g}: steps grow as N^{STEPS_OF_PAPER}", f"{told_power(power_of_size(here))}; "
               + "; ".join(f"N = {N}: {geometric_mean(here.sel(N=N))} in {told(hits.sel(N=N))} samples that converged"
                           for N in here["N"].values))


def told_power(power):
    if not np.isfinite(power.exponent):
        return "no exponent"
    return (f"exponent {with_error(power.exponent, power.stderr)} (chi2 = {power.chi2:.1f}, "
            f"{counted(power.freedom, 'degree')} of freedom)")


def geometric_mean(values):
    mean, error, count = geometric(values)
    return with_error(float(mean), float(error)) if count > 0 else "none"


def region_claims(store):
    met = converged(store)
    pieces, largest, volumes = converged(store, "pieces"), converged(store, "largest_piece"), volumes_of(store)
    for N in met["N"].values:
        here, part = pieces.sel(N=N), largest.sel(N=N)
        whole = known((here == 1).where(here.notnull()))
        if whole.size:
            broken = finite(part.where(here > 1))
            yield (f"N = {N}: basins are connected",
                   f"regions of one piece: {share(whole)} patterns; all regions of a sample: "
                   f"{share(known((here == 1).where(here.notnull(), True).all('class').where(met.sel(N=N) == 1)))} "
                   f"samples; largest piece of the others: {spread(broken)} of the region, smallest "
                   + (f"{broken.min():.3g}" if broken.size else "none")
                   + "; by load: " + ", ".join(
                       f"{alpha:g}: {average(converged(store, 'connected').sel(N=N, alpha=alpha))}"
                       for alpha in met["alpha"].values))
        yield f"N = {N}: basins times P", "; ".join(
            f"alpha = {alpha:g}: {volumes_told(volumes.sel(N=N, alpha=alpha))}" for alpha in met["alpha"].values)


def volumes_told(values):
    """Of [realization, class]: the standard deviation over patterns, the smallest and the largest; the mean is 1."""
    known_ones = values.dropna("realization", how="all").round(9)  # equal basins differ by rounding
    if known_ones.size == 0:
        return "none"
    return (f"spread {average(known_ones.std('class'))}, smallest "
            f"{average(known_ones.min('class'))}, largest {average(known_ones.max('class'))}")


if __name__ == "__main__":
    command(__doc__, draw, claims=claims, experiments=EXPERIMENTS)
