#!/usr/bin/python3
"""Stabilities along unlearning: jobs/perceptron-vs-unlearning/fig3.ini.

    analysis/perceptron-vs-unlearning/fig3.py FILE [--claims] [-o PNG]

Fig. 3 of Benedetti, Ventura, Marinari, Ruocco and Zamponi, Supervised versus unsupervised learning: the least, mean and
largest stability of the memories along unlearning, with D_in, D_top and D_fin."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from claims import average, share
from dreams import STABILITIES, draw_moments, draw_stability, moment, time_axis
from figure import command
from scaling_laws import published, sigmas
from style import FAINT, caption, plt


def draw(store, options):
    store.expect("hebbian-unlearning", T="0")
    figure, ax = plt.subplots(figsize=(10, 7), layout="constrained")
    ax.axhline(0, color=FAINT, linewidth=1, zorder=1)
    for name in STABILITIES:
        draw_stability(ax, store, name)
    draw_moments(ax, store, {"in": (-30, 40), "top": (0, -42), "fin": (-40, -40)})
    ax.set_ylabel(r"stability $\Delta$")
    time_axis(ax, store["delta_min"])
    ax.legend(loc="upper right")
    job, samples = store.job, store["delta_min"].sizes["realization"]
    figure.suptitle(rf"Stability of the memories along unlearning: $N = {job['N']}$, $\alpha = {job['alpha']}$, "
                    rf"$\epsilon = {job['epsilon']}$", x=0.01, ha="left", fontsize=15)
    caption(figure, store, f"Means over {samples} samples with one standard error (narrower than the lines). Arrows: "
            "means over samples of where the least stability first is positive, is highest, and last is positive.", 105)
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
    sys.exit(command(draw, __doc__.splitlines()[0], claims=claims))
