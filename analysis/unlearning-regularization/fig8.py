#!/usr/bin/python3
"""Time correlation of the Markov chains of an early-stopped model: jobs/unlearning-regularization/fig8.ini.

    analysis/unlearning-regularization/fig8.py FILE [--claims] [-o PNG]

Fig. 8 of Ventura, Cocco, Monasson and Zamponi, Unlearning regularization for Boltzmann machines: time correlation of
configurations under heat-bath dynamics at beta = 1, of the model learnt at a = 0.4 and of the one that generated the
data (which a = 1 would find again), (a) of one sample of the disorder, as there, (b) specific heat of this sample,
their inset, (c) integrated time correlation of all samples."""

from math import comb

import numpy as np

from hypnos.claims import average, share, spread
from hypnos.command import command
from hypnos.figures.axes import heat_axes
from hypnos.layout import caption, counted, headline, legend, panel, panels
from hypnos.style import PALETTE, REFERENCE, guide, points, pt

MODELS = (("", PALETTE[0], "o", "-"), ("_data", REFERENCE, "s", "--"))  # suffix of the observables, style
LEAST = 0.01  # correlations below are noise in the picture


def draw(store):
    store.expect("boltzmann", data="sk", rule="unlearning")
    figure, (chains, heat, times) = panels(3)
    names = {"": f"learnt, $a = {store.job['a']}$", "_data": "generating model"}
    with panel(chains, store, "autocorrelation"):
        draw_correlation(store, chains, names)
    with panel(heat, store, "Cv_curve"):
        draw_heat(store, heat, names)
    with panel(times, store, "tau", "tau_data"):
        draw_times(store, times)
    job = store.job
    headline(figure, r"Time correlation of heat-bath chains, stopped at $\omega = 1$: SK model", store, "N", "beta_d")
    samples = store["tau"].sizes["realization"]
    caption(figure, store, f"(a) one sample of the disorder, errors over {job['chains']} chains of {job['mc_sweeps']} "
            f"sweeps. (b) the same sample. (c) integrated time correlation of {counted(samples, 'sample')} with its "
            "errors over chains; below the line chains of the learnt model decorrelate faster.")
    return figure


def draw_correlation(store, ax, names):
    lags = store["autocorrelation"]["lag"].values
    last = 1
    for suffix, colour, marker, linestyle in MODELS:
        mean, error = (store[f"autocorrelation{suffix}{part}"].isel(realization=0).values for part in ("", "_error"))
        seen = mean > LEAST
        last = max(last, lags[seen].max(initial=1))
        points(ax, lags[seen], mean[seen], error[seen], color=colour, marker=marker, markersize=pt(4),
               linestyle=linestyle, linewidth=pt(1.2), elinewidth=pt(1.2), label=names[suffix])
    ax.set_yscale("log")
    ax.set_xlim(0, last)
    ax.set_xlabel("lag (sweeps)")
    ax.set_ylabel("time correlation of configurations")
    ax.set_title("(a) one sample of the disorder")
    legend(ax)


def draw_heat(store, ax, names):
    for suffix, colour, _, linestyle in MODELS:
        curve = store[f"Cv_curve{suffix}"].isel(realization=0)
        ax.plot(curve["beta"], curve, color=colour, linestyle=linestyle, linewidth=pt(1.5), label=names[suffix])
    heat_axes(ax, curve["beta"])
    ax.set_title("(b) specific heat, the same sample")


def draw_times(store, ax):
    x, y = store["tau_data"].values, store["tau"].values
    errors = store["tau_error"].values, store["tau_data_error"].values
    points(ax, x, y, *errors, color=PALETTE[0], fmt="o", elinewidth=pt(1.2))
    known = np.concatenate([x, y])[np.isfinite([x, y]).ravel()]
    ends = 0, 1.1 * max(known, default=1)
    guide(ax, ends, ends, color=REFERENCE, linestyle="--")
    ax.set(xlim=ends, ylim=ends, aspect="equal")
    ax.set_xlabel(r"$\tau$ of the generating model (sweeps)")
    ax.set_ylabel(r"$\tau$ of the learnt model (sweeps)")
    ax.set_title("(c) integrated time correlation")


def claims(store):
    ratio, heat = store["tau"] / store["tau_data"], store["Cv"] / store["Cv_data"]
    error = np.hypot(store["tau_error"] / store["tau"], store["tau_data_error"] / store["tau_data"]) * ratio
    known = ratio.notnull().values
    faster = int((ratio < 1).sum())
    yield ("correlations of the learnt model decay faster (tau below that of the generating model)",
           f"{share((ratio < 1).values[known])} samples, {int((ratio + 2 * error < 1).sum())} of them by two errors; "
           f"tau ratio {average(ratio)}, {spread(ratio)}; one-sided sign test p = "
           f"{sign_test(faster, int(known.sum())):.1g}")
    yield "its specific heat at beta = 1 is lower", f"{share(heat < 1)} samples; ratio {average(heat)}, {spread(heat)}"
    yield ("tau in sweeps", f"learnt {average(store['tau'])}, generating {average(store['tau_data'])}; medians "
           f"{spread(store['tau'])}, {spread(store['tau_data'])}")
    logarithms = np.log(ratio.values[known]), np.log(heat.values[known])
    yield ("less critical is faster: correlation over samples of ln(tau ratio) with ln(C_v ratio)",
           f"{np.corrcoef(*logarithms)[0, 1]:.2f}" if known.sum() > 2 else "none")


def sign_test(hits, n):
    """Probability of so many hits or more out of n if either outcome were equally likely."""
    return sum(comb(n, k) for k in range(hits, n + 1)) / 2 ** n


if __name__ == "__main__":
    command(__doc__, draw, claims=claims)
