#!/usr/bin/python3
"""Unlearning along learning time from three starts: jobs/unlearning-regularization/fig3.ini.

    analysis/unlearning-regularization/fig3.py FILE [--claims] [-o PNG]

Fig. 3 of Ventura, Cocco, Monasson and Zamponi, Unlearning regularization for Boltzmann machines: (a) distance from
the generating model, (b) slope and (c) Pearson coefficient of the correlations of data and model."""

from hypnos.command import command
from hypnos.layout import caption, headline, panels
from three_starts import draw_row, judge, note


def draw(store):
    store.expect("boltzmann", "init", data="sk", rule="unlearning", stop="steps")
    figure, axes = panels(3)
    draw_row(axes, store, store.__getitem__)
    for ax, title in zip(axes, ("(a) distance from the generating model", "(b) slope", "(c) Pearson coefficient")):
        ax.set_title(title)
    headline(figure, "Unlearning regularization: SK model", store, "a", "N", "beta_d", "lambda")
    caption(figure, store, note(store["sDKL"].sizes["realization"]))
    return figure


def claims(store):
    return judge(store.__getitem__, f"a = {store.job['a']}")


if __name__ == "__main__":
    command(__doc__, draw, claims=claims)
