#!/usr/bin/python3
"""Three regularizations stopped at omega = 1: jobs/unlearning-regularization/fig7.ini.

    analysis/unlearning-regularization/fig7.py FILE [--claims] [-o PNG]

Fig. 7 of Ventura, Cocco, Monasson and Zamponi, Unlearning regularization for Boltzmann machines: accuracy and
robustness where learning was stopped, (a) of one sample of the disorder, as there, (b) of all."""

import numpy as np

from hypnos.claims import share, spread
from hypnos.command import command
from hypnos.layout import caption, counted, headline, legend, panel, panels
from regularizations import RULES, Regularizations, bare, draw_plane, judge_against

PAPER = {"unlearning": (0, 3), "l1": (0.05, 0.4), "l2": (0.3, 4)}
BELOW, ABOVE = {**PAPER, "unlearning": (0, 0.63)}, {**PAPER, "unlearning": (1.9, 3)}  # the two branches of unlearning


def draw(store):
    store.expect("boltzmann", "rule", "a_gamma", data="sk", stop="slope")
    r = Regularizations(store, PAPER)
    figure, (one, every) = panels(2)
    for ax, sample, title in ((one, 0, "(a) one sample of the disorder"),
                              (every, None, f"(b) {counted(r.samples, 'sample')}")):
        ax.set_title(title)
        with panel(ax, store, "sDKL", "Cv", "sigma_J"):
            draw_plane(figure, ax, r, "sigma_J", r"$\sigma_J$", branches=(0.63, 1.9), sample=sample)
            legend(ax)
    headline(figure, r"Three regularizations stopped at $\omega = 1$: SK model", store, "N", "beta_d", "lambda")
    caption(figure, store, "Arrows: increasing a or gamma. Unlearning: a from 0 to 0.63 and from 1.9 to 3. Dashed: the "
            f"generating model. (b) {r.medians()}")
    return figure


def claims(store):
    r = Regularizations(store, PAPER)
    for branch, ranges in (("a < 1", BELOW), ("a > 1", ABOVE)):
        r = Regularizations(store, ranges)
        for rule in ("l1", "l2"):
            ratio = r.against(lambda which: r("sDKL", which), lambda which: r("Cv", which), rule)
            yield judge_against(ratio, rule, f"in C_v(1) at equal sDKL, {branch}")
    r = Regularizations(store, PAPER)
    for rule in RULES:
        heat, met = r.relative_heat(rule).sortby("strength"), store["converged"].sel(rule=rule)
        strength = heat["strength"].values
        yield (f"{bare(rule)}: omega = 1 is met", share(met.isel(
            a_gamma=np.isin(met["a" if rule == "unlearning" else "gamma"], strength)).min("a_gamma") == 1) + " samples")
        lower = (heat < 1).mean("realization").values
        name = "a" if rule == "unlearning" else "gamma"
        yield (f"{bare(rule)}: {name} that lower C_v(1) below the generating model's",
               ", ".join(f"{value:g}: {part * r.samples:.0f}/{r.samples}" for value, part in zip(strength, lower)))
        yield (f"{bare(rule)}: lowest C_v(1) over that of the generating model",
               spread(heat.min("point")))


if __name__ == "__main__":
    command(__doc__, draw, claims=claims)
