#!/usr/bin/python3
"""Unlearning along learning time from three starts: jobs/unlearning-regularization/fig3.ini.

    analysis/unlearning-regularization/fig3.py FILE [--claims] [-o PNG]

Fig. 3 of Ventura, Cocco, Monasson and Zamponi, Unlearning regularization for Boltzmann machines: (a) distance from
the generating model, (b) slope and (c) Pearson coefficient of the correlations of data and model."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from figure import command
from style import caption, plt
from three_starts import draw_row, judge, note


def draw(store, options):
    store.expect("boltzmann", "init", data="sk", rule="unlearning", stop="steps")
    figure, axes = plt.subplots(1, 3, figsize=(18, 6), layout="constrained")
    draw_row(axes, store.__getitem__)
    for ax, title in zip(axes, ("(a) distance from the generating model", "(b) slope", "(c) Pearson coefficient")):
        ax.set_title(title)
    job = store.job
    figure.suptitle(f"Unlearning regularization at $a = {job['a']}$: SK model, $N = {job['N']}$, "
                    rf"$\beta_d = {job['beta_d']}$, $\lambda = {job['lambda']}$", x=0.01, ha="left", fontsize=17)
    caption(figure, store, note(store["sDKL"].sizes["realization"]), 200)
    return figure


def claims(store):
    return judge(store.__getitem__, f"a = {store.job['a']}")


if __name__ == "__main__":
    sys.exit(command(draw, __doc__.splitlines()[0], claims=claims))
