#!/usr/bin/python3
"""Which a for a recording? Held-out likelihood and C_v(1): jobs/unlearning-regularization/choosing-a.ini.

    analysis/unlearning-regularization/choosing-a.py FILE [--claims] [-o PNG]

The cross-validation that Ventura, Cocco, Monasson and Zamponi propose in the conclusions of Unlearning regularization
for Boltzmann machines: highest likeness to a testing set, lowest C_v(1), learning to convergence or stopped at
omega = 1. They leave open how to weigh the two; `recommended` is one rule, and its choice is drawn and, with --claims,
printed."""

from pathlib import Path

import numpy as np

from hypnos.claims import with_error
from hypnos.command import command
from hypnos.statistics import estimate
from hypnos.layout import caption, headline, legend, means_over, panel, panels
from hypnos.style import MARKED, PALETTE, draw_mean, pt
from hypnos.symbols import with_units

STOPS = {"convergence": ("at convergence", PALETTE[0], "o"), "slope": (r"stopped at $\omega = 1$", PALETTE[1], "s")}


def draw(store):
    store.expect("boltzmann", "a", stop_axis(store), "test_fraction", data="file", rule="unlearning")
    fractions = store["Cv"]["test_fraction"].values
    figure, axes = panels(2 * fractions.size, columns=fractions.size, sharex=True)
    for fraction, likelihood, heat in zip(fractions, axes, axes[fractions.size:]):
        with panel(likelihood, store, "log_likelihood_test", "log_likelihood"):
            draw_likelihood(store, likelihood, fraction)
        with panel(heat, store, "Cv"):
            draw_heat(store, heat, fraction)
    splits = store["Cv"].sizes["realization"]
    neurons = store["h"].sizes["i"]
    headline(figure, f"Choosing {store.symbol('a')} for {neurons} recorded neurons", store)
    note = f"Recording: {Path(store.job['file']).name}. " + means_over(
        splits, f"random splits by {store.job['split_by'] or 'sample'}",
        "bars are one standard error over the splits, which share data")
    note += " Log-likelihood: held-out (full) and training data (dotted). Open: not all splits met the stop rule."
    if any(choose(store, fraction) for fraction in fractions):
        note += (" Red ring: recommended, the least C_v(1) whose held-out log-likelihood is within one standard error "
                 "(paired by split) of the best.")
    caption(figure, store, note)
    return figure


def recommended(likelihood, heat, met):
    """The one-standard-error rule of Breiman, Friedman, Olshen and Stone (1984), with C_v(1) for the complexity: of all
    models whose held-out log-likelihood is no more than one standard error below the best one's, the one of least
    specific heat, which is the most robust. The error is that of the difference to the best, paired by split. Models
    whose learning did not end as it should in every split do not count. Arrays [..., realization] -> (index of the
    choice, index of the best), or None where nothing counts."""
    points = [dim for dim in likelihood.dims if dim != "realization"]
    likelihood, heat, met = (values.stack(model=points).transpose("model", "realization")
                             for values in (likelihood, heat, met))
    mean = likelihood.mean("realization").where((met == 1).all("realization")).values
    if np.isnan(mean).all():
        return None
    best = int(np.nanargmax(mean))
    behind = estimate(likelihood.isel(model=best, drop=True) - likelihood)
    good = np.isfinite(mean) & (behind.mean.values <= np.nan_to_num(behind.stderr.values))
    choice = int(np.argmin(np.where(good, heat.mean("realization").values, np.inf)))
    return likelihood["model"].values[choice], likelihood["model"].values[best]


def choose(store, fraction):
    """((a, stop), (a, stop)): recommended and best at this test fraction, or None."""
    at = dict(test_fraction=list(store["Cv"]["test_fraction"].values).index(fraction))
    likelihood, heat, met = (store[name].isel(at, drop=True) for name in ("log_likelihood_test", "Cv", "converged"))
    named = [values.drop_vars("optimizer").swap_dims({stop_axis(store): "stop"}) for values in (likelihood, heat, met)]
    return recommended(*named)


def stop_axis(store):
    """The axis along which stop and the optimizer vary together."""
    return next((axis for axis in store.axes if "stop" in axis.split("_")), "stop_optimizer")


def claims(store):
    for fraction in store["Cv"]["test_fraction"].values:
        chosen = choose(store, fraction)
        if chosen is None:
            yield f"recommended with {fraction:g} held out", "none: no model met its stop rule in every split"
            continue
        words = []
        for (a, stop), name in zip(chosen, ("recommended", "best held out")):
            values = {key: estimate(at_stop(store, key, stop, fraction).sel(a=a)) for key in
                      ("log_likelihood_test", "log_likelihood", "Cv")}
            held, learnt, heat = (with_error(float(value.mean), float(value.stderr)) for value in values.values())
            words.append(f"{name}: a = {a:g}, {stop}: log-likelihood held out {held}, learnt from {learnt}, "
                         f"C_v(1) {heat}")
        held_out = at_stop(store, "log_likelihood_test", stop, fraction)
        gain = estimate(held_out.sel(a=a) - held_out.sel(a=held_out["a"].max(), drop=True))
        words.append(f"the best one's gain over a = {held_out['a'].max():g}, paired by split: "
                     f"{with_error(float(gain.mean), float(gain.stderr))}")
        yield f"recommended with {fraction:g} held out", "; ".join(words)


def at_stop(store, name, stop, fraction):
    values = store[name].sel(test_fraction=fraction)
    return values.isel({stop_axis(store): list(values["stop"].values).index(stop)})


def draw_likelihood(store, ax, fraction):
    for stop, (label, colour, marker) in STOPS.items():
        partial = partly(store, stop, fraction)
        learnt = estimate(at_stop(store, "log_likelihood", stop, fraction))
        ax.plot(learnt.mean["a"], learnt.mean, color=colour, linestyle=":", linewidth=pt(1.4))
        held = estimate(at_stop(store, "log_likelihood_test", stop, fraction))
        draw_mean(ax, held.mean["a"], held, colour, label, marker)
        ax.plot(held.mean["a"][partial], held.mean[partial], marker, color=colour, markerfacecolor="white", zorder=3)
    ring(store, ax, "log_likelihood_test", fraction)
    best = float(store["log_likelihood_test"].sel(test_fraction=fraction).mean("realization").max())
    if np.isfinite(best):
        ax.set_ylim(best - 0.4, best + 0.15)  # what is further below the best is no candidate
    ax.set_ylabel(with_units(r"log-likelihood $\ln P$ a sample", held.mean))
    ax.set_title(f"{letter(ax)} learning from {100 * (1 - fraction):g} % of the recording")
    legend(ax)


def draw_heat(store, ax, fraction):
    for stop, (label, colour, marker) in STOPS.items():
        partial = partly(store, stop, fraction)
        heat = estimate(at_stop(store, "Cv", stop, fraction))
        draw_mean(ax, heat.mean["a"], heat, colour, label, marker)
        ax.plot(heat.mean["a"][partial], heat.mean[partial], marker, color=colour, markerfacecolor="white", zorder=3)
    ring(store, ax, "Cv", fraction)
    ax.set_ylim(bottom=0)
    ax.set_xlabel(f"regularization {store.symbol('a')}")
    ax.set_title(f"{letter(ax)} specific heat, {100 * (1 - fraction):g} % of the recording")
    ax.set_ylabel(r"specific heat $C_v(1)\,/\,k_B$")


def letter(ax):
    return f"({'abcdefgh'[ax.figure.panels.index(ax)]})"


def partly(store, stop, fraction):
    met = at_stop(store, "converged", stop, fraction)
    return ((met == 0).any("realization")).values


def ring(store, ax, name, fraction):
    if chosen := choose(store, fraction):
        a, stop = chosen[0]
        ax.plot(a, at_stop(store, name, stop, fraction).sel(a=a).mean(), "o", markersize=pt(15), markerfacecolor="none",
                markeredgecolor=MARKED, markeredgewidth=pt(2.5), zorder=4)


if __name__ == "__main__":
    command(__doc__, draw, claims=claims)
