#!/usr/bin/python3
"""Thermal unlearning, a = 0, at several learning rates: jobs/unlearning-regularization/fig10.ini.

    analysis/unlearning-regularization/fig10.py FILE [--claims] [-o PNG]

Fig. 10 of Ventura, Cocco, Monasson and Zamponi, Unlearning regularization for Boltzmann machines: (a) standard
deviation of the ratio of the correlations of model and data, of one sample of the disorder, since it differs by orders
of magnitude between samples; (b) time of the minimum of sDKL, their inset; (c) sDKL at this minimum, their (b)."""

import numpy as np

from hypnos.claims import share, spread
from hypnos.command import command
from hypnos.curves import first_maximum, first_minimum, lowest
from hypnos.figures.learning import linear_time_axis, mark_time
from hypnos.statistics import estimate
from hypnos.layout import caption, headline, legend, means_over, panel, panels
from hypnos.style import FAINT, PALETTE, colours, draw_mean, thin
from hypnos.symbols import with_units

DIP, PEAK = 0.2, 0.29  # where the paper has the extremes of the ratio
WITHIN = 0.06  # a fifth of these times
SMALL = 0.01  # learning rates up to here are said to collapse


def draw(store):
    store.expect("boltzmann", "lambda_max_steps", data="sk", rule="unlearning", a="0", stop="steps")
    figure, (ratio, place, depth) = panels(3)
    best, height = lowest(store["sDKL_t"])
    with panel(ratio, store, "ratio_std_t"):
        draw_ratio(store, ratio, float(best.isel(realization=0).mean()))
    with panel(place, store, "sDKL_t"):
        draw_place(store, place, best)
    with panel(depth, store, "sDKL_t"):
        draw_depth(store, depth, height)
    headline(figure, "Thermal unlearning, $a = 0$: SK model", store, "N", "beta_d")
    caption(figure, store, "(a) one sample of the disorder; dashed: where its sDKL is least, mean over learning rates. "
            "(b, c) " + means_over(best.sizes["realization"], errors="bars are one standard error; thin: single "
                                   "samples") + " Between steps models are interpolated linearly.")
    return figure


def draw_ratio(store, ax, best):
    values = store["ratio_std_t"].isel(realization=0)
    rates = values["lambda"].values
    for k, (rate, colour) in enumerate(zip(rates, colours(np.log(rates)))):
        ax.plot(values["time"], values.isel(lambda_max_steps=k), color=colour, label=f"{rate:g}")
    mark_time(ax, best)
    ax.set_yscale("log")
    linear_time_axis(ax, values)
    ax.set_ylabel(r"standard deviation of $c_1 / c_d$ over pairs")
    ax.set_title("(a) model against data correlations")
    legend(ax, title=f"learning rate {store.symbol('lambda')}")


def draw_place(store, ax, best):
    draw_over_rates(ax, best)
    ax.set_ylim(bottom=0)
    ax.set_xlabel(f"learning rate {store.symbol('lambda')}")
    ax.set_ylabel(rf"learning time $t \lambda$ of least {store.symbol('sDKL')}")
    ax.set_title("(b) when unlearning is best")


def draw_depth(store, ax, height):
    draw_over_rates(ax, height)
    ax.set_xlabel(f"learning rate {store.symbol('lambda')}")
    ax.set_ylabel(with_units(f"least {store.symbol('sDKL')}", store["sDKL_t"]))
    ax.set_title("(c) how near unlearning comes to the generating model")


def draw_over_rates(ax, values):
    rates = values["lambda"]
    single = values.transpose("lambda_max_steps", "realization")
    ax.plot(rates, single, color=FAINT, **thin())
    draw_mean(ax, rates, estimate(values), PALETTE[0])
    ax.set_xscale("log")


def claims(store):
    ratio, distance = store["ratio_std_t"], store["sDKL_t"]
    rates, first = ratio["lambda"].values, int(np.argmin(ratio["lambda"].values))
    of = [dict(lambda_max_steps=k) for k in range(rates.size)]
    reference = np.log(ratio.isel(of[first]))
    for at, rate in zip(of, rates):
        away = np.abs(np.log(ratio.isel(at)) - reference)
        if rate != rates[first]:
            yield (f"the curves collapse: lambda = {rate:g} against {rates[first]:g}",
                   f"largest factor between them {spread(np.exp(away.max('time')))}, "
                   f"median over time {spread(np.exp(away.median('time')))}")
    slow = of[first]
    dip, low = first_minimum(ratio.isel(slow))
    peak, high = first_maximum(ratio.isel(slow))
    best, height = lowest(distance)
    both = (dip < peak) & peak.notnull()
    yield (f"a local minimum, then a local maximum of the ratio (lambda = {rates[first]:g})",
           f"{share(both)} samples; minimum at t lambda = {spread(dip.where(both))}, maximum at "
           f"{spread(peak.where(both))}; the ratio's deviation there {spread(low.where(both))}, "
           f"{spread(high.where(both))}")
    printed = both & (np.abs(dip - DIP) <= WITHIN) & (np.abs(peak - PEAK) <= WITHIN)
    yield (f"the minimum at t lambda = {DIP:g} and the maximum at {PEAK:g}, both within {WITHIN:g}", share(printed))
    yield "at the start c_1 is much larger than c_d", f"deviation of the ratio {spread(ratio.isel(slow).isel(time=0))}"
    yield (f"least sDKL at t lambda = 0.29 (lambda = {rates[first]:g})", spread(best.isel(slow)))
    nearer = np.abs(peak - best.isel(slow)) < np.abs(dip - best.isel(slow))
    yield ("least sDKL lies at the maximum of the ratio rather than at its minimum",
           f"{share(nearer.where(both, drop=True).astype(bool))}; t(maximum) - t(sDKL) = "
           f"{spread((peak - best.isel(slow)).where(both))}, t(minimum) - t(sDKL) = "
           f"{spread((dip - best.isel(slow)).where(both))}")
    for at, rate in zip(of, rates):
        if rate != rates[first]:
            yield (f"least sDKL at lambda = {rate:g} over that at {rates[first]:g}",
                   f"larger in {share(height.isel(at) > height.isel(slow))}; "
                   f"{spread(height.isel(at) / height.isel(slow))}; its place {spread(best.isel(at))}")


if __name__ == "__main__":
    command(__doc__, draw, claims=claims)
