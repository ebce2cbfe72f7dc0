#!/usr/bin/python3
"""Paths of perceptron and unlearning in the space of couplings: jobs/perceptron-vs-unlearning/fig7-8.ini.

    analysis/perceptron-vs-unlearning/fig7-8.py FILE [--claims] [-o PNG]

Figs. 7 and 8 of Benedetti et al., J. Chem. Phys. 156, 104107 (2022), of r = J /
sigma_J over pairs. Above: (7a) both paths along three random directions, (7b) velocities |r(t+1) - r(t)|, (8a') the
angle of r(t) - r(0) and v, the direction from the common start to the perceptron's end. Below: (8a) q_v as the paper
prints it, (8b) the angle of the velocity and v, (8c) both.

A dream alone is noise of unlearning: its step is nearly at right angles to everything. So steps of unlearning are also
taken between the points of its path, many dreams apart."""

import numpy as np

from hypnos.claims import average, share, spread
from hypnos.command import command
from hypnos.figures.dreams import UNLEARNING
from hypnos.store import StoreError
from hypnos.layout import caption, counted, headline, legend, panel, panels
from hypnos.style import FAINT, INK, PALETTE, pt

DREAM = PALETTE[4]  # single dreams
RATES = [PALETTE[1], PALETTE[3], PALETTE[2]]


def rates(store):
    """Learning rates of the perceptron, the largest first, and their colours."""
    return list(zip(sorted(store["q"]["lambda"].values, reverse=True), RATES))


def samples(store):
    """The samples that are done at all rates."""
    known = store["steps"].notnull().all("lambda")
    if not known.any():
        raise StoreError(f"{store.path} has no sample that is done at all lambda")
    return known["realization"].values[known.values]


def learnt(store, name, rate):
    """The paths of the perceptron, one a sample, from start to end, [step, ...]."""
    of = [{"lambda": rate, "realization": sample} for sample in samples(store)]
    values, ends = store[name], store["steps"]
    return [values.sel(one).transpose("step", ...).values[:int(ends.sel(one)) + 1] for one in of]


def dreamt(store, name):
    """All paths of unlearning, [realization, sample, part, ...]: the same at all rates of the perceptron but for what
    depends on where this ends, which is taken at the largest."""
    values = store[name].sel({"lambda": rates(store)[0][0], "realization": samples(store)})
    return values.transpose("realization", "sample", "part", ...)


def part_of_time(path):
    return np.arange(len(path)) / max(len(path) - 1, 1)


def draw(store):
    store.expect("interaction-space", "lambda", order="random-site")
    figure, axes = panels(6, columns=3, kinds={0: "3d"})
    with panel(axes[0], store, "projection", "projection_unlearning"):
        draw_projection(store, axes[0])
    for ax, name, label, scale in (
            (axes[1], "velocity", r"velocity $|r(t+1) - r(t)|$", "log"),
            (axes[2], "q_v_angle", r"cosine of $r(t) - r(0)$ and $v$", "linear"),
            (axes[3], "q_v", r"overlap $q_v$", "linear"), (axes[4], "q_delta_v", r"overlap $q_{\Delta,v}$", "linear")):
        with panel(ax, store, name, f"{name}_unlearning"):
            draw_against_time(store, ax, name)
        ax.set_ylabel(label)
        ax.set_yscale(scale)
    with panel(axes[5], store, "q_v", "q_delta_v"):
        draw_both(store, axes[5])
    for ax, title in zip(axes, ("(7a) $r$ along three random directions", "(7b) velocity",
                                "(8a') direction from the start", "(8a) $q_v$ as printed",
                                "(8b) direction of the velocity", "(8c) against $q_v$")):
        ax.set_title(title)
    legend(axes[1])
    job = store.job
    headline(figure, "Paths of unlearning and perceptron in the space of couplings:", store, "N", "alpha", "epsilon",
             "k")
    runs = counted(job["samples"], "run")
    caption(figure, store, f"One sample of the patterns. Unlearning ends at D_in; {runs} from the same couplings (7a: "
            "light; their mean: dark; black: the start), elsewhere their means; v is that of each perceptron, and for "
            "unlearning that of the largest lambda. Steps of unlearning are single dreams, or go from point to point, "
            f"1/{job['records']} of all dreams apart, in (7b) divided by these dreams. All points lie on a sphere of "
            "radius sqrt(N (N-1) / 2).")
    return figure


def draw_projection(store, ax):
    runs = dreamt(store, "projection_unlearning").isel(realization=0).transpose("direction", "sample", "part").values
    for run in range(runs.shape[1]):
        ax.plot(*runs[:, run], color=DREAM, linewidth=pt(0.8), alpha=0.6)
    mean = runs.mean(axis=1)
    ax.plot(*mean, color=UNLEARNING, marker=".", markersize=pt(6), linewidth=pt(1.5), label="unlearning, mean")
    slowest = rates(store)[-1][0]
    path = learnt(store, "projection", slowest)[0]
    ax.plot(*path.T, color=RATES[-1], marker=".", markersize=pt(6), linewidth=pt(1),
            label=rf"perceptron, $\lambda = {slowest:g}$")
    ax.plot(*path[:1].T, "o", color=INK, markersize=pt(7), label="Hebb's couplings")
    for axis in (ax.xaxis, ax.yaxis, ax.zaxis):
        axis.set_ticklabels([])  # the directions are random, so are the numbers
    ax.set_box_aspect(None, zoom=0.85)


def draw_against_time(store, ax, name):
    for rate, colour in rates(store):
        path = learnt(store, name, rate)[0]
        ax.plot(part_of_time(path), path, color=colour, marker="^", markersize=pt(4), linewidth=pt(1),
                label=rf"perceptron, $\lambda = {rate:g}$")
    means = dreamt(store, f"{name}_unlearning").isel(realization=0).mean("sample")
    single = name in ("velocity", "q_delta_v")
    ax.plot(means["part"], means, color=DREAM if single else UNLEARNING, marker="o", markersize=pt(4), linewidth=pt(1),
            label="unlearning, dreams")
    if single:
        parts = dreamt(store, f"{name}_parts").isel(realization=0).mean("sample")
        ax.plot(parts["part"], parts, color=UNLEARNING, marker="o", markersize=pt(4), linewidth=pt(1),
                label="unlearning, points")
    ax.set_xlabel(r"part of the time, $t\,/\,t_\mathrm{max}$")


def draw_both(store, ax):
    for rate, colour in rates(store):
        ax.plot(learnt(store, "q_v", rate)[0], learnt(store, "q_delta_v", rate)[0], "^", color=colour, markersize=pt(4))
    for name, colour in (("q_delta_v_unlearning", DREAM), ("q_delta_v_parts", UNLEARNING)):
        mean = [dreamt(store, of).isel(realization=0).mean("sample") for of in ("q_v_unlearning", name)]
        ax.plot(*mean, "o", color=colour, markersize=pt(4))
    ax.axhline(0, color=FAINT, linewidth=pt(0.8))
    ax.set_xlabel("overlap $q_v$")
    ax.set_ylabel(r"overlap $q_{\Delta,v}$")


def claims(store):
    yield ("both paths end near each other, those of unlearning nearer still",
           "; ".join(f"lambda = {rate:g}: q = {average(store['q'].sel({'lambda': rate}))}" for rate, _ in rates(store))
           + f"; two runs of unlearning: {average(store['q_samples'].sel({'lambda': rates(store)[0][0]}))}")
    for name, what in (("velocity_unlearning", "of single dreams"), ("velocity_parts", "between points")):
        speed = dreamt(store, name)
        yield (f"the speed of unlearning does not vary significantly, {what}",
               f"largest over smallest {spread(speed.max('part') / speed.min('part'))}, "
               f"last over first {spread(speed.isel(part=-2) / speed.isel(part=0))}")
    for rate, _ in rates(store):
        yield from of_perceptron(store, rate)
    yield from of_unlearning(store)


def of_perceptron(store, rate):
    at = f"perceptron, lambda = {rate:g}"
    speeds = [path[:-1] for path in learnt(store, "velocity", rate)]
    yield (f"{at}: its velocity changes like an exponential",
           f"last over first {spread([speed[-1] / speed[0] for speed in speeds])}, largest over smallest "
           f"{spread([speed.max() / speed.min() for speed in speeds])} in {spread([len(speed) for speed in speeds])} "
           "steps; " + "; ".join(f"ln v against {name}: r^2 = {spread([fit(of, speed) for speed in speeds])}"
                       for name, of in (("t", lambda t: t), ("ln t", np.log))))
    way = learnt(store, "q_v", rate)
    yield (f"{at}: it takes 15 to 20 steps to a small region where it stays",
           "; ".join(f"q_v is above {level} from step {spread([1 + last_below(path, level) for path in way])} on"
                     for level in (0.8, 0.9, 0.95)))
    yield (f"{at}: an anomalously high q_v at the second step",
           f"q_v = {spread([path[1] for path in way])} after one step, "
           f"{spread([path[min(2, len(path) - 1)] for path in way])} after two; largest "
           f"{spread([path.max() for path in way])}")
    angle = learnt(store, "q_v_angle", rate)
    yield (f"{at}: it starts in the wrong direction",
           f"cosine with v {spread([path[1] for path in angle])} after one step; least later "
           f"{spread([path[1:].min() for path in angle])}")
    cosine = [path[:-1] for path in learnt(store, "q_delta_v", rate)]
    yield (f"{at}: three phases of q_delta_v (away from v, along it, at the end without direction)",
           f"first {spread([path[0] for path in cosine])}, largest {spread([path.max() for path in cosine])} at step "
           f"{spread([np.argmax(path) for path in cosine])}, last tenth "
           f"{spread([path[-max(len(path) // 10, 1):].mean() for path in cosine])}")


def of_unlearning(store):
    q_v, angle = dreamt(store, "q_v_unlearning"), dreamt(store, "q_v_angle_unlearning")
    part = q_v["part"]
    level = 0.8
    yield ("q_v of unlearning changes more slowly than the perceptron's",
           f"0 at first, {spread(q_v.isel(part=-1))} in the end; above {level} from t / t_max = "
           f"{spread(part.where(q_v >= level).min('part'))} on")
    yield ("unlearning starts in the wrong direction",
           f"cosine of r(t) - r(0) and v {spread(angle.isel(part=1))} at t / t_max = {float(part[1]):g}, largest "
           f"{spread(angle.max('part'))}, {spread(angle.isel(part=-1))} in the end")
    cosine = dreamt(store, "q_delta_v_parts").mean("sample")
    best = cosine.fillna(-np.inf).argmax("part")
    yield ("unlearning: three phases of q_delta_v between points, aligned after about half of the dreams",
           f"first {spread(cosine.isel(part=0))}, largest {spread(cosine.max('part'))} at t / t_max = "
           f"{spread(part.isel(part=best))}, {spread(cosine.sel(part=0.5, method='nearest'))} at 1/2, last "
           f"{spread(cosine.isel(part=-2))}; first below largest and largest above last in "
           f"{share((cosine.isel(part=0) < cosine.max('part')) & (cosine.isel(part=-2) < cosine.max('part')))} samples")
    single = dreamt(store, "q_delta_v_unlearning").mean("sample")
    yield ("unlearning: q_delta_v of single dreams",
           f"first {spread(single.isel(part=0))}, at 1/2 {spread(single.sel(part=0.5, method='nearest'))}, last "
           f"{spread(single.isel(part=-2))}")


def fit(of, speed):
    """r^2 of a line through ln speed."""
    t = of(np.arange(1, len(speed) + 1))
    return np.corrcoef(t, np.log(speed))[0, 1] ** 2 if len(speed) > 2 else np.nan


def last_below(path, level):
    return int(np.flatnonzero(path < level)[-1])


if __name__ == "__main__":
    command(__doc__, draw, claims=claims)
