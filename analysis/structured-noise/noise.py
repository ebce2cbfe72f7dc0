"""What the figures of training with noise share: the loss along training, clouds of weights, retrieval maps."""

import numpy as np

from hypnos.claims import share, with_error
from hypnos.figures.dreams import MACHINE
from hypnos.statistics import estimate
from hypnos.style import FAINT, INK, MARKED, PALETTE, SEQUENTIAL, colours, draw_mean, guide, pt

THEORY, PERCEPTRON_THEORY = INK, FAINT  # of the loss of Eq. 13, and of the perceptron's loss averaged over noise


def overlap_colours(store, name):
    """{m_t: colour} of the training overlaps of a store."""
    values = np.unique(store[name]["m_t"].values)
    return dict(zip(values, hues(values)))


def hues(values):
    """Colours of ordered numbers, without the light end of the map, which is close to the colour of the machine."""
    values = np.asarray(values, float)
    return [SEQUENTIAL(0.8 * (value - values.min()) / (np.ptp(values) or 1)) for value in values]


def worded(values):
    """Mean of a value of theory, the same in all samples, or of simulation, with its error: '-0.670', '-0.651(12)'."""
    here = estimate(values)
    mean, error = float(here.mean), float(here.stderr)
    return with_error(mean, error) if np.isfinite(mean) else "none"


def draw_loss(ax, values, colour, label):
    """The mean loss along the steps, on a logarithmic axis, which lacks the start."""
    later = values.isel(step=slice(1, None))
    draw_mean(ax, later["step"], estimate(later), colour, label)


def step_axis(ax, values):
    ax.set_xscale("log")
    ax.set_xlim(float(values["step"][1]), float(values["step"][-1]))
    ax.set_xlabel("steps of training $d$")


def loss_axis(ax, values, m):
    step_axis(ax, values)
    ax.set_ylim(-0.72, 0)
    ax.set_ylabel(rf"loss $\mathcal{{L}}(m = {m:g}, J)$")


def lowest(values):
    """The lowest mean over samples along the steps: its Estimate and its step."""
    curve = estimate(values.transpose("realization", "step"))
    k = int(np.argmin(curve.mean.values))
    return curve.isel(step=k), float(values["step"][k])


def draw_cloud(ax, store, index):
    """Density of the points (Delta, omega) over all samples, the line fitted to them, and its height at 0."""
    density = store["density"].isel(index).mean("realization").transpose("omega", "delta")
    if not density.notnull().any():
        return
    delta, omega = density["delta"].values, density["omega"].values
    ax.pcolormesh(delta, omega, density, cmap=SEQUENTIAL, rasterized=True)
    offset, slope = (float(store[name].isel(index).mean()) for name in ("omega_emp_0", "omega_slope"))
    likely = density.values > 5e-3 * np.nanmax(density.values)
    across, along = np.flatnonzero(likely.any(0)), np.flatnonzero(likely.any(1))
    ax.set_xlim(delta[across[0]], delta[across[-1]])
    ax.set_ylim(omega[along[0]], omega[along[-1]])
    ends = np.array(ax.get_xlim())
    ax.grid(False)
    guide(ax, ends, [0, 0], color="white", linestyle=":", linewidth=pt(1.5), zorder=2)
    ax.plot(ends, offset + slope * ends, color=INK, linewidth=pt(1.6), zorder=3)
    ax.plot(0, offset, "o", color=MARKED, markersize=pt(8), markeredgecolor="white", zorder=4)
    ax.set_xlim(ends)
    ax.set_xlabel(r"stability $\Delta_i^\mu$")
    ax.set_ylabel(r"weight $\omega_i^\mu$")


def configurations(store, name):
    """[(samples, T, index of the sweep)] of a store that varies both together."""
    values = store[name]
    axis = values["samples"].dims[0]
    return [(str(kind), float(T), {axis: k})
            for k, (kind, T) in enumerate(zip(values["samples"].values, values["T"].values))]


def told(kind, T):
    return "fixed points" if kind == "fixed-points" else "pair-flip minima, T = 0" if T == 0 else f"T = {T:g}"


def draw_retrieval(ax, values, colour, label, linestyle="-"):
    draw_mean(ax, values["m_0"], estimate(values), colour, label, linestyle=linestyle)


def draw_machine(ax, store):
    draw_retrieval(ax, store["m_f"], MACHINE, "support vector machine", linestyle="--")


def map_axes(ax):
    guide(ax, [0, 1], [0, 1], linestyle="--")
    ax.set_xlim(0, 1)
    ax.set_xlabel("overlap $m_0$ at the start")
    ax.set_ylabel("overlap $m_f$ at the end")


def kind_colours(every):
    """One colour for every entry of configurations(): along the map by temperature, fixed points from the palette."""
    kinds = [kind for kind, _, _ in every]
    by_rank = dict(enumerate(colours(np.arange(len(kinds)))))
    return [PALETTE[0] if kind == "fixed-points" else by_rank[k] for k, kind in enumerate(kinds)]


def classifying(steps, curve):
    """In how many of the samples that are done all patterns became stable. curve: of the same rows, along time."""
    return share(steps.notnull().values[curve.isel(time=0).notnull().values])


def time_axis(ax, values):
    ax.set_xlim(0, float(values["time"][-1]))
    ax.set_xlabel(r"training time, steps $\times\ \lambda / N$")
