#!/usr/bin/python3
"""Plain learning and unlearning from Hebbian, zero and random starts: jobs/unlearning-regularization/fig11.ini.

    analysis/unlearning-regularization/fig11.py FILE [--claims] [-o PNG]

Fig. 11 of Ventura, Cocco, Monasson and Zamponi, Unlearning regularization for Boltzmann machines: (a) standard
deviation of the ratio of the correlations of model and data, (b) loss, (c) cosine between the step and the way from the
start to the generating model. Above one sample of the disorder, as there, below all samples. (d) the path of two
couplings, their inset."""

import numpy as np

from hypnos.claims import average, share, spread
from hypnos.command import command
from hypnos.layout import caption, counted, headline, legend, panel, panels
from hypnos.curves import at_time, fall, lowest
from hypnos.figures.learning import LEARNINGS, draw_path, draw_trajectory, linear_time_axis, medians_over, of_learning

SHOWN_UNTIL = 2.0  # learning time; the rest is slow
PANELS = (("ratio_std_t", r"standard deviation of $c_1 / c_d$", "(a) correlations"),
          ("loss_t", r"loss $\mathcal{L}$ (nats)", "(b) plain loss"),
          ("cosine_t", r"$\cos\,\theta$ of the step with $J_d - J^{(0)}$", "(c) direction"))


def draw(store):
    store.expect("boltzmann", "a", "init", "start", data="sk", rule="unlearning", stop="steps")
    figure, axes = panels(7, columns=4)
    rows, path = (axes[:3], axes[4:]), axes[3]
    starts, samples = store["sDKL"].sizes["start"], store["sDKL"].sizes["realization"]
    for (name, label, title), top, bottom in zip(PANELS, *rows):
        for ax, what in ((top, "one sample"), (bottom, counted(samples, "sample"))):
            ax.set_title(f"{title}, {what}")
            with panel(ax, store, name):
                for learning, (label_of, colour, linestyle) in LEARNINGS.items():
                    if name == "loss_t" and learning[0] == 0:
                        continue  # its own loss is another function
                    values = of_learning(store, name, learning)
                    if ax is top:
                        draw_starts(ax, values.isel(realization=0), colour, label_of, linestyle)
                    else:
                        draw_trajectory(ax, values.mean("start"), colour, label_of, linestyle)
                linear_time_axis(ax, values, SHOWN_UNTIL)
                ax.set_ylabel(label)
                if name != "cosine_t":
                    ax.set_yscale("log")
    for ax, least in ((rows[0][0], 0.1), (rows[1][0], 0.1), (rows[0][1], 0.02), (rows[1][1], 0.02)):
        ax.set_ylim(bottom=least)
    legend(rows[0][0])
    path.set_title("(d) two couplings, one sample")
    with panel(path, store, "projection_t"):
        draw_path(store, path)
    headline(figure, "Starts of learning: SK model", store, "N", "beta_d", "lambda")
    random = f"random: mean over {starts} starts, band one standard deviation" if starts > 1 else "one random start"
    caption(figure, store, f"(a-c) One sample of the disorder; {random}. Then all: "
            f"{medians_over(samples, 'the sample of the first panels')} Star: the generating model.")
    return figure


def draw_starts(ax, values, colour, label, linestyle):
    time, mean = values["time"], values.mean("start")
    ax.plot(time, mean, color=colour, label=label, linestyle=linestyle, zorder=3)
    if values.sizes["start"] > 1:
        count = values.count("start")
        deviation = np.sqrt(((values - mean) ** 2).sum("start") / (count - 1).where(count > 1))
        ax.fill_between(time, mean - deviation, mean + deviation, color=colour, alpha=0.2, linewidth=0, zorder=1)


def claims(store):
    plain, zero, random, dream = LEARNINGS
    ratio, loss, cosine = ({learning: of_learning(store, name, learning).mean("start") for learning in LEARNINGS}
                           for name, _, _ in PANELS)
    start = dict(time=0)
    yield ("the ratio is most dispersed from the Hebbian start",
           f"{share(ratio[plain].isel(start) > ratio[random].isel(start))} samples against random starts; "
           f"Hebbian {spread(ratio[plain].isel(start))}, random {spread(ratio[random].isel(start))}, zero (first step) "
           f"{spread(ratio[zero].isel(time=1))}")
    for when in (0.2, 0.5, 1, 2):
        here = {learning: values.sel(time=when, method="nearest") for learning, values in loss.items()}
        yield (f"the loss is lower from the Hebbian start at t lambda = {when:g}",
               f"than from random ones {share(here[plain] < here[random])}, than from zero "
               f"{share(here[plain] < here[zero])}; Hebbian {spread(here[plain])}, random {spread(here[random])}, "
               f"zero {spread(here[zero])} nats")
    for level in (1, 0.1):
        reach = {learning: fall(values, level) for learning, values in loss.items()}
        first = (reach[plain] < reach[zero]) & ~(reach[random] < reach[plain])
        yield (f"time to a loss of {level:g} nats", f"Hebbian {spread(reach[plain])}, random {spread(reach[random])}, "
               f"zero {spread(reach[zero])}; Hebbian first in {share(first)}")
    one = {learning: values.isel(start) for learning, values in cosine.items()}
    yield ("the Hebbian start points to the minimum, a random one does not at first",
           f"cosine at the start: Hebbian {average(one[plain])}, random {average(one[random])}, zero "
           f"{average(one[zero])}; Hebbian above random in {share(one[plain] > one[random])}, zero above Hebbian in "
           f"{share(one[zero] > one[plain])}")
    yield ("the random start adjusts its way", "largest cosine later minus that at the start: "
           f"{spread(cosine[random].max('time') - one[random])}, at t lambda = {spread(lowest(-cosine[random])[0])}")
    apart = np.abs(cosine[plain] - cosine[dream])
    best, _ = lowest(of_learning(store, "sDKL_t", dream).mean("start"))
    yield ("unlearning and plain learning agree at first",
           f"difference of their cosines at the start {average(apart.isel(start))}, at t lambda = 0.1 "
           f"{average(apart.sel(time=0.1, method='nearest'))}, where unlearning is best (t lambda = {spread(best)}) "
           f"{average(at_time(apart, best))}, at 1 {average(apart.sel(time=1, method='nearest'))}")
    yield ("later unlearning leaves this direction", "its cosine falls below 0 at t lambda = "
           f"{spread(fall(cosine[dream]))} in {share((cosine[dream] < 0).any('time'))}")


if __name__ == "__main__":
    command(__doc__, draw, claims=claims)
