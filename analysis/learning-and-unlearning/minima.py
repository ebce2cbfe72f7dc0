#!/usr/bin/python3
"""Local minima of networks: jobs/learning-and-unlearning/minima-sk.ini, minima-hebb.ini and minima-unlearning.ini.

    analysis/learning-and-unlearning/minima.py FILE FILE FILE [--claims] [-o PNG]

(a) The logarithm of the mean number of minima of Gaussian couplings, per neuron, beside that of the exact mean and the
limit of Bray and Moore, J. Phys. C 13, L469 (1980); (b) minima of Hebb's couplings over the load, (c) the part of all
states from which the dynamics ends in a pattern or its opposite; (d) to (f) along unlearning: minima, this part, and
the patterns among the minima."""

import numpy as np

from classes import known, load, told
from hypnos.claims import average, share, spread, with_error
from hypnos.command import command
from hypnos.figures.dreams import TIME_LABEL
from hypnos.figures.learning import draw_trajectory
from hypnos.figures.patterns import patterns
from hypnos.layout import caption, counted, headline, legend, means_over, panel, panels
from hypnos.statistics import Estimate, estimate
from hypnos.style import INK, PALETTE, colours, draw_mean, guide, pt

EXPERIMENTS = ("local-minima couplings=sk", "local-minima couplings=hebb", "local-minima couplings=unlearning")
LOST = 0.01  # of the states that end in patterns
GROWTH = 0.1992  # of ln <minima> / N at large N, Bray and Moore


def draw(stores):
    sk, hebb, unlearning = expected(stores)
    figure, (gaussian, number, basins, along, retrieved, stable) = panels(6, columns=3)
    with panel(gaussian, sk, "minima"):
        draw_gaussian(sk, gaussian)
    for ax, name, title, label in ((number, "minima", "(b) Hebb: minima", r"minima $\Omega$"),
                                   (basins, "basin_patterns", "(c) Hebb: basins", "states ending in patterns")):
        with panel(ax, hebb, name):
            draw_loads(hebb, ax, name)
        ax.set_xlabel("load $P / N$")
        ax.set_ylabel(label)
        ax.set_title(title)
        legend(ax)
    with panel(along, unlearning, "minima"):
        draw_along(unlearning, along, "minima", medians=True)
    with panel(retrieved, unlearning, "basin_patterns"):
        draw_along(unlearning, retrieved, "basin_patterns")
    with panel(stable, unlearning, "stable_patterns"):
        draw_along(unlearning, stable, "stable_patterns")
    for ax, title, label in ((along, "(d) unlearning: minima", r"minima $\Omega$"),
                             (retrieved, "(e) unlearning: basins", "states ending in patterns"),
                             (stable, "(f) unlearning: patterns", "patterns that are minima")):
        ax.set_xlabel(TIME_LABEL)
        ax.set_ylabel(label)
        ax.set_title(title)
        legend(ax)
    for ax in (number, along):
        ax.set_yscale("log")
    headline(figure, "Local minima", sk)
    counts = [store["minima"].sizes["realization"] for store in stores]
    caption(figure, stores, means_over(counts, "samples (Gaussian, Hebb, unlearning)", "bars are one standard error")
            + f" (a) Dotted: {GROWTH}. (b, c) Solid: strict minima, dashed: also states with "
            "neighbours of the same energy. (c, e) Part of all states from which the dynamics ends in a pattern or "
            "its opposite. (d) Medians, bands: quartiles, thin: one sample. (f) Part of the patterns. (d) to (f) "
            f"{about(unlearning)}.")
    return figure


def about(store):
    return (f"N = {store.job['N']}, epsilon = {store.job['epsilon']}, "
            f"{'strict minima' if store.job['strict'] == 'true' else 'also minima with neighbours of the same energy'}")


def expected(stores):
    sk, hebb, unlearning = stores
    sk.expect("local-minima", "N", strict="true")
    hebb.expect("local-minima", "N", "alpha", "strict")
    unlearning.expect("local-minima", "alpha", "dreams")
    return stores


def draw_gaussian(store, ax):
    N, (mean, error, count) = store["minima"]["N"], estimate(store["minima"])
    draw_mean(ax, N, Estimate(np.log(mean) / N, error / mean / N, count), PALETTE[0], "found", linestyle="")
    ax.plot(N, np.log(theory(store)) / N, color=INK, linewidth=pt(1.5), label="exact mean")
    guide(ax, N[[0, -1]], [GROWTH, GROWTH], linestyle=":", label=r"$N \to \infty$")
    ax.set_xlabel("size $N$")
    ax.set_ylabel(r"$\ln\, \langle\Omega\rangle\, /\, N$")
    ax.set_title("(a) Gaussian: minima")
    legend(ax)


def theory(store):
    """The exact mean number at every N, the same in all samples."""
    return store["minima_theory"].max("realization").values


def strictness(values):
    """(linestyle, word, values) of strict minima and of all."""
    for strict, linestyle, word in ((1, "-", "strict"), (0, "--", "not strict")):
        if strict in values["strict"].values:
            yield linestyle, word, values.sel(strict=strict)


def draw_loads(store, ax, name):
    for linestyle, word, values in strictness(store[name]):
        for N, colour in zip(values["N"].values, colours(values["N"].values)):
            draw_mean(ax, load(N, values["alpha"].values), estimate(values.sel(N=N)), colour,
                      f"$N = {N}$" if word == "strict" else None, linestyle=linestyle)


def times(store):
    """Dreams in units of N / epsilon."""
    return store["minima"]["dreams"].values * float(store.job["epsilon"]) / float(store.job["N"])


def along_time(store, name):
    """[alpha, realization, time]; patterns among the minima as their part."""
    values = store[name].transpose("alpha", "realization", "dreams")
    if name == "stable_patterns":
        values = values / patterns(float(store.job["N"]), values["alpha"])
    return values.rename(dreams="time").assign_coords(time=times(store))


def draw_along(store, ax, name, medians=False):
    values = along_time(store, name)
    for alpha, colour in zip(values["alpha"].values, colours(values["alpha"].values)):
        here, label = values.sel(alpha=alpha), rf"$\alpha = {alpha:g}$"
        if medians:
            draw_trajectory(ax, here, colour, label)
        else:
            draw_mean(ax, here["time"], estimate(here), colour, label)


def claims(stores):
    sk, hebb, unlearning = expected(stores)
    yield from gaussian_claims(sk)
    yield from hebb_claims(hebb)
    for alpha in unlearning["minima"]["alpha"].values:
        yield from unlearning_claims(unlearning, alpha)


def gaussian_claims(store):
    N, exact, values = store["minima"]["N"].values, theory(store), store["minima"]
    mean, error, count = (part.values for part in estimate(values))
    away = np.divide(mean - exact, error, out=np.full(N.size, np.nan), where=error > 0)
    for k in np.flatnonzero(count > 0):
        yield (f"N = {N[k]}: the mean number of minima of Gaussian couplings is exact",
               f"{average(values.sel(N=N[k]))} over {counted(count[k], 'sample')}, exact mean {exact[k]:.5g}"
               + (f": {away[k]:+.2f} standard errors" if np.isfinite(away[k]) else ""))
    known_errors = away[np.isfinite(away)]
    if known_errors.size:
        yield ("all sizes together",
               f"chi2 = {(known_errors ** 2).sum():.1f}, {counted(known_errors.size, 'degree')} of freedom")
    if known_errors.size > 1:
        first, last = np.flatnonzero(np.isfinite(away))[-2:]
        size = N[last] - N[first]
        grown = np.log(mean[last] / mean[first]) / size
        its_error = np.hypot(error[first] / mean[first], error[last] / mean[last]) / size
        yield (f"the mean number grows as exp({GROWTH} N) at large N",
               f"from N = {N[first]} to {N[last]}: exponent {with_error(grown, its_error)}, of the exact mean "
               f"{np.log(exact[last] / exact[first]) / size:.4f}")


def hebb_claims(store):
    for _, word, minima in strictness(store["minima"]):
        stable = dict((w, v) for _, w, v in strictness(store["stable_patterns"]))[word]
        number = patterns(minima["N"], minima["alpha"])
        all_there, only = (stable == number).where(minima.notnull()), (minima == 2 * number).where(minima.notnull())
        for N in minima["N"].values:
            parts = [(alpha, all_there.sel(N=N, alpha=alpha), only.sel(N=N, alpha=alpha))
                     for alpha in minima["alpha"].values]
            yield (f"Hebb, N = {N}, {word}: all patterns are minima; they and their opposites are the only ones",
                   "; ".join(f"alpha = {alpha:g}: {told(there)}, {told(there * none_else)}"
                             for alpha, there, none_else in parts))
    for N in store["minima"]["N"].values:
        yield f"Hebb, N = {N}: minima, and part of all states that ends in patterns", "; ".join(
            f"alpha = {alpha:g}: " + ", ".join(f"{average(values.sel(N=N, alpha=alpha))} {word}"
                                               for _, word, values in strictness(store["minima"]))
            + ", " + ", ".join(average(values.sel(N=N, alpha=alpha))
                               for _, _, values in strictness(store["basin_patterns"]))
            for alpha in store["minima"]["alpha"].values)


def unlearning_claims(store, alpha):
    part, minima, stable = (along_time(store, name).sel(alpha=alpha)
                            for name in ("basin_patterns", "minima", "stable_patterns"))
    curve = estimate(part)
    if curve.mean.isnull().all():
        yield f"alpha = {alpha:g}: the part of all states that ends in patterns", "none"
        return
    best = int(np.nanargmax(curve.mean.values))
    complete = part.dropna("realization")
    own = complete.max("time")
    when = complete["time"][complete.argmax("time")] if own.size else own
    yield (f"alpha = {alpha:g}: unlearning enlarges the part of all states that ends in patterns",
           f"from {average(part.isel(time=0))} to {average(part.isel(time=best))} at time "
           f"{curve.mean['time'].values[best]:.3g}, by {average(part.isel(time=best) - part.isel(time=0))}; largest of "
           f"every sample: {average(own)} at time {average(when)}")
    high = np.flatnonzero(curve.mean.values >= LOST)
    yield (f"alpha = {alpha:g}: with too many dreams it is lost", "no" if high.size and high[-1] + 1 == curve.mean.size
           else f"below {LOST:g} from time {part['time'].values[high[-1] + 1 if high.size else 0]:.3g} on")
    for name, k in (("at the start", 0), ("where this part is largest", best), ("in the end", -1)):
        here = stable.isel(time=k)
        yield (f"alpha = {alpha:g}: minima {name}, time {part['time'].values[k]:.3g}",
               f"{spread(minima.isel(time=k))}; all patterns are minima in "
               f"{share(known((here == 1).where(here.notnull())))}; part of all states {average(part.isel(time=k))}")


if __name__ == "__main__":
    command(__doc__, draw, claims=claims, experiments=EXPERIMENTS)
