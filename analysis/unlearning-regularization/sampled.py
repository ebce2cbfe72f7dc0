#!/usr/bin/python3
"""A recording beyond enumeration, learnt from Markov chains: jobs/unlearning-regularization/sampled.ini.

    analysis/unlearning-regularization/sampled.py FILE [-o PNG]

(a) how learning converges, and the statistical error of its steps; (b) correlations of the learnt models against
those of the recording; (c) specific heat. Errors are those of the chains, standard errors over them."""

import numpy as np

from hypnos.command import command
from hypnos.figures.axes import heat_axes
from hypnos.figures.learning import TIME_LABEL
from hypnos.style import REFERENCE, caption, colours, headline, plt


def draw(store):
    store.expect("boltzmann", "a", moments="sampled", data="file")
    figure, (learning, correlations, heat) = plt.subplots(1, 3, figsize=(18, 6), layout="constrained")
    values = store["Cv"]["a"].values
    for a, colour in zip(values, colours(values)):
        def one(name):
            return store[name].sel(a=a).isel(realization=0)
        label = f"$a = {a:g}$"
        draw_learning(learning, one, colour, label)
        draw_correlations(correlations, one, colour, label)
        beta = one("Cv_curve")["beta"]
        heat.errorbar(beta, one("Cv_curve"), one("Cv_curve_error"), color=colour, marker="o", label=label)
    learning.set_xlabel(TIME_LABEL)
    learning.set_ylabel("correlations at $\\beta = 1$")
    learning.set_title("(a) distance from the data, and error of a step (dotted)")
    learning.set_yscale("log")
    limits = correlations.get_xlim()
    correlations.axline((1, 1), slope=1, color=REFERENCE, linestyle="--", zorder=1)
    correlations.set_xlim(limits)
    correlations.set_xlabel("$c_1$, learnt model")
    correlations.set_ylabel("$c_d$, recording")
    correlations.set_title("(b) correlations of pairs")
    heat_axes(heat, beta)
    heat.set_title("(c) specific heat")
    for ax in (learning, correlations, heat):
        ax.legend()
    neurons = store["J"].sizes["i"]
    headline(figure, f"{neurons} recorded neurons, averages over {store.job['chains']} Markov chains", store)
    caption(figure, store, "(a) dotted: root mean square over pairs of the standard error of c_1 in a step; full: "
                    "root mean square of c_1 - c_d along a line through the pairs, sigma(c_d) sqrt(1 - rho^2).")
    return figure


def draw_learning(ax, one, colour, label):
    """The part of c_d that no multiple of c_1 explains, beside the error of c_1 in a step."""
    c_d = one("c_d").values
    spread = np.std(c_d[np.triu_indices(len(c_d), 1)])
    rest = spread * np.sqrt(1 - one("rho_t") ** 2)
    ax.plot(rest["time"], rest, color=colour, label=label)
    ax.plot(rest["time"], one("c_1_error_t"), color=colour, linestyle=":")


def draw_correlations(ax, one, colour, label):
    upper = np.triu_indices(len(one("c_d")), 1)
    ax.errorbar(one("c_1").values[upper], one("c_d").values[upper], xerr=one("c_1_error").values[upper], color=colour,
                linestyle="none", marker=".", markersize=4, elinewidth=0.5, label=label)


if __name__ == "__main__":
    command(__doc__, draw)
