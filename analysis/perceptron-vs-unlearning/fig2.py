#!/usr/bin/python3
"""Stabilities along learning with the symmetric perceptron: jobs/perceptron-vs-unlearning/fig2.ini.

    analysis/perceptron-vs-unlearning/fig2.py FILE [--claims] [-o PNG]

Fig. 2 of Benedetti et al., J. Chem. Phys. 156, 104107 (2022): minimum, mean and
maximum of the stabilities against the steps of learning. Samples that have converged stay as they are."""

from hypnos.claims import average, share, spread
from hypnos.command import command
from hypnos.figures.dreams import STABILITIES, draw_stability
from hypnos.layout import caption, counted, headline, legend, means_over, panel, panels
from hypnos.style import FAINT, pt


def draw(store):
    store.expect("symmetric-perceptron", init="hebb")
    job = store.job
    figure, (whole, early) = panels(2, ratios=(3, 2), sharey=True)
    for ax, title in ((whole, "(a) all of learning"), (early, "(b) the first steps")):
        with panel(ax, store, *STABILITIES):
            for name in STABILITIES:
                draw_stability(ax, store, name, along="step")
        ax.axhline(float(job["k"]), color=FAINT, linestyle="--", linewidth=pt(1.2), label=rf"$k = {job['k']}$")
        ax.axhline(0, color=FAINT, linewidth=pt(1))
        ax.set_xlabel("learning steps $t$")
        ax.set_ylabel(r"stability $\Delta$")
        ax.set_title(title)
    whole.set_xlim(0, max(float(store["steps"].fillna(0).max()), 20))
    early.set_xlim(0, 20)
    early.set_xticks(range(0, 21, 5))
    legend(whole)
    headline(figure, "Symmetric perceptron:", store, "N", "alpha", "lambda", "k")
    steps = store["steps"]
    met = int((store["converged"] == 1).sum())
    caption(figure, store, means_over(steps.size, "samples of the patterns", "bands are one standard error")
            + f" Learning took {spread(steps)} steps (median, quartiles); {met} of {counted(steps.size, 'sample')} "
            "converged, and what has converged stays as it is.")
    return figure


def claims(store):
    start, end = ({name: store[name].isel(step=step) for name in STABILITIES} for step in (0, -1))
    yield ("learning raises the minimum from negative values", f"from {average(start['delta_min'])}, negative in "
           + share(start["delta_min"] < 0) + " samples")
    yield ("up to the prescribed threshold", f"to {average(end['delta_min'])} with k = {store.job['k']}; "
           + share(store["converged"] == 1) + f" samples converged, after {spread(store['steps'])} steps")
    for name, what in (("delta_av", "mean"), ("delta_max", "maximum")):
        yield (f"while it slightly reduces the {what}", f"from {average(start[name])} to {average(end[name])}, "
               f"lower in {share(end[name] < start[name])} samples")


if __name__ == "__main__":
    command(__doc__, draw, claims=claims)
