#!/usr/bin/python3
"""Retrieval by four rules: jobs/learning-and-unlearning/retrieval-classification.ini, -unlearning.ini and -svm.ini.

    analysis/learning-and-unlearning/retrieval.py FILE FILE FILE [--claims] [-o PNG]

For Sec. III of the review Learning and Unlearning: (a) the overlap at which retrieval ends against that at its start,
with Hebb's couplings, unlearning at D_in, the largest margins, and moment matching, on the same patterns; (b) what each
gains over Hebb's couplings."""

import numpy as np
import xarray as xr

from classes import known, told
from hypnos.claims import average, share
from hypnos.command import command
from hypnos.figures.dreams import HEBB, MACHINE, UNLEARNING, lead
from hypnos.layout import caption, headline, legend, means_over, panel, panels
from hypnos.statistics import estimate
from hypnos.style import FAINT, PALETTE, draw_mean, pt

EXPERIMENTS = ("classification", "hebbian-unlearning", "support-vector-machine")
RULES = {"classification": ("moment matching", PALETTE[2], "-"), "svm": ("largest margins", MACHINE, "--"),
         "unlearning": (r"unlearning at $D_\mathrm{in}$", UNLEARNING, "-."), "hebb": ("Hebb", HEBB, ":")}
RADII = {"classification": "basin_radius", "svm": "basin_radius", "unlearning": "basin_radius_in"}


def draw(stores):
    classification, _, _ = expected(stores)
    maps = maps_of(stores)
    figure, (left, right) = panels(2)
    for ax, panel_maps in ((left, maps), (right, gains(maps))):
        with panel(ax, classification, "m_f"):
            for name, values in panel_maps.items():
                label, colour, linestyle = RULES[name]
                if values.notnull().any():
                    draw_mean(ax, values["m_0"], estimate(values), colour, label, linestyle=linestyle)
        ax.set_xlim(0, 1)
        ax.set_xlabel("overlap $m_0$ at the start")
        legend(ax)
    right.axhline(0, color=FAINT, linewidth=pt(1), linestyle=":", zorder=1)
    left.set_ylabel("overlap $m_f$ at the end")
    right.set_ylabel(r"$m_f$ minus that of Hebb")
    left.set_title("(a) retrieval")
    right.set_title("(b) gain over Hebb's couplings")
    headline(figure, "Retrieval of the same patterns:", classification, "N", "alpha")
    caption(figure, stores, means_over(maps["hebb"].sizes["realization"], "samples of the patterns, those in which all "
                                       "four are known", "bars are one standard error")
            + " (b) Of the paired differences.")
    return figure


def expected(stores):
    classification, unlearning, machine = stores
    classification.expect("classification", P="0")
    same = {name: classification.job[name] for name in ("N", "alpha", "seed", "retrieval_points")}
    unlearning.expect("hebbian-unlearning", T="0", **same)
    machine.expect("support-vector-machine", **same)
    return stores


def maps_of(stores):
    """{rule: m_f [realization, m_0]} in the samples in which all are known: those where D_in exists, among others."""
    classification, unlearning, machine = stores
    every = {"classification": classification["m_f"], "svm": machine["m_f"], "unlearning": unlearning["m_f_in"],
             "hebb": unlearning["m_f_hebb"]}
    together = xr.align(*(values.transpose("realization", "m_0") for values in every.values()))
    there = np.all([values.notnull().all("m_0") for values in together], axis=0)
    return {name: values.isel(realization=there) for name, values in zip(every, together)}


def gains(maps):
    return {name: values - maps["hebb"] for name, values in maps.items() if name != "hebb"}


def claims(stores):
    classification, unlearning, machine = expected(stores)
    maps = maps_of(stores)
    dreams = unlearning["dreams_in"].where(unlearning["m_f_hebb"].notnull().all("m_0"))
    done = unlearning["m_f_hebb"].notnull().all("m_0").values
    used = maps["hebb"]["realization"].values
    yield "samples that are compared", (
        f"{len(used)}; D_in exists in {share(dreams.notnull().values[done])}, moment matching converged in "
        f"{share(known(classification['converged']))}, in {told(at(classification['converged'], used))} of those "
        "compared")
    for name in ("svm", "unlearning", "hebb"):
        yield (f"moment matching against {NAMES[name]}",
               lead(maps["classification"], maps[name], "moment matching", NAMES[name])
               + f"; mean of m_f over m_0 differs by {average((maps['classification'] - maps[name]).mean('m_0'))}")
    yield ("unlearning at D_in against largest margins", lead(maps["unlearning"], maps["svm"], "unlearning",
                                                              "largest margins")
           + f"; mean of m_f over m_0 differs by {average((maps['unlearning'] - maps['svm']).mean('m_0'))}")
    yield "m_f where the maps differ most", told_at(maps, most_apart(maps))
    yield "mean of m_f over m_0", "; ".join(f"{NAMES[name]} {average(values.mean('m_0'))}"
                                            for name, values in maps.items())
    radii = {name: at(store[RADII[name]], used) for name, store in
             zip(("classification", "unlearning", "svm"), (classification, unlearning, machine))}
    yield "radius of the basins", "; ".join(
        f"{NAMES[name]} {average(values)}" for name, values in radii.items()) + "".join(
        f"; moment matching minus {NAMES[name]} {average(radii['classification'] - radii[name])}"
        for name in ("unlearning", "svm"))


def most_apart(maps):
    """The m_0 at which the mean maps differ most; NaN without samples."""
    if maps["hebb"].size == 0:
        return np.nan
    means = np.array([values.mean("realization").values for values in maps.values()])
    return float(maps["hebb"]["m_0"].values[np.argmax(np.ptp(means, axis=0))])


def told_at(maps, m_0):
    if not np.isfinite(m_0):
        return "none"
    return f"m_0 = {m_0:g}: " + "; ".join(f"{NAMES[name]} {average(values.sel(m_0=m_0))}"
                                         for name, values in maps.items())


NAMES = {"classification": "moment matching", "svm": "largest margins", "unlearning": "unlearning at D_in",
         "hebb": "Hebb"}


def at(values, realizations):
    return values.sel(realization=realizations)


if __name__ == "__main__":
    command(__doc__, draw, claims=claims, experiments=EXPERIMENTS)
