#!/usr/bin/python3
"""Basins of places stored by place cells: jobs/learning-and-unlearning/fig2.ini,
fig2-classification.ini.

    analysis/learning-and-unlearning/fig2.py FILE [--claims] [-o PNG]

Fig. 2 of Learning and unlearning: which memory the dynamics reaches from every point of the periodic square, for each
rule (columns) and each treatment of the bias of the coding level (rows)."""

import numpy as np
from matplotlib.colors import ListedColormap

from hypnos.claims import average, share
from hypnos.command import command
from hypnos.layout import caption, headline, means_over, panel, panels
from hypnos.style import INK, plt, pt

RULES = {"hebb": "Hebb", "unlearning": "unlearning", "svm": "SVM", "classification": "moment matching"}
BIASES = {"centred": "bias subtracted", "none": "no bias subtracted"}
# paired colours are taken apart, so that neighbours on the grid do not look alike
COLOURS = [plt.get_cmap("tab20").colors[7 * k % 20] for k in range(20)]


def draw(store):
    store.expect("spatial-memories", "rule", *(axis for axis in store.axes if axis == "bias"))
    cases = list(in_cases(store))
    figure, axes = panels(len(cases), columns=store["basin"].sizes["rule"], shape=1, sharex=True, sharey=True)
    numbers = []
    for k, (ax, (rule, bias, case)) in enumerate(zip(axes, cases)):
        letter = f"({chr(ord('a') + k)})"
        ax.set_title(f"{letter} {RULES[rule]}, {BIASES[bias]}")
        with panel(ax, store, "basin"):
            draw_map(ax, case)
        numbers.append(f"{letter} {average(case['purity'])}, {average(pieces_of_reached(case))}")
    headline(figure, "Basins of places:", store, "N", "P", "field", "w")
    samples = store["purity"].sizes["realization"]
    caption(figure, store, f"{colours_of(store)} Dots: memories; lines: borders of the points nearest to each. Purity "
            "(part of the points that reach the memory nearest to them) and connected pieces of a memory that is "
            f"reached: {'; '.join(numbers)}. " + means_over(samples, errors="in brackets one standard error"))
    return figure


def colours_of(store):
    tolerated = float(store.job["tolerated_error"])
    if tolerated >= 1:
        return "Colour: the memory nearest to the state at which the dynamics from a point ends, in one sample."
    return ("Colour: the memory that the dynamics from a point reaches, with at most "
            f"{100 * tolerated:g} % of the neurons wrong, in one sample; white: none.")


def in_cases(store):
    """(rule, bias, {observable: values}), row by row."""
    names = ["basin", "purity", "reached", "pieces", "stable", "dreams_in", "place_x", "place_y"]
    if "classification" in store["purity"]["rule"]:
        names.append("converged")
    for bias in biases(store):
        for rule in store["purity"]["rule"].values:
            point = {"rule": rule} | ({"bias": bias} if "bias" in store["purity"].dims else {})
            yield rule, bias, {name: store[name].sel(point) for name in names}


def biases(store):
    purity = store["purity"]
    return purity["bias"].values if "bias" in purity.dims else [store.job["bias"]]


def draw_map(ax, case):
    """The first sample that is done."""
    ax.grid(False)
    ax.set_xlabel("x")
    ax.set_ylabel("y")
    known = np.flatnonzero(case["basin"].notnull().all(("x", "y")))
    if not known.size:
        return
    basin, place_x, place_y = (case[name].isel(realization=known[0]) for name in ("basin", "place_x", "place_y"))
    x, y = (np.linspace(0, 1, basin.sizes[axis] + 1) for axis in ("x", "y"))
    reached = basin.transpose("y", "x").values
    ax.pcolormesh(x, y, np.ma.masked_less(reached, 0) % len(COLOURS), cmap=ListedColormap(COLOURS), vmin=-0.5,
                  vmax=len(COLOURS) - 0.5, rasterized=True)
    for place, line in ((place_x, ax.axvline), (place_y, ax.axhline)):
        centres = np.unique(place.values)
        for border in (centres[1:] + centres[:-1]) / 2:
            line(border, color=INK, linewidth=pt(0.8))
    ax.plot(place_x, place_y, ".", color=INK, markersize=pt(5))
    ax.set_xlim(0, 1)
    ax.set_ylim(0, 1)


def pieces_of_reached(case):
    """Mean over the memories that any point reaches, in every sample."""
    pieces = case["pieces"]
    return pieces.where(pieces > 0).mean("memory")


def claims(store):
    cases = {(rule, bias): case for rule, bias, case in in_cases(store)}
    for (rule, bias), case in cases.items():
        yield f"{RULES[rule]}, {BIASES[bias]}", found(rule, case)
    for bias in biases(store):
        for low, high in (("hebb", "unlearning"), ("unlearning", "svm"), ("svm", "classification")):
            if (low, bias) in cases and (high, bias) in cases:
                difference = cases[high, bias]["purity"] - cases[low, bias]["purity"]
                yield (f"purity rises from {RULES[low]} to {RULES[high]}, {BIASES[bias]}",
                       f"in {share(difference > 0)} samples, by {average(difference)}")


def found(rule, case):
    memories = case["pieces"].sizes["memory"]
    text = (f"purity {average(case['purity'])}; reach any memory {average(case['reached'])}; pieces of a memory that "
            f"is reached {average(pieces_of_reached(case))}; memories reached "
            f"{average((case['pieces'] > 0).sum('memory'))}, stable {average(case['stable'])} of "
            f"{memories}")
    if rule == "classification":
        return text + ("; the memories and their opposites are the only fixed points in "
                       f"{share(case['converged'] > 0)} samples")
    if rule != "unlearning":
        return text
    ever = case["dreams_in"].notnull()
    return text + f"; all stable after some dream in {share(ever)} samples, first after {average(case['dreams_in'])}"


if __name__ == "__main__":
    command(__doc__, draw, claims=claims)
