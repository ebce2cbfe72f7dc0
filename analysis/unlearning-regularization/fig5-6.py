#!/usr/bin/python3
"""Three regularizations at convergence: jobs/unlearning-regularization/fig5-6.ini.

    analysis/unlearning-regularization/fig5-6.py FILE [--claims] [-o PNG]

Figs. 5 (above, by the slope omega) and 6 (below, by the standard deviation of the couplings) of Ventura, Cocco,
Monasson and Zamponi, Unlearning regularization for Boltzmann machines: (a) accuracy and robustness of every model,
(b) their distance from the origin of this plane, which is the point of a perfect compromise."""

import numpy as np
from matplotlib.colors import LogNorm

from hypnos.claims import spread
from hypnos.command import command
from hypnos.layout import caption, headline, legend, panel, panels
from regularizations import RULES, Regularizations, bare, draw_distance, draw_plane, judge_against

PAPER = {"unlearning": (0.1, 1), "l1": (0, 0.4), "l2": (0, 7)}
EVERYTHING = {"unlearning": (0, 1), "l1": (0, np.inf), "l2": (0, np.inf)}


def draw(store):
    store.expect("boltzmann", "rule", "a_gamma", data="sk", stop="convergence")
    r = Regularizations(store, PAPER)
    figure, axes = panels(4, columns=2)
    rows = axes[:2], axes[2:]
    for (plane, distance), number, name, symbol, label, scale in (
            (rows[0], 5, "omega", r"$\omega$", r"slope $\omega$ of $c_d$ against $c_1$", LogNorm),
            (rows[1], 6, "sigma_J", r"$\sigma_J$", r"standard deviation of the couplings, $\sigma_J$", None)):
        with panel(plane, store, "sDKL", "Cv", name):
            draw_plane(figure, plane, r, name, symbol, scale)
            legend(plane)
        plane.set_title(f"({number}a) more accurate to the left, more robust further down")
        with panel(distance, store, "sDKL", "Cv", name):
            draw_distance(distance, r, name, label)
        distance.set_title(f"({number}b) distance from the origin of ({number}a)")
    rows[0][1].set_xlim(0.95, 5)
    rows[1][1].set_xlim(left=0)
    for _, distance in rows:
        distance.set_ylim(0, 1.35)
    headline(figure, "Three regularizations at convergence: SK model", store, "N", "beta_d")
    caption(figure, store, f"{r.medians()} The generating model is at sDKL = 0 and relative heat 1 (dashed), "
            "omega = 1.")
    return figure


def claims(store):
    r = Regularizations(store, PAPER)
    for name, what in (("omega", "at equal omega"), ("sigma_J", "at equal sigma_J"), ("sDKL", "at equal sDKL")):
        for rule in ("l1", "l2"):
            for measure, quantity in ((r.distance, "distance"), (lambda which: r("Cv", which), "C_v(1)")):
                if (name == "sDKL") == (quantity == "C_v(1)"):
                    ratio = r.against(lambda which: r(name, which), measure, rule).isel(point=slice(1, None))
                    yield judge_against(ratio, rule, f"in {quantity} {what}")
    for rule in RULES:
        free = r("sDKL", rule).isel(point=0)
        yield f"{bare(rule)} without regularization is the generating model", f"largest sDKL {float(free.max()):.1e}"
    yield from weak_couplings(store)


def weak_couplings(store):
    """The gamma of L2 at which sigma_J is that of unlearning at a."""
    r = Regularizations(store, EVERYTHING)
    width, gamma = r("sigma_J", "l2"), r("sigma_J", "l2")["strength"].values
    for point in r("sigma_J", "unlearning").sortby("strength"):
        a = float(point["strength"])
        if a > 0.2:
            break
        # gamma + 1 over sigma_J is nearly a power law, so the logarithms are interpolated
        match = np.array([np.exp(np.interp(-np.log(wanted), -np.log(own), np.log1p(gamma), left=np.nan, right=np.nan))
                          for wanted, own in zip(point.values, width.transpose("realization", "point").values)])
        yield (f"weak couplings, a = {a:g}: (1 + gamma_2) a = 1 - a + a^2 at equal sigma_J",
               f"(1 + gamma_2) a / (1 - a + a^2) = {spread(match * a / (1 - a + a * a))}; as printed, "
               f"a (gamma_2 - 1) = {spread((match - 2) * a)}")


if __name__ == "__main__":
    command(__doc__, draw, claims=claims)
