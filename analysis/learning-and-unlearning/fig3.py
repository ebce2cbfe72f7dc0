#!/usr/bin/python3
"""Boltzmann learning against thermal unlearning: jobs/learning-and-unlearning/fig3.ini.

    analysis/learning-and-unlearning/fig3.py FILE [--claims] [-o PNG]

Fig. 3 of Learning and unlearning: (a) standard deviation of the ratio of the correlations of model and data (Eq. 28
there prints the root mean square), (b) distance from the generating model, (c) the path of two couplings."""

import numpy as np

from hypnos.claims import share, spread
from hypnos.command import command
from hypnos.layout import caption, headline, legend, panel, panels
from hypnos.curves import at_time, fall, lowest, rise
from hypnos.figures.learning import LEARNINGS, draw_path, draw_trajectory, medians_over, of_learning, time_axis
from hypnos.symbols import with_units


def draw(store):
    store.expect("boltzmann", "a", "init", data="sk", rule="unlearning", stop="steps")
    figure, (ratio, distance, path) = panels(3)
    for ax, name, label, title in (
            (ratio, "ratio_std_t", r"standard deviation of $c_1 / c_d$", "(a) model against data correlations"),
            (distance, "sDKL_t", store.symbol("sDKL"), "(b) distance from the generating model")):
        ax.set_title(title)
        with panel(ax, store, name):
            for learning, (label_of, colour, linestyle) in LEARNINGS.items():
                values = of_learning(store, name, learning)
                draw_trajectory(ax, values, colour, label_of, linestyle)
            time_axis(ax, values)
            ax.set_yscale("log")
            ax.set_ylabel(with_units(label, values))
    legend(ratio)
    path.set_title("(c) path of two couplings, one sample")
    with panel(path, store, "projection_t"):
        draw_path(store, path)
    headline(figure, "Boltzmann learning and unlearning: SK model", store, "N", "beta_d", "lambda")
    samples = store["sDKL_t"].sizes["realization"]
    caption(figure, store, f"{medians_over(samples, 'the sample of (c)')} Star: the generating model. Time: linear at "
            "first, logarithmic later.")
    return figure


def claims(store):
    plain, zero, random, dream = LEARNINGS
    ratio, distance = ({learning: of_learning(store, name, learning) for learning in LEARNINGS}
                       for name in ("ratio_std_t", "sDKL_t"))
    start = dict(time=0)
    yield ("the Hebbian start favours high values of the ratio",
           f"above the random start in {share(ratio[plain].isel(start) > ratio[random].isel(start))}; Hebbian "
           f"{spread(ratio[plain].isel(start))}, random {spread(ratio[random].isel(start))}, zero (first step) "
           f"{spread(ratio[zero].isel(time=1))}")
    best, depth = lowest(distance[dream])
    yield ("after a certain time it is O(1)",
           f"first below 2 at t lambda = {spread(fall(ratio[plain], 2))}; at the best time of unlearning "
           f"{spread(at_time(ratio[plain], best))}")
    apart = np.abs(np.log(distance[dream] / distance[plain]))
    yield ("unlearning descends sDKL as Boltzmann learning does, up to a time",
           f"within 10 % until t lambda = {spread(rise(apart, np.log(1.1)))}, within a factor of 2 until "
           f"{spread(rise(apart, np.log(2)))}; sDKL from {spread(distance[plain].isel(start))} to "
           f"{spread(depth)} nats at its best, t lambda = {spread(best)}, where Boltzmann learning is at "
           f"{spread(at_time(distance[plain], best))}")
    yield ("then its performance decays: early stopping is needed",
           f"{share(distance[dream].isel(time=-1) > depth)} samples; sDKL at the end "
           f"{spread(distance[dream].isel(time=-1))}")


if __name__ == "__main__":
    command(__doc__, draw, claims=claims)
