#!/usr/bin/python3
"""Stabilities along learning with the symmetric perceptron: jobs/perceptron-vs-unlearning/fig2.ini.

    analysis/perceptron-vs-unlearning/fig2.py FILE [--claims] [-o PNG]

Fig. 2 of Benedetti, Ventura, Marinari, Ruocco and Zamponi, Supervised versus unsupervised learning: minimum, mean and
maximum of the stabilities against the steps of learning. Samples that have converged stay as they are."""

from hypnos.claims import average, share, spread
from hypnos.command import command
from hypnos.figures.dreams import STABILITIES, draw_stability
from hypnos.style import FAINT, caption, headline, plt


def draw(store):
    store.expect("symmetric-perceptron", init="hebb")
    job = store.job
    figure, (whole, early) = plt.subplots(1, 2, figsize=(15, 6.2), layout="constrained", sharey=True,
                                          width_ratios=(3, 2))
    for ax, title in ((whole, "(a) until learning has ended"), (early, "(b) the first steps")):
        for name in STABILITIES:
            draw_stability(ax, store, name, along="step")
        ax.axhline(float(job["k"]), color=FAINT, linestyle="--", linewidth=1.2, label=rf"$k = {job['k']}$")
        ax.axhline(0, color=FAINT, linewidth=1)
        ax.set_xlabel("steps")
        ax.set_title(title)
    whole.set_xlim(0, max(float(store["steps"].max()), 20))
    early.set_xlim(0, 20)
    early.set_xticks(range(0, 21, 5))
    whole.set_ylabel(r"stability $\Delta$")
    whole.legend(ncol=2)
    headline(figure, "Symmetric perceptron:", store, "N", "alpha", "lambda", "k")
    steps = store["steps"]
    caption(figure, store, f"Means over {steps.size} samples of the patterns, bands: one standard error. Learning "
            f"took {spread(steps)} steps (median, quartiles).")
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
