#!/usr/bin/python3
"""Training with saddles: jobs/structured-noise/fig10-noise.ini and fig10-svm.ini.

    analysis/structured-noise/fig10.py FILE FILE [--claims] [-o PNG]

Fig. 10 of Benedetti and Ventura, arXiv:2302.13417: (a) the smallest stability along training with saddles of several
fractions f of unstable neurons, from Hebb's couplings, with the times at which all patterns are stable; (b) retrieval
at these times and by support vector machines."""

import numpy as np

from hypnos.claims import average, spread
from hypnos.command import command
from hypnos.layout import caption, headline, legend, means_over, panel, panels
from hypnos.statistics import estimate
from hypnos.style import draw_mean, guide, pt
from noise import classifying, draw_machine, draw_retrieval, hues, map_axes, time_axis

EXPERIMENTS = ("structured-noise", "support-vector-machine")


def draw(stores):
    training, machine = expected(stores)
    figure, (stability, maps) = panels(2)
    with panel(stability, training, "delta_min"):
        for f, index, colour in fractions(training):
            draw_stability(training, stability, index, colour, f"$f = {f:g}$")
    guide(stability, [0, 1e3], [0, 0], linestyle=":")
    time_axis(stability, training["delta_min"])
    stability.set_ylabel(r"least stability $\Delta_\mathrm{min}$")
    stability.set_title("(a) training with saddles")
    legend(stability)
    with panel(maps, training, "m_f"):
        for f, index, colour in fractions(training):
            if training["m_f"].isel(index).notnull().any():
                draw_retrieval(maps, training["m_f"].isel(index), colour, f"$f = {f:g}$")
        draw_machine(maps, machine)
    map_axes(maps)
    maps.set_title("(b) retrieval at classification")
    legend(maps)
    headline(figure, "Training with saddles:", training, "N", "alpha", "lambda")
    counts = training["delta_min"].sizes["realization"], machine["m_f"].sizes["realization"]
    caption(figure, stores, means_over(counts, "samples of the patterns (training, support vector machine)",
                                       "bars and bands are one standard error")
            + " (a) f = 0: fixed points. Dots: mean times at which all patterns are stable, if all samples have one.")
    return figure


def expected(stores):
    training, machine = stores
    training.expect("structured-noise", "samples_f")
    machine.expect("support-vector-machine", **{name: training.job[name] for name in ("N", "alpha", "seed")})
    return training, machine


def fractions(store):
    """[(f, index of the sweep, colour)]; fixed points have f = 0."""
    values = store["delta_min"]["f"].values
    return [(float(f), {"samples_f": k}, colour) for k, (f, colour) in enumerate(zip(values, hues(values)))]


def rate(store):
    return float(store.job["lambda"]) / float(store.job["N"])


def draw_stability(store, ax, index, colour, label):
    values = store["delta_min"].isel(index)
    draw_mean(ax, values["time"], estimate(values), colour, label)
    when = store["steps_to_classification"].isel(index) * rate(store)
    if when.size and when.notnull().all():
        ax.plot(float(when.mean()), 0, "o", color=colour, markersize=pt(8), markeredgecolor="white", zorder=4)


def claims(stores):
    training, machine = expected(stores)
    for f, index, _ in fractions(training):
        steps, least = training["steps_to_classification"].isel(index), training["delta_min"].isel(index)
        top = least.max("time")
        yield (f"f = {f:g}: training classifies all patterns", f"{classifying(steps, least)}, at time "
               f"{spread(steps * rate(training))}; highest least stability {average(top)}; searches that did not reach "
               f"f, of all steps: {average(training['unreached'].isel(index) / float(training.job['steps']))}")
        if not training["m_f"].isel(index).notnull().any():
            continue
        radius = training["basin_radius_98"].isel(index)
        difference = estimate(training["m_f"].isel(index) - machine["m_f"])
        ahead = int((difference.mean > 2 * difference.stderr).sum())
        behind = int((difference.mean < -2 * difference.stderr).sum())
        yield (f"f = {f:g}: basins at classification are comparable with those of the support vector machine",
               f"radius {average(radius)}, minus that of the machine {average(radius - machine['basin_radius_98'])}; "
               f"mean of m_f over m_0 {average(training['m_f'].isel(index).mean('m_0'))}, minus that of the machine "
               f"{average((training['m_f'].isel(index) - machine['m_f']).mean('m_0'))}; by two errors above at "
               f"{ahead}, below at {behind} of {difference.mean.size} m_0")
    known = [training["m_f"].isel(index).mean("realization").values for _, index, _ in fractions(training)
             if training["m_f"].isel(index).notnull().any()]
    if known:
        yield ("the maps of different f coincide",
               f"largest spread of the means at one m_0: {np.ptp(known, axis=0).max():.3g}")


if __name__ == "__main__":
    command(__doc__, draw, claims=claims, experiments=EXPERIMENTS)
