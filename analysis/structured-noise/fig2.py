#!/usr/bin/python3
"""Attractors after training with noise: jobs/structured-noise/fig2-noise.ini and fig2-svm.ini.

    analysis/structured-noise/fig2.py FILE FILE [--claims] [-o PNG]

Fig. 2 of Benedetti and Ventura, arXiv:2302.13417: overlap of patterns and their attractors in the plane of training
overlap and load, extrapolated by lines in 1/N; the boundary at which attractors have basins (Eq. C1); the points where
these basins are larger than those of support vector machines."""

import numpy as np

from hypnos.claims import average, with_error
from hypnos.command import command
from hypnos.extrapolation import extrapolated
from hypnos.layout import caption, headline, legend, means_over, panel, panels
from hypnos.statistics import estimate
from hypnos.style import INK, SEQUENTIAL, bare_bar, pt

EXPERIMENTS = ("training-with-noise", "support-vector-machine")


def draw(stores):
    noise, machine = expected(stores)
    figure, (ax,) = panels(1)
    with panel(ax, noise, "m_f_1", "m_f_slope"):
        draw_map(figure, ax, noise, machine)
    ax.set_xlabel("training overlap $m_t$")
    ax.set_ylabel(r"load $\alpha$")
    headline(figure, "Attractors after training with noise", noise)
    size = int(noise["m_f_1"]["N"][-1])
    caption(figure, stores, means_over((noise["m_f_1"].sizes["realization"], machine["m_f"].sizes["realization"]),
                                       "samples of the patterns (training, support vector machine)",
                                       "a basin is larger by more than two errors of the paired difference")
            + rf" Dashed: slope of the map 1 at m_0 = 1, at N = {size}. Dots: basins larger than those of the support "
            rf"vector machine, at N = {size}.")
    return figure


def expected(stores):
    noise, machine = stores
    noise.expect("training-with-noise", "N", "alpha", "m_t")
    machine.expect("support-vector-machine", "N", "alpha", seed=noise.job["seed"],
                   retrieval_points=noise.job["retrieval_points"])
    return noise, machine


def at_infinity(values):
    """The mean in networks of infinite size; where all samples have the same value, that of the largest network."""
    line = extrapolated(values)
    mean = float(line.at_infinity.mean)
    return np.clip(mean, -1, 1) if line.freedom > 0 else float(values.isel(N=-1).mean())


def on_grid(values, function):
    """[alpha, m_t] of a function of [N, realization]."""
    return np.array([[function(values.sel(alpha=alpha, m_t=m_t)) for m_t in values["m_t"].values]
                     for alpha in values["alpha"].values])


def edges(values):
    between = (values[1:] + values[:-1]) / 2
    return np.concatenate([[2 * values[0] - between[0]], between, [2 * values[-1] - between[-1]]])


def boundary(store, size):
    """For every load the training overlap at which the slope of the map is 1 (Eq. C1), on the line between the points
    of the grid, coming from high overlaps; NaN if it is not between two points."""
    slope = store["m_f_slope"].sel(N=size).mean("realization")
    m_t = slope["m_t"].values
    found = []
    for curve in slope.transpose("alpha", "m_t").values:
        above = np.flatnonzero(curve >= 1)
        if above.size and above[-1] + 1 < m_t.size:
            k = above[-1]
            found.append(np.interp(1, curve[[k + 1, k]], m_t[[k + 1, k]]))
        else:
            found.append(np.nan)
    return np.array(found)


def gains(noise, machine, size):
    """Basin radius minus that of the machine [alpha, m_t], where attractors have a basin, and its error."""
    difference = noise["basin_radius"].sel(N=size) - machine["basin_radius_98"].sel(N=size)
    retrieval = noise["m_f_slope"].sel(N=size).mean("realization") < 1
    here = estimate(difference)
    return here.mean.where(retrieval).transpose("alpha", "m_t"), here.stderr.transpose("alpha", "m_t")


def draw_map(figure, ax, noise, machine):
    m_t, alpha = noise["m_f_1"]["m_t"].values, noise["m_f_1"]["alpha"].values
    picture = ax.pcolormesh(edges(m_t), edges(alpha), on_grid(noise["m_f_1"], at_infinity), cmap=SEQUENTIAL, vmin=0,
                            vmax=1)
    ax.grid(False)
    size = int(noise["m_f_1"]["N"][-1])
    ax.plot(boundary(noise, size), alpha, color=INK, linestyle="--", linewidth=pt(2), label="boundary")
    gain, error = gains(noise, machine, size)
    rows, columns = np.nonzero((gain > 2 * error).values)
    ax.plot(m_t[columns], alpha[rows], "o", color="white", markeredgecolor=INK, markersize=pt(6), linestyle="none",
            label="wider basins")
    bare_bar(figure, picture, ax, "$m_f(1)$")
    legend(ax)


def claims(stores):
    noise, machine = expected(stores)
    sizes = noise["m_f_1"]["N"].values
    m_t = noise["m_f_1"]["m_t"].values
    edge = {N: boundary(noise, N) for N in sizes}
    for k, alpha in enumerate(noise["m_f_1"]["alpha"].values):
        yield (f"alpha = {alpha:g}: training overlap at which the basin disappears (slope 1)", "; ".join(
            f"N = {N:g}: {average(edge[N][k])}" for N in sizes))
        overlap = noise["m_f_1"].sel(alpha=alpha)
        yield (f"alpha = {alpha:g}: overlap of pattern and attractor", "; ".join(
            f"m_t = {at:g}: {average(overlap.sel(m_t=at, N=sizes[-1]))} (N to infinity: "
            f"{at_infinity(overlap.sel(m_t=at)):.3g})" for at in m_t))
    gain, error = gains(noise, machine, sizes[-1])
    larger, smaller = (gain > 2 * error).values, (gain < -2 * error).values
    yield ("basins are smaller than those of the support vector machine in most of the retrieval region",
           f"N = {sizes[-1]:g}, by two errors: smaller at {smaller.sum()}, larger at {larger.sum()} of "
           f"{int(gain.notnull().sum())} points")
    for k, alpha in enumerate(gain["alpha"].values):
        here, bars = gain.values[k], error.values[k]
        if not np.isfinite(here).any():
            yield f"alpha = {alpha:g}: largest basin against that of the machine", "no basins"
            continue
        best = int(np.nanargmax(here))
        yield (f"alpha = {alpha:g}: largest basin against that of the machine",
               f"at m_t = {m_t[best]:g}: larger by {with_error(here[best], bars[best])}, machine "
               f"{average(machine['basin_radius_98'].sel(N=sizes[-1], alpha=alpha))}; overlap of pattern and attractor "
               f"{average(noise['m_f_1'].sel(N=sizes[-1], alpha=alpha, m_t=m_t[best]))}; larger by two errors at "
               f"{larger[k].sum()} m_t")


if __name__ == "__main__":
    command(__doc__, draw, claims=claims, experiments=EXPERIMENTS)
