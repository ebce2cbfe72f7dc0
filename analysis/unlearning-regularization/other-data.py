#!/usr/bin/python3
"""Three regularizations at convergence, other data and beta_d: jobs/unlearning-regularization/other-data.ini.

    analysis/unlearning-regularization/other-data.py FILE [--claims] [-o PNG]

Fig. 5b of Ventura, Cocco, Monasson and Zamponi, Unlearning regularization for Boltzmann machines, for other sizes (rows)
and inverse temperatures of the data (columns): "different experiments with different data and temperatures beta_d show
very similar results"."""

import numpy as np

from hypnos.command import command
from hypnos.layout import caption, headline, panel, panels
from regularizations import Regularizations, draw_distance, judge_against

EVERYTHING = {"unlearning": (0, 1), "l1": (0, np.inf), "l2": (0, np.inf)}


class Point:
    """The results of a store at one N and beta_d."""

    def __init__(self, store, **at):
        self.store, self.at = store, at

    def __getitem__(self, name):
        return self.store[name].sel(self.at)


def points(store):
    for N in store["sDKL"]["N"].values:
        for beta_d in store["sDKL"]["beta_d"].values:
            yield N, beta_d, Regularizations(Point(store, N=N, beta_d=beta_d), EVERYTHING)


def draw(store):
    store.expect("boltzmann", "N", "beta_d", "rule", "a_gamma", data="sk", stop="convergence")
    sizes, betas = store["sDKL"]["N"].values, store["sDKL"]["beta_d"].values
    figure, axes = panels(len(sizes) * len(betas), columns=len(betas))
    for letter, ax, (N, beta_d, r) in zip("abcdefghijkl", axes, points(store)):
        with panel(ax, store, "sDKL", "Cv", "omega"):
            draw_distance(ax, r, "omega", r"slope $\omega$ of $c_d$ against $c_1$")
        ax.set_title(rf"({letter}) $N = {N}$, $\beta_d = {beta_d:g}$")
        ax.set_ylim(bottom=0)
        if ax is not axes[0]:
            figure.wanted_legends.pop(ax, None)
    headline(figure, "Three regularizations at convergence: SK model, other data", store)
    caption(figure, store, f"{r.medians()} The generating model is at omega = 1.")
    return figure


def claims(store):
    for N, beta_d, r in points(store):
        for name, what in (("omega", "at equal omega"), ("sigma_J", "at equal sigma_J")):
            for rule in ("l1", "l2"):
                # without the point that does not regularize, where all are the generating model
                ratio = r.against(lambda which: r(name, which), r.distance, rule).isel(point=slice(1, None))
                claim, found = judge_against(ratio, rule, f"in distance {what}")
                yield f"N = {N}, beta_d = {beta_d:g}: {claim}", found


if __name__ == "__main__":
    command(__doc__, draw, claims=claims)
