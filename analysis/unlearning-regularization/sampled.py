#!/usr/bin/python3
"""A recording beyond enumeration, learnt from Markov chains: jobs/unlearning-regularization/sampled.ini.

    analysis/unlearning-regularization/sampled.py FILE [-o PNG]

(a) how learning converges, and the statistical error of its steps; (b) correlations of the learnt models against
those of the recording; (c) specific heat. Errors are those of the chains, standard errors over them."""

import numpy as np

from hypnos.command import command
from hypnos.figures.axes import heat_axes
from hypnos.figures.learning import TIME_LABEL
from hypnos.layout import caption, headline, legend, panel, panels
from hypnos.style import REFERENCE, colours, guide, points, pt


def draw(store):
    store.expect("boltzmann", "a", moments="sampled", data="file")
    figure, (learning, correlations, heat) = panels(3)
    values = store["Cv"]["a"].values
    for ax, draw_one, names in ((learning, draw_learning, ["rho_t", "c_1_error_t"]),
                                (correlations, draw_correlations, ["c_1", "c_d"]), (heat, draw_heat, ["Cv_curve"])):
        with panel(ax, store, *names):
            for a, colour in zip(values, colours(values)):
                draw_one(ax, lambda name, a=a: store[name].sel(a=a).isel(realization=0), colour, f"$a = {a:g}$")
    learning.set_xlabel(TIME_LABEL)
    learning.set_ylabel("correlations at $\\beta = 1$")
    learning.set_title("(a) distance from the data, and error of a step (dotted)")
    learning.set_yscale("log")
    limits = correlations.get_xlim()
    guide(correlations, limits, limits, color=REFERENCE, linestyle="--")
    correlations.set_xlim(limits)
    correlations.set_xlabel("correlations $c_1$, learnt model")
    correlations.set_ylabel("correlations $c_d$, recording")
    correlations.set_title("(b) correlations of pairs")
    heat_axes(heat, store["Cv_curve"]["beta"])
    heat.set_title("(c) specific heat")
    for ax in (learning, correlations, heat):
        legend(ax)
    neurons = store["J"].sizes["i"]
    headline(figure, f"{neurons} recorded neurons, averages over {store.job['chains']} Markov chains", store)
    caption(figure, store, "The first realization. (a) dotted: root mean square over pairs of the standard error of "
            "c_1 in a step; full: root mean square deviation of c_d from its least-squares line in c_1, "
            "$\\sigma(c_d) \\sqrt{1 - \\rho^2}$.")
    return figure


def draw_learning(ax, one, colour, label):
    """The part of c_d that no multiple of c_1 explains, beside the error of c_1 in a step."""
    c_d = one("c_d").values
    spread = np.std(c_d[np.triu_indices(len(c_d), 1)])
    rest = spread * np.sqrt(1 - one("rho_t") ** 2)
    ax.plot(rest["time"], rest, color=colour, label=label)
    ax.plot(rest["time"], one("c_1_error_t"), color=colour, linestyle=":")


def draw_heat(ax, one, colour, label):
    curve = one("Cv_curve")
    points(ax, curve["beta"], curve, one("Cv_curve_error"), color=colour, marker="o", label=label)


def draw_correlations(ax, one, colour, label):
    upper = np.triu_indices(len(one("c_d")), 1)
    points(ax, one("c_1").values[upper], one("c_d").values[upper], x_error=one("c_1_error").values[upper], color=colour,
                linestyle="none", marker=".", markersize=pt(4), elinewidth=pt(0.5), label=label)


if __name__ == "__main__":
    command(__doc__, draw)
