#!/usr/bin/python3
"""Recorded neurons under unlearning regularization: jobs/learning-and-unlearning/fig4.ini.

    analysis/learning-and-unlearning/fig4.py FILE [--claims] [-o PNG]

(a) Specific heat of the learnt models against the inverse temperature, Fig. 4 of Learning and unlearning. (b) How well
they predict recordings they were not trained on: the cross-validation of a that Ventura, Cocco, Monasson and Zamponi
propose in their conclusions (Unlearning regularization for Boltzmann machines)."""

from pathlib import Path

from hypnos.claims import average
from hypnos.figures.early_stopping import partly_stopped, told
from hypnos.figures.axes import heat_axes
from hypnos.command import command
from hypnos.layout import caption, headline, legend, means_over, panel, panels
from hypnos.style import PALETTE, colours, draw_mean, thin
from hypnos.symbols import with_units


def draw(store):
    store.expect("boltzmann", "a", data="file", rule="unlearning")
    figure, (heat, likelihood) = panels(2)
    partial = partly_stopped(store)
    with panel(heat, store, "Cv_curve"):
        draw_heat(store, heat, partial)
    with panel(likelihood, store, "log_likelihood", "log_likelihood_test"):
        draw_likelihood(store, likelihood)

    neurons, splits = store["h"].sizes["i"], store["Cv"].sizes["realization"]
    headline(figure, f"{neurons} recorded neurons under unlearning regularization", store)
    note = f"Recording: {Path(store.job['file']).name}. " + means_over(
        splits, "random splits into training and held-out data",
        "bars and bands are one standard error over the splits, which share data; thin: single splits")
    if partial:
        note += f" Dotted: {told(partial)}."
    caption(figure, store, note)
    return figure


def draw_heat(store, ax, partial):
    curve = store.estimate("Cv_curve")
    values, beta = curve.mean["a"].values, curve.mean["beta"]
    for index, colour in enumerate(colours(values)):
        draw_mean(ax, beta, curve.isel(a=index), colour, f"$a = {values[index]:g}$",
                  linestyle=":" if index in partial else "-")
    heat_axes(ax, beta)
    ax.set_title("(a) specific heat of the learnt models")
    legend(ax)


def draw_likelihood(store, ax):
    # held-out data lie so close to training data that the two are drawn side by side
    for name, label, colour, marker, shift in (("log_likelihood", "training data", PALETTE[0], "o", -0.006),
                                               ("log_likelihood_test", "held-out data", PALETTE[1], "s", 0.006)):
        values = store[name]
        ax.plot(values["a"] + shift, values.transpose("a", "realization"), color=colour, **thin())
        average = store.estimate(name)
        draw_mean(ax, average.mean["a"] + shift, average, colour, label, marker)
    ax.set_xlabel(f"regularization {store.symbol('a')}")
    ax.set_ylabel(with_units(r"log-likelihood $\ln P$ a sample", average.mean))
    ax.set_title("(b) how well they predict")
    legend(ax)


def claims(store):
    heat, curve = store["Cv"], store["Cv_curve"]
    peak = curve["beta"][curve.argmax("beta")]
    for k, a in enumerate(heat["a"].values):
        lower = heat.isel(a=k) / heat.sel(a=heat["a"].values.max())
        yield (f"unlearning at a = {a:g} lowers the specific heat at beta = 1",
               f"C_v(1) = {average(heat.isel(a=k))}, over that at the largest a {average(lower)}; peak at beta = "
               f"{average(peak.isel(a=k))} of height {average(curve.isel(a=k).max('beta'))}; held-out log-likelihood "
               f"{average(store['log_likelihood_test'].isel(a=k))}")


if __name__ == "__main__":
    command(__doc__, draw, claims=claims)
