#!/usr/bin/python3
"""L1 and L2 regularization along learning time from three starts: jobs/unlearning-regularization/fig4.ini.

    analysis/unlearning-regularization/fig4.py FILE [--claims] [-o PNG]

Fig. 4 of Ventura, Cocco, Monasson and Zamponi, Unlearning regularization for Boltzmann machines, L1 above L2:
(a) distance from the generating model, (b) slope and (c) Pearson coefficient of the correlations of data and model."""

from hypnos.command import command
from hypnos.layout import caption, headline, panels
from three_starts import draw_row, judge, note

NAMES = {"l1": "$L_1$", "l2": "$L_2$"}


def draw(store):
    store.expect("boltzmann", "rule_gamma", "init", data="sk", stop="steps")
    figure, panes = panels(6, columns=3)
    for axes, (rule, gamma, learning) in zip((panes[:3], panes[3:]), penalties(store)):
        draw_row(axes, store, learning)
        strength = rf"{NAMES[rule]}, $\gamma = {gamma:g}$"
        for ax, title in zip(axes, ("(a) distance", "(b) slope", "(c) Pearson")):
            ax.set_title(f"{title}, {strength}")
    headline(figure, "$L_1$ and $L_2$ regularization: SK model", store, "N", "beta_d", "lambda")
    caption(figure, store, note(store["sDKL"].sizes["realization"]))
    return figure


def penalties(store):
    """(rule, gamma, name -> array [init, realization, time]) of every penalty of the job."""
    final = store["sDKL"]
    for k, (rule, gamma) in enumerate(zip(final["rule"].values, final["gamma"].values)):
        yield rule, gamma, lambda name, k=k: store[name].isel(rule_gamma=k)


def claims(store):
    return [row for rule, _, learning in penalties(store) for row in judge(learning, rule.upper())]


if __name__ == "__main__":
    command(__doc__, draw, claims=claims)
