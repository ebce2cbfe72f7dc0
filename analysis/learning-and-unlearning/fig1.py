#!/usr/bin/python3
"""Unlearning beside support vector machines: jobs/learning-and-unlearning/fig1-unlearning.ini and fig1-svm.ini.

    analysis/learning-and-unlearning/fig1.py FILE FILE [--claims] [-o PNG]

Fig. 1 of the review Learning and Unlearning: (a) the least stability of the memories along unlearning, with D_in, D_top
and D_fin, (b) the overlap of retrieval with the memory at these three, and with the largest margins."""

from hypnos.claims import average, share
from hypnos.figures.dreams import (HEBB, MACHINE, MOMENTS, draw_map, draw_moments, draw_stability, lead, moment,
                                   moment_symbol, time_axis)
from hypnos.command import command
from hypnos.layout import caption, headline, legend, means_over, panel, panels
from hypnos.style import FAINT, pt

EXPERIMENTS = ("hebbian-unlearning", "support-vector-machine")


def draw(stores):
    store, machine = stores
    store.expect("hebbian-unlearning", T="0")
    machine.expect("support-vector-machine", N=store.job["N"], alpha=store.job["alpha"])
    figure, (left, right) = panels(2)
    with panel(left, store, "delta_min"):
        draw_least(store, left)
    with panel(right, store, "m_f_hebb", "m_f_in"):
        draw_retrieval(store, machine, right)
    headline(figure, "Unlearning:", store, "N", "alpha", "epsilon")
    caption(figure, stores, means_over(store["delta_min"].sizes["realization"], errors="bands are one standard error"))
    return figure


def draw_least(store, left):
    left.axhline(0, color=FAINT, linewidth=pt(1), linestyle=":", zorder=1)
    draw_stability(left, store, "delta_min")
    draw_moments(left, store)
    time_axis(left, store["delta_min"])
    left.set_ylabel(f"least stability {store.symbol('delta_min')}")
    left.set_title("(a) least stability of the memories")
    legend(left)


def draw_retrieval(store, machine, right):
    for name, colour in MOMENTS.items():
        draw_map(right, store, f"m_f_{name}", colour, moment_symbol(store, name))
    draw_map(right, machine, "m_f", MACHINE, "largest margins", linestyle="--")
    draw_map(right, store, "m_f_hebb", HEBB, "before unlearning", linestyle=":")
    right.set_xlim(0, 1)
    right.set_xlabel(f"overlap {store.symbol('m_0')} at the start")
    right.set_ylabel(f"overlap {store.symbol('m_f')} at the end")
    right.set_title("(b) retrieval")
    legend(right)


def claims(stores):
    store, machine = stores
    reached = (store["delta_min_peak"] > 0) & moment(store, "in").notnull() & moment(store, "fin").notnull()
    yield "perfect retrieval is reached at D_in and kept until D_fin", (
        f"{share(reached)} samples; D epsilon / N = "
        + ", ".join(average(moment(store, name)) for name in MOMENTS))
    yield "retrieval is best at D_in", "; ".join(
        lead(store["m_f_in"], store[f"m_f_{name}"], "D_in", f"D_{name}") for name in ("top", "fin"))
    yield ("at D_in basins are as large as those of a support vector machine",
           lead(store["m_f_in"], machine["m_f"], "D_in", "the machine")
           + f"; radius {average(store['basin_radius_in'])} and "
           + average(machine["basin_radius"]))
    yield "mean radius of the basins at D_in, D_top, D_fin", ", ".join(
        average(store[f"basin_radius_{name}"]) for name in MOMENTS)


if __name__ == "__main__":
    command(__doc__, draw, claims=claims, experiments=EXPERIMENTS)
