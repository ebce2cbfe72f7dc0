#!/usr/bin/python3
"""Thermal unlearning, a = 0, at several learning rates: jobs/unlearning-regularization/fig10.ini.

    analysis/unlearning-regularization/fig10.py FILE [--claims] [-o PNG]

Fig. 10 of Ventura, Cocco, Monasson and Zamponi, Unlearning regularization for Boltzmann machines: (a) standard
deviation of the ratio of the correlations of model and data, of one sample of the disorder, since it differs by orders
of magnitude between samples; inset: time of the minimum of sDKL; (b) sDKL at this minimum."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np

from claims import share, spread
from figure import command
from store import estimate
from style import FAINT, PALETTE, REFERENCE, SEQUENTIAL, caption, draw_mean, plt, symbol, with_units
from trajectories import first_maximum, first_minimum, lowest

SMALL = 0.01  # learning rates up to here are said to collapse


def draw(store, options):
    store.expect("boltzmann", "lambda_max_steps", data="sk", rule="unlearning", a="0", stop="steps")
    figure, (ratio, depth) = plt.subplots(1, 2, figsize=(17, 6.6), layout="constrained")
    best, height = lowest(store["sDKL_t"])
    draw_ratio(store, ratio, float(best.isel(realization=0).mean()))
    draw_place(ratio.inset_axes([0.64, 0.55, 0.35, 0.42]), best)
    draw_depth(depth, height, store["sDKL_t"])
    job = store.job
    figure.suptitle(f"Thermal unlearning, $a = 0$: SK model, $N = {job['N']}$, $\\beta_d = {job['beta_d']}$", x=0.01,
                    ha="left", fontsize=17)
    caption(figure, store, "(a) one sample of the disorder; dashed: where its sDKL is least, mean over learning rates. "
            f"Inset and (b): means over {best.sizes['realization']} samples with one standard error; thin: single "
            "samples. Between steps models are interpolated linearly.", 190)
    return figure


def draw_ratio(store, ax, best):
    values = store["ratio_std_t"].isel(realization=0)
    rates = values["lambda"].values
    place = np.log(rates / rates.min()) / np.log(rates.max() / rates.min())
    for k, rate in enumerate(rates):
        ax.plot(values["time"], values.isel(lambda_max_steps=k), color=SEQUENTIAL(place[k]), label=f"{rate:g}")
    ax.axvline(best, color=REFERENCE, linewidth=1, linestyle=(0, (4, 4)), zorder=1)
    ax.set_yscale("log")
    ax.set_xlim(0, float(values["time"][-1]))
    ax.set_xlabel(r"learning time $t \lambda$")
    ax.set_ylabel(r"standard deviation of $c_1 / c_d$ over pairs")
    ax.set_title("(a) model against data correlations")
    ax.legend(title=symbol("lambda"), loc="upper center", bbox_to_anchor=(0.42, 1), labelspacing=0.3)


def draw_place(ax, best):
    draw_over_rates(ax, best)
    ax.set_ylim(bottom=0)
    ax.tick_params(labelsize=10)
    ax.set_xlabel(symbol("lambda"), fontsize=11, labelpad=0)
    ax.set_ylabel(r"$t \lambda$ of least $sD_{KL}$", fontsize=11)


def draw_depth(ax, height, distance):
    draw_over_rates(ax, height)
    ax.set_xlabel(f"learning rate {symbol('lambda')}")
    ax.set_ylabel(with_units(r"least $sD_{KL}$", distance))
    ax.set_title("(b) how near unlearning comes to the generating model")


def draw_over_rates(ax, values):
    rates = values["lambda"]
    single = values.transpose("lambda_max_steps", "realization")
    ax.plot(rates, single, color=FAINT, alpha=0.35, linewidth=0.8, zorder=1)
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
    turns = (dip < peak) & peak.notnull()
    yield (f"a local minimum, then a local maximum of the ratio (lambda = {rates[first]:g})",
           f"{share(turns)} samples; minimum at t lambda = {spread(dip.where(turns))}, maximum at "
           f"{spread(peak.where(turns))}; the ratio's deviation there {spread(low.where(turns))}, "
           f"{spread(high.where(turns))}")
    yield "at the start c_1 is much larger than c_d", f"deviation of the ratio {spread(ratio.isel(slow).isel(time=0))}"
    yield (f"least sDKL at t lambda = 0.29 (lambda = {rates[first]:g})", spread(best.isel(slow)))
    nearer = np.abs(peak - best.isel(slow)) < np.abs(dip - best.isel(slow))
    yield ("least sDKL lies at the maximum of the ratio rather than at its minimum",
           f"{share(nearer.where(turns, drop=True).astype(bool))}; t(maximum) - t(sDKL) = "
           f"{spread((peak - best.isel(slow)).where(turns))}, t(minimum) - t(sDKL) = "
           f"{spread((dip - best.isel(slow)).where(turns))}")
    for at, rate in zip(of, rates):
        if rate != rates[first]:
            yield (f"least sDKL at lambda = {rate:g} over that at {rates[first]:g}",
                   f"larger in {share(height.isel(at) > height.isel(slow))}; "
                   f"{spread(height.isel(at) / height.isel(slow))}; its place {spread(best.isel(at))}")


if __name__ == "__main__":
    sys.exit(command(draw, __doc__.splitlines()[0], claims=claims))
