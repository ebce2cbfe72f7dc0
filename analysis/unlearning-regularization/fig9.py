#!/usr/bin/python3
"""Thermal unlearning, a = 0, along learning time: jobs/unlearning-regularization/fig9.ini.

    analysis/unlearning-regularization/fig9.py FILE [--claims] [-o PNG]

Fig. 9 of Ventura, Cocco, Monasson and Zamponi, Unlearning regularization for Boltzmann machines: (a) standard
deviation of the couplings, (b) distance from the generating model, (c) Pearson coefficient of the correlations of data
and model; (d) these correlations of one sample where omega = 1, their inset."""

import numpy as np

from hypnos.claims import average, share, spread
from hypnos.command import command
from hypnos.curves import at_time, highest, lowest
from hypnos.figures.learning import draw_trajectory, linear_time_axis, mark_time, medians_over, time_axis
from hypnos.layout import caption, headline, panel, panels
from hypnos.style import PALETTE, guide, pt
from hypnos.symbols import with_units


def draw(store):
    store.expect("boltzmann", "stop", data="sk", rule="unlearning", a="0")
    figure, axes = panels(4)
    best = float(lowest(along(store, "sDKL_t"))[0].median())
    shown = (("sigma_J_t", r"standard deviation of the couplings, $\sigma_J$", "(a) couplings decay"),
              ("sDKL_t", store.symbol("sDKL"), "(b) distance from the generating model"),
              ("rho_t", r"Pearson $\rho(c_1, c_d)$", "(c) likeness of correlations"))
    for ax, (name, label, title) in zip(axes, shown):
        ax.set_title(title)
        with panel(ax, store, name):
            values = along(store, name)
            draw_trajectory(ax, values, PALETTE[0])
            if ax is axes[0]:  # a straight line is an exponential
                linear_time_axis(ax, values)
            else:
                time_axis(ax, values)
            mark_time(ax, best)
            ax.set_ylabel(with_units(label, values))
    axes[0].set_yscale("log")
    axes[1].set_yscale("log")
    axes[2].set_ylim(0, 1)
    with panel(axes[3], store, "c_1", "c_d"):
        draw_correlations(store, axes[3])
    headline(figure, "Thermal unlearning, $a = 0$: SK model", store, "N", "beta_d", "lambda")
    samples = store["sDKL"].sizes["realization"]
    caption(figure, store, f"{medians_over(samples, 'the sample of (d)')} Dashed vertical: median place of the minimum "
            "of sDKL. (b, c) time is linear at first, logarithmic later.")
    return figure


def along(store, name):
    return store[name].sel(stop="steps")


def draw_correlations(store, ax):
    model, data = (store[name].sel(stop="slope").isel(realization=0).values for name in ("c_1", "c_d"))
    pairs = np.triu_indices(len(model), 1)
    guide(ax, [-1, 1], [-1, 1])
    ax.plot(model[pairs], data[pairs], ".", color=PALETTE[0], markersize=pt(4))
    values = np.abs([model[pairs], data[pairs]])
    limit = 1.08 * max(values[np.isfinite(values)], default=1)
    ax.set(xlim=(-limit, limit), ylim=(-limit, limit), aspect="equal")
    ax.set_xlabel("correlations $c_1$, learnt model")
    ax.set_ylabel("correlations $c_d$, data")
    ax.set_title(r"(d) one sample, stopped at $\omega = 1$")


def claims(store):
    width, distance, likeness = (along(store, name) for name in ("sigma_J_t", "sDKL_t", "rho_t"))
    time, rate = width["time"].values, float(store.job["lambda"])
    best, depth = lowest(distance)
    peak, top = highest(likeness)
    for low, high in ((0, 1), (1, 3), (3, time[-1])):
        part = (time >= low) & (time <= high)
        curves = np.log(width.transpose("time", "realization").values[part])
        decay = np.polyfit(time[part], curves, 1)[0]
        yield (f"sigma_J decays exponentially, t lambda from {low:g} to {high:g}",
               f"rate {average(-decay)} per t lambda (weak couplings: "
               f"-ln(1 - lambda)/lambda = {-np.log1p(-rate) / rate:.3f})")
    inside = (best > 0) & (best < time[-1])
    yield "sDKL has a global minimum inside", f"{share(inside)}, at t lambda = {spread(best)}"
    yield ("the minimum is low",
           f"sDKL there {average(depth)} nats, at the start {average(distance.isel(time=0))}, at the plateau "
           f"{average(distance.isel(time=-1))}")
    yield ("sDKL stabilizes at a plateau", "largest change over the last tenth of the time "
           f"{float(abs(distance.isel(time=-1) - distance.isel(time=int(0.9 * time.size))).max()):.1e} nats")
    yield ("rho has a global maximum near the minimum of sDKL",
           f"{share((peak > 0) & (peak < time[-1]))}, rho there {average(top)}; t(maximum) - t(minimum) = "
           f"{spread(peak - best)}; rho at the minimum over that at the maximum "
           f"{spread(at_time(likeness, best) / top)}")
    stopped = store["sDKL"].sel(stop="slope")
    yield ("stopping at omega = 1 finds the minimum",
           f"{share(store['converged'].sel(stop='slope') == 1)} cross; sDKL there over that at the minimum "
           f"{spread(stopped / depth)}")


if __name__ == "__main__":
    command(__doc__, draw, claims=claims)
