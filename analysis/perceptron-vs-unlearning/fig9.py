#!/usr/bin/python3
"""Perceptron overlaps along unlearning: jobs/perceptron-vs-unlearning/fig9.ini.

    analysis/perceptron-vs-unlearning/fig9.py FILE [--claims] [-o PNG]

Fig. 9 of Benedetti et al., J. Chem. Phys. 156, 104107 (2022): the overlap omega
of glassy states with satisfied, violated and least satisfied constraints, one column a size, as printed (with the term
j = i of Eq. 22) and without this term."""

import numpy as np

from hypnos.claims import with_error
from hypnos.curves import at_time
from hypnos.figures.dreams import MOMENTS, moment, time_axis
from hypnos.command import command
from hypnos.statistics import estimate
from hypnos.layout import caption, counted, headline, legend, means_over, panel, panels
from hypnos.style import FAINT, PALETTE, pt

# Two readings of the least satisfied constraints: the one of all, and those of every neuron
KINDS = {"sat": ("satisfied", PALETTE[0]), "unsat": ("violated", PALETTE[1]),
         "min": ("least satisfied of all", PALETTE[5]), "min_neuron": ("least satisfied of every neuron", PALETTE[3])}


LEAST = 2  # samples of a mean, where the store has so many


def draw(store):
    store.expect("hebbian-unlearning", "N", T="0")
    sizes = store["omega_sat"]["N"].values
    figure, axes = panels(2 * len(sizes), columns=len(sizes), sharex=True)
    for column, N in enumerate(sizes):
        for ax, diagonal in zip(axes[column::len(sizes)], (True, False)):
            with panel(ax, store, "omega_sat"):
                draw_kinds(ax, store, N, diagonal)
            letter = "abcdefgh"[figure.panels.index(ax)]
            ax.set_title(f"({letter}) $N = {N}$, " + ("as printed" if diagonal else r"without the term $j = i$"))
            time_axis(ax, store["omega_sat"])
            ax.set_ylabel(r"perceptron overlap $\omega$")
    legend(axes[0])
    headline(figure, "Glassy states and constraints:", store, "alpha", "epsilon")
    samples = store["omega_sat"].sizes["realization"]
    least = min(samples, LEAST)
    caption(figure, store, means_over(samples, "samples of the patterns", "bands are one standard error")
            + f" {store.job['glassy_states']} glassy states. A kind is drawn where {counted(least, 'sample')} or more "
            "have it. Least satisfied: the satisfied constraint of least stability, of all or of every neuron. Vertical "
            "lines: means of the times of D_in, D_top and D_fin.")
    return figure


def omega(store, kind, N, diagonal):
    return store[f"omega_{kind}"].sel(N=N) - (0 if diagonal else 1 / N)


def draw_kinds(ax, store, N, diagonal):
    ax.axhline(0, color=FAINT, linewidth=pt(1), zorder=1)
    for name, colour in MOMENTS.items():
        when = float(moment(store, name).sel(N=N).mean())
        if np.isfinite(when):
            ax.axvline(when, color=colour, linewidth=pt(1), linestyle=(0, (4, 4)), zorder=1)
    for kind, (label, colour) in kinds(store).items():
        values = omega(store, kind, N, diagonal)
        mean, error, count = estimate(values)
        mean = mean.where(count >= min(LEAST, values.sizes["realization"]))
        ax.plot(mean["time"], mean, color=colour, label=label)
        ax.fill_between(mean["time"], mean - error, mean + error, color=colour, alpha=0.25, linewidth=0)


def kinds(store):
    """Those of the store: an older one has no constraints by neuron."""
    return {kind: look for kind, look in KINDS.items() if f"omega_{kind}" in store}


def claims(store):
    for N in store["omega_sat"]["N"].values:
        for kind, (name, _) in kinds(store).items():
            for diagonal in (True, False):
                yield (f"N = {N}: omega of constraints {name} is {'positive' if kind == 'sat' else 'negative'}"
                       + ("" if diagonal else ", without the term j = i"), judged(store, kind, N, diagonal))
        if "min_neuron" in kinds(store):
            top = estimate(at_time(omega(store, "min_neuron", N, True), moment(store, "top").sel(N=N)))
            mean, error = float(top.mean), float(top.stderr)
            yield (f"N = {N}: omega of the least satisfied constraint of every neuron at D_top",
                   f"{with_error(mean, error)}, {with_error(mean - 1 / N, error)} without the term j = i")


def judged(store, kind, N, diagonal):
    """Of every sample the mean over the records until D_fin that know this kind; and signs of the mean curve."""
    values = omega(store, kind, N, diagonal)
    before = values.where(values["time"] <= moment(store, "fin").sel(N=N).mean())
    one = estimate(before.mean("time"))
    mean, error, count = estimate(before)
    known = count > 1
    above, below = int((mean > 2 * error).where(known).sum()), int((mean < -2 * error).where(known).sum())
    return (f"mean until D_fin {with_error(float(one.mean), float(one.stderr))}; by two errors positive at {above}, "
            f"negative at {below} of {int(known.sum())} records")


if __name__ == "__main__":
    command(__doc__, draw, claims=claims)
