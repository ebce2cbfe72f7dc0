#!/usr/bin/python3
"""Retrieval and stabilities after training with noise: jobs/structured-noise/fig9-noise.ini and fig9-svm.ini.

    analysis/structured-noise/fig9.py FILE FILE [--claims] [-o PNG]

Fig. 9 of Benedetti and Ventura, arXiv:2302.13417: (a) retrieval of the attractors of patterns at several training
overlaps, and of the patterns by support vector machines. Beside it (b) the density of stabilities at one overlap and
(c) the part of negative ones, with the theories of the loss of Eq. 13 (Eq. B6) and of the perceptron's loss."""

import numpy as np

from hypnos.claims import average, with_error
from hypnos.command import command
from hypnos.layout import caption, headline, legend, means_over, panel, panels
from hypnos.statistics import estimate
from hypnos.style import PALETTE, draw_mean, points, pt
from noise import (PERCEPTRON_THEORY, THEORY, draw_machine, draw_retrieval, map_axes, overlap_colours, worded)

EXPERIMENTS = ("training-with-noise", "support-vector-machine")
SHOWN = 0.3  # m_t of the density
# by the endings of their observables
THEORIES = {"": (THEORY, "loss of Eq. 13", "-"), "_perceptron": (PERCEPTRON_THEORY, "perceptron's loss", "--")}


def draw(stores):
    noise, machine = expected(stores)
    figure, (maps, density, tail) = panels(3)
    with panel(maps, noise, "m_f"):
        for m_t, colour in overlap_colours(noise, "m_f").items():
            draw_retrieval(maps, noise["m_f"].sel(m_t=m_t), colour, f"$m_t = {m_t:g}$")
        draw_machine(maps, machine)
    map_axes(maps)
    maps.set_title("(a) retrieval of attractors")
    legend(maps)
    with panel(density, noise, "delta_histogram", "delta_density_theory"):
        draw_density(noise, density)
    with panel(tail, noise, "unstable"):
        draw_tail(noise, tail)
    headline(figure, "Training with noise:", noise, "N", "alpha")
    counts = noise["m_f"].sizes["realization"], machine["m_f"].sizes["realization"]
    caption(figure, stores, means_over(counts, "samples of the patterns (training, support vector machine)",
                                       "bars and bands are one standard error")
            + " (a) Dashed: start and end at the same overlap. (c) Values of 0 are not drawn, nor are theories far below "
            "the lowest other value.")
    return figure


def expected(stores):
    noise, machine = stores
    noise.expect("training-with-noise", "m_t")
    machine.expect("support-vector-machine", **{name: noise.job[name] for name in ("N", "alpha", "seed")})
    return noise, machine


def draw_density(store, ax):
    m_t = float(store["delta_histogram"]["m_t"].sel(m_t=SHOWN, method="nearest"))
    found = store["delta_histogram"].sel(m_t=m_t)
    here = estimate(found)
    points(ax, found["delta"], here.mean, here.stderr, fmt="o", color=PALETTE[0], markersize=pt(4), label="simulation")
    for suffix, (colour, label, style) in THEORIES.items():
        theory = store["delta_density_theory" + suffix].sel(m_t=m_t).mean("realization")
        ax.plot(theory["delta"], theory, color=colour, linestyle=style, label=label)
    ax.set_xlim(-1.5, 4)
    ax.set_xlabel(r"stability $\Delta$")
    ax.set_ylabel("density")
    ax.set_title(f"(b) stabilities, $m_t = {m_t:g}$")
    legend(ax)


def draw_tail(store, ax):
    found = estimate(store["unstable"])
    positive = found._replace(mean=found.mean.where(found.mean > 0))
    draw_mean(ax, store["unstable"]["m_t"], positive, PALETTE[0], "simulation")
    low = float(positive.mean.min())
    for suffix, (colour, label, style) in THEORIES.items():
        theory = store["unstable_theory" + suffix].mean("realization")
        ax.plot(theory["m_t"], theory.where(theory > 0), color=colour, linestyle=style, label=label)
    ax.set_yscale("log")
    if np.isfinite(low):
        ax.set_ylim(0.1 * low, 1)
    ax.set_xlabel("training overlap $m_t$")
    ax.set_ylabel(r"part of stabilities below 0")
    ax.set_title("(c) unstable neurons")
    legend(ax)


def claims(stores):
    noise, machine = expected(stores)
    for m_t in noise["m_f"]["m_t"].values:
        here = {name: noise[name].sel(m_t=m_t) for name in noise.observables}
        yield (f"m_t = {m_t:g}: attractors have a basin", f"overlap of pattern and attractor {average(here['m_f_1'])}; "
               f"slope at m_0 = 1 {average(here['m_f_slope'])}; radius {average(here['basin_radius'])}, that of the "
               f"support vector machine minus it on the same patterns "
               f"{average(machine['basin_radius_98'] - here['basin_radius'])}; patterns without attractor "
               f"{average(here['unsettled'])}")
        difference = estimate(here["m_f"] - machine["m_f"])
        ahead = int((difference.mean > 2 * difference.stderr).sum())
        behind = int((difference.mean < -2 * difference.stderr).sum())
        yield (f"m_t = {m_t:g}: its map against that of the support vector machine",
               f"by two errors above at {ahead}, below at {behind} of {difference.mean.size} m_0")
        yield (f"m_t = {m_t:g}: part of the stabilities below 0",
               f"{average(here['unstable'])}; theory of Eq. 13 {worded(here['unstable_theory'])}, of the perceptron's "
               f"loss {worded(here['unstable_theory_perceptron'])}")
        distances = [apart(here, name) for name in ("delta_density_theory", "delta_density_theory_perceptron")]
        yield (f"m_t = {m_t:g}: the density of stabilities follows Eq. B6",
               f"half the integral of the difference {distances[0]}; from that of the perceptron's loss {distances[1]}")
        loss = here["loss"].isel(m=0, step=-1)
        yield (f"m_t = {m_t:g}: loss after training at m = {float(loss['m']):g}",
               f"{worded(loss)}; theory of Eq. 13 {worded(here['loss_theory'].isel(m=0))}, of the perceptron's loss "
               f"{worded(here['loss_theory_perceptron'].isel(m=0))}")


def apart(here, name):
    """Distance in variation of the mean density and a theory; its error is that of half the sum of all errors."""
    found = estimate(here["delta_histogram"])
    width = float(found.mean["delta"][1] - found.mean["delta"][0])
    difference = np.abs(found.mean - here[name].mean("realization"))
    return with_error(float(difference.sum()) * width / 2, float(np.sqrt((found.stderr ** 2).sum())) * width / 2)


if __name__ == "__main__":
    command(__doc__, draw, claims=claims, experiments=EXPERIMENTS)
