#!/usr/bin/python3
"""Moment matching over sampled fixed points: jobs/learning-and-unlearning/classification-sampled.ini.

    analysis/learning-and-unlearning/classification-sampled.py FILE [--claims] [-o PNG]

Sec. III of the review Learning and Unlearning, limitations: C is the mean over the different fixed points in which the
dynamics from random states ends, and their opposites. Against the number of random states in a step: (a) the part of
the samples in which patterns and opposites alone are found, and that in which they are alone; (b) steps; (c) the other
fixed points, found by trying all states; (d) the probability of one more that is not found."""

from classes import converged, known, told
from hypnos.claims import average, share, spread
from hypnos.command import command
from hypnos.figures.patterns import patterns
from hypnos.layout import caption, headline, legend, means_over, panel, panels
from hypnos.statistics import estimate
from hypnos.style import colours, draw_mean, draw_share


def draw(store):
    store.expect("classification", "N", "samples", method="sampled", P="0")
    figure, (parts, steps, spurious, missed) = panels(4, columns=2, shape=0.62)
    with panel(parts, store, "converged"):
        draw_parts(store, parts)
    with panel(steps, store, "steps"):
        draw_curves(steps, store["steps"], "steps $d$")
        steps.set_yscale("log")
    with panel(spurious, store, "enumerated"):
        draw_curves(spurious, others(store), "other fixed points")
        spurious.set_ylim(bottom=0)
    with panel(missed, store, "missed"):
        draw_curves(missed, store["missed"], "probability")
        missed.set_ylim(bottom=0)
    for ax, title in ((parts, "(a) samples that converge"), (steps, "(b) steps until the end"),
                      (spurious, "(c) spurious fixed points left"), (missed, "(d) probability of a new one")):
        ax.set_xscale("log")
        ax.set_xlabel("random states a step")
        ax.set_title(title)
        legend(ax)
    headline(figure, "Moment matching over sampled fixed points:", store, "alpha", "lambda")
    caption(figure, store, means_over(store["converged"].sizes["realization"], "samples of the patterns",
                                      "bars are one standard error, in (a) the 68 % interval of Wilson")
            + f" (a) Solid: patterns and opposites only, of the fixed points found, within {store.job['max_steps']} "
            "steps; dashed: of all states. (b) Of all samples, those that do not converge included. (c) Among all "
            "states, where these can be tried. (d) In the last step.")
    return figure


def alpha_of(store):
    return float(store.job["alpha"])


def others(store):
    """Fixed points among all 2^N states beside the patterns that are stable, and their opposites; NaN where states were
    not tried."""
    return store["enumerated"] - 2 * store["stable_patterns"]


def alone(store):
    """Whether the patterns and their opposites are the only fixed points of all states: 1, 0, NaN."""
    number = store["enumerated"]
    complete = (number == 2 * patterns(number["N"], alpha_of(store))) & (others(store) == 0)
    return complete.where(number.notnull())


def sizes(values):
    """(N, colour, [samples, realization]) of the sizes at which anything is known."""
    for N, colour in zip(values["N"].values, colours(values["N"].values)):
        if values.sel(N=N).notnull().any():
            yield N, colour, values.sel(N=N).transpose("samples", "realization")


def draw_parts(store, ax):
    for linestyle, values, word in (("-", converged(store), ""), ("--", alone(store), ", of all states")):
        for N, colour, hits in sizes(values):
            draw_share(ax, hits["samples"], hits, colour, f"$N = {N}${word}", linestyle=linestyle)
    ax.set_ylabel("part of the samples")


def draw_curves(ax, values, name):
    for N, colour, here in sizes(values):
        draw_mean(ax, here["samples"], estimate(here), colour, f"$N = {N}$")
    ax.set_ylabel(name)


def claims(store):
    met, alpha = converged(store), alpha_of(store)
    for N in met["N"].values:
        number = int(patterns(N, alpha))
        for samples in met["samples"].values:
            point = {"N": N, "samples": samples}
            left, stable = others(store).sel(point), store["stable_patterns"].sel(point)
            words = [f"C = W in {told(store['matched'].sel(point))}", f"converged in {told(met.sel(point))}",
                     f"after {spread(converged(store, 'steps').sel(point))} steps",
                     f"all P patterns stable in {told((stable == number).where(stable.notnull()))}"]
            if left.notnull().any():
                words.append(f"all states: no other fixed points in {share(known(alone(store).sel(point)))}, "
                             f"{average(left)} others on average, at most {left.max().item():g}")
            else:
                words.append(f"spurious among those found {average(store['spurious'].sel(point))}")
            yield (f"N = {N}, P = {number}, {samples} random states: the patterns stay stable, and spurious fixed "
                   "points remain", "; ".join([*words, f"missed {average(store['missed'].sel(point))}"]))


if __name__ == "__main__":
    command(__doc__, draw, claims=claims)
