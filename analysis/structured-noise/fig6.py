#!/usr/bin/python3
"""Couplings of training with fixed points and of unlearning: jobs/structured-noise/fig6.ini.

    analysis/structured-noise/fig6.py FILE [--claims] [-o PNG]

Fig. 6 of Benedetti and Ventura, arXiv:2302.13417: (a) couplings of training with fixed points of overlap 0+ against
those of Hebbian unlearning after as many steps, one sample; (b) the size of the couplings along training, which shows
where the steps end."""

import numpy as np

from hypnos.claims import average, share
from hypnos.command import command
from hypnos.layout import caption, headline, means_over, panel, panels
from hypnos.statistics import estimate
from hypnos.style import FAINT, PALETTE, draw_mean, guide, pt
from noise import classifying, time_axis

SHOWN = 20000  # pairs


def draw(store):
    store.expect("structured-noise", samples="fixed-points", unlearning="true")
    figure, (scatter, size) = panels(2)
    with panel(scatter, store, "J", "J_unlearning"):
        draw_couplings(store, scatter)
    with panel(size, store, "sigma_J"):
        draw_mean(size, store["sigma_J"]["time"], estimate(store["sigma_J"]), PALETTE[0])
        size.axhline(float(store.job["lambda"]) / np.sqrt(float(store.job["N"])), color=FAINT, linestyle="--",
                     linewidth=pt(1.5))
    time_axis(size, store["sigma_J"])
    size.set_ylabel(r"size of the couplings $\sigma_J$")
    size.set_ylim(bottom=0)
    size.set_title("(b) along training")
    headline(figure, "Training with fixed points and unlearning:", store, "N", "alpha", "lambda")
    caption(figure, store, "(a) One sample. (b) "
            + means_over(store["sigma_J"].sizes["realization"], "samples of the patterns",
                         "bars are one standard error")
            + r" Dashed: $\lambda N^{-1/2}$.")
    return figure


def pairs_of(store):
    """The couplings of both over all pairs of the first sample."""
    pairs = np.triu_indices(store["J"].sizes["i"], 1)
    return [store[name].isel(realization=0).values[pairs] for name in ("J_unlearning", "J")]


def draw_couplings(store, ax):
    unlearning, training = pairs_of(store)
    every = max(1, unlearning.size // SHOWN)
    ax.plot(unlearning[::every], training[::every], ".", color=PALETTE[0], markersize=pt(3), alpha=0.3, rasterized=True)
    known = np.abs([unlearning, training])
    limit = 1.08 * max(known[np.isfinite(known)], default=1)
    guide(ax, [-limit, limit], [-limit, limit], zorder=3)
    ax.set(xlim=(-limit, limit), ylim=(-limit, limit))
    ax.locator_params(nbins=5)
    ax.set_xlabel("coupling $J_{ij}$, unlearning")
    ax.set_ylabel("coupling $J_{ij}$, training")
    ax.set_title("(a) both after as many steps")


def claims(store):
    correlation, size = store["couplings_correlation"], store["sigma_J"]
    steps, rate = float(store.job["steps"]), float(store.job["lambda"]) / float(store.job["N"])
    yield ("couplings of training with fixed points and of unlearning are strongly correlated",
           f"Pearson coefficient over pairs {average(correlation)} after {steps:g} steps, time {steps * rate:.3g}; "
           f"above 0.9 in {share(correlation.dropna('realization') > 0.9)}")
    unlearning, training = pairs_of(store)
    yield ("they lie on the diagonal", f"slope of the line through the first sample {slope(unlearning, training):.3f}; "
           f"root mean square {np.sqrt(np.mean(unlearning ** 2)):.4f} and {np.sqrt(np.mean(training ** 2)):.4f}")
    yield ("the couplings have not collapsed",
           f"sigma_J {average(size.isel(time=0))} at the start, {average(size.isel(time=-1))} in the end; "
           f"lambda N^-1/2 = {float(store.job['lambda']) / np.sqrt(float(store.job['N'])):.3g}")
    reached = store["steps_to_classification"]
    yield "training classifies all patterns", f"{classifying(reached, size)}, after {average(reached)} steps"


def slope(x, y):
    return np.cov(x, y)[0, 1] / np.var(x, ddof=1)


if __name__ == "__main__":
    command(__doc__, draw, claims=claims)
