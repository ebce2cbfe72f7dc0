"""Boltzmann learning along its time: the starts and kinds of learning that are compared, and how they are drawn."""

import numpy as np

from hypnos.style import PALETTE, REFERENCE, pt, thin

TIME_LABEL = r"learning time $t \lambda$"
# where learning starts: name, colour, line
STARTS = {"hebb": ("Hebbian", PALETTE[0], "-"), "random": ("random", PALETTE[1], ":"),
          "random-as-hebb": ("random", PALETTE[1], ":"), "zero": ("zero", PALETTE[2], "--")}
# the learnings that the papers compare, (a, init): plain from three starts, and unlearning alone
LEARNINGS = {(1, "hebb"): ("Hebbian start", PALETTE[0], "-"), (1, "zero"): ("zero start", PALETTE[2], "--"),
             (1, "random-as-hebb"): ("random start", PALETTE[1], ":"),
             (0, "hebb"): ("unlearning, $a = 0$, Hebbian start", PALETTE[3], "-.")}


def of_learning(store, name, learning):
    """Results of one of LEARNINGS. Where the job has several random starts, the other starts keep one of them."""
    a, start = learning
    values = store[name].sel(a=a, init=start)
    return values if start == "random-as-hebb" or "start" not in values.dims else values.isel(start=[0])


def draw_path(store, ax):
    """The path of two couplings of the first sample, with arrows of equal time; star: the generating model."""
    target = store["J_target"].isel(realization=0).mean(store.axes).values  # the same at every sweep point
    for learning, (label, colour, linestyle) in LEARNINGS.items():
        path = of_learning(store, "projection_t", learning).isel(realization=0)
        path = (path.isel(start=0) if "start" in path.dims else path).transpose("coupling", "time").values
        ax.plot(*path, color=colour, linestyle=linestyle, linewidth=pt(1.4))
        ax.plot(*path[:, 0], "o", color=colour, markersize=pt(4))
        for k in np.searchsorted(store["projection_t"]["time"], (0.1, 0.4, 1.2)):
            if k + 1 < path.shape[1]:
                ax.annotate("", path[:, k + 1], path[:, k],
                            arrowprops=dict(arrowstyle="-|>", color=colour, mutation_scale=pt(12)))
    ax.plot(target[0, 1], target[0, 2], "*", gid="guide", color=REFERENCE, markersize=pt(12), zorder=4)
    ax.set_xlabel("coupling $J_{01}$")
    ax.set_ylabel("coupling $J_{02}$")


def mark_time(ax, when):
    if np.isfinite(when):
        ax.axvline(when, color=REFERENCE, linewidth=pt(1), linestyle=(0, (4, 4)), zorder=1)


def draw_trajectory(ax, values, colour, label=None, linestyle="-"):
    """The median over samples with a band from quartile to quartile, which a few extreme samples do not move, and
    faintly the first sample, whose extremes are not blurred."""
    values = values.dropna("time", how="all")
    if values.size == 0:
        return
    low, median, high = np.nanpercentile(values.transpose("realization", "time"), (25, 50, 75), axis=0)
    time = values["time"]
    if values.sizes["realization"] > 1:
        ax.plot(time, first_known(values), color=colour, linestyle=linestyle, **thin())
    ax.fill_between(time, low, high, color=colour, alpha=0.2, linewidth=0, zorder=1)
    ax.plot(time, median, color=colour, linestyle=linestyle, label=label, zorder=3)


def first_known(values):
    """[time] of the first sample that is known anywhere."""
    known = values.notnull().any("time").values
    return values.isel(realization=int(np.argmax(known)))


def medians_over(samples, single="one sample"):
    """For a caption: how draw_trajectory draws so many samples."""
    if samples == 1:
        return "One sample of the disorder."
    return f"Medians over {samples} samples of the disorder, bands: quartiles; thin: {single}."


def linear_time_axis(ax, values, until=np.inf):
    ax.set_xlim(0, min(until, float(values["time"][-1])))
    ax.set_xlabel(TIME_LABEL)


def time_axis(ax, values, linear_until=0.5):
    """Learning time, linear in the transient and logarithmic later."""
    ax.set_xscale("function", functions=(lambda time: np.arcsinh(time / linear_until),
                                         lambda place: linear_until * np.sinh(place)))
    last = float(values["time"][-1])
    ticks = [tick for tick in (0, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100) if tick <= last]
    ax.set_xticks(ticks, labels=[f"{tick:g}" for tick in ticks])
    ax.set_xlim(0, last)
    ax.set_xlabel(TIME_LABEL)
