#!/usr/bin/python3
"""Stabilities along unlearning: jobs/perceptron-vs-unlearning/fig3.ini.

    analysis/perceptron-vs-unlearning/fig3.py FILE [--claims] [-o PNG]

Fig. 3 of Benedetti et al., J. Chem. Phys. 156, 104107 (2022): the least, mean and
largest stability of the memories along unlearning, with D_in, D_top and D_fin."""

from hypnos.claims import average, share
from hypnos.figures.dreams import STABILITIES, draw_moments, draw_stability, moment, time_axis
from hypnos.command import command
from scaling_laws import published, sigmas
from hypnos.layout import caption, headline, legend, means_over, panel, panels
from hypnos.style import FAINT, pt


def draw(store):
    store.expect("hebbian-unlearning", T="0")
    figure, (ax,) = panels(1)
    ax.axhline(0, color=FAINT, linewidth=pt(1), zorder=1)
    with panel(ax, store, *STABILITIES):
        for name in STABILITIES:
            draw_stability(ax, store, name)
        draw_moments(ax, store)
        time_axis(ax, store["delta_min"])
        legend(ax)
    ax.set_ylabel(r"stability $\Delta$")
    samples = store["delta_min"].sizes["realization"]
    headline(figure, "Stability of the memories along unlearning:", store, "N", "alpha", "epsilon")
    caption(figure, store, means_over(samples, "samples of the patterns", "bands are one standard error")
            + " Marks: means over samples of where the least stability is first positive, is highest, and is last "
            "positive.")
    return figure


def claims(store):
    low, top = store["delta_min"], moment(store, "top")
    alpha = float(store.job["alpha"])
    rises = (low.isel(time=0) < 0) & (store["delta_min_peak"] > 0) & (low.isel(time=-1) < 0)
    yield "delta_min rises from below zero to above, peaks, and falls below again", share(rises) + " samples"
    yield ("between D_in and D_fin every memory is a fixed point",
           "part of the records there with delta_min >= 0: " + average(_above(store)))
    yield "delta_min at its top", average(store["delta_min_peak"])
    peak = store["delta_av"].idxmax("time")
    yield "delta_av is highest at", f"{average(peak)}, D_top at {average(top)}"
    for name in ("in", "top", "fin"):
        value, error = published(name, alpha)
        found = moment(store, name)
        yield (f"D_{name} epsilon / N = {value:.3f}({1000 * error:.0f}) by Eqs. 9-11",
               f"{average(found)}: {sigmas(found, value, error)}")


def _above(store):
    low = store["delta_min"]
    inside = (low["time"] >= moment(store, "in")) & (low["time"] <= moment(store, "fin"))
    return (low >= 0).where(inside).mean("time")


if __name__ == "__main__":
    command(__doc__, draw, claims=claims)
