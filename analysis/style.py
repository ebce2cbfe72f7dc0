"""The look of every picture, in one place: colours, sizes, symbols, captions, and a mean with its error."""

import textwrap

import matplotlib

matplotlib.use("Agg")  # pictures go to files, also where there is no screen

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import BoundaryNorm, LinearSegmentedColormap, ListedColormap

# Okabe and Ito, distinct for all kinds of colour vision; without their yellow, which is lost on white
PALETTE = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00"]
INK, FAINT = "#222222", "#8A8A8A"
REFERENCE = INK  # the generating model, the truth to compare with
MARKED = "#C8102E"  # the red ring of a special point

# for ordered values such as a: from dark to light with rising lightness, so that it survives grey printing
SEQUENTIAL = LinearSegmentedColormap.from_list("sequential", plt.get_cmap("plasma")(np.linspace(0.02, 0.86, 256)))
DIVERGING = plt.get_cmap("RdBu_r")

# parameters and axes that the field writes as symbols
SYMBOLS = {"N": "N", "V": "V", "H": "H", "K": "K", "beta_d": r"\beta_d", "alpha": r"\alpha", "a": "a",
           "gamma": r"\gamma", "k": "k", "T": "T", "m_t": "m_t", "lambda": r"\lambda", "epsilon": r"\epsilon",
           "beta": r"\beta", "i": "i", "j": "j"}

plt.rcParams.update({
    "figure.dpi": 160, "figure.facecolor": "white", "savefig.facecolor": "white",
    "font.family": "DejaVu Sans", "font.size": 13, "axes.titlesize": 13, "axes.labelsize": 14, "legend.fontsize": 12,
    "text.color": INK, "axes.labelcolor": INK, "axes.edgecolor": INK, "xtick.color": INK, "ytick.color": INK,
    "axes.spines.top": False, "axes.spines.right": False, "axes.linewidth": 1.0, "axes.titlelocation": "left",
    "axes.grid": True, "grid.color": "#ECECEC", "grid.linewidth": 0.9, "axes.axisbelow": True,
    "axes.prop_cycle": plt.cycler(color=PALETTE),
    "lines.linewidth": 2.0, "lines.markersize": 6.5, "errorbar.capsize": 0, "legend.frameon": False,
})


def symbol(name):
    """A parameter or axis as the field writes it."""
    return f"${SYMBOLS[name]}$" if name in SYMBOLS else name


def with_units(label, variable):
    """'label (units)'; numbers without a unit stay bare."""
    units = variable.attrs.get("units", "1")
    return label if units in ("1", "") else f"{label} ({units})"


def colours(values):
    """One colour a value: along the sequential map for numbers, from the palette for names."""
    values = np.asarray(values)
    if values.dtype.kind not in "fiu":
        return [PALETTE[index % len(PALETTE)] for index in range(len(values))]
    low, high = np.min(values), np.max(values)
    return [SEQUENTIAL((value - low) / (high - low) if high > low else 0.0) for value in values]


def colourbar(figure, axes, values, label):
    """A stepped bar: one step a value, ticks in the middle of their steps."""
    steps = np.arange(len(values) + 1) - 0.5
    mapped = plt.cm.ScalarMappable(BoundaryNorm(steps, len(values)), ListedColormap(colours(values)))
    bar = figure.colorbar(mapped, ax=axes, pad=0.02, fraction=0.06, aspect=28)
    every = max(1, -(-len(values) // 12))
    bar.set_ticks(np.arange(len(values))[::every], labels=[f"{value:g}" for value in values[::every]])
    bar.ax.minorticks_off()
    bar.ax.tick_params(length=0)
    bar.outline.set_visible(False)
    bar.ax.set_title(label, fontsize=15, loc="center")
    return bar


def draw_mean(ax, x, estimate, colour, label=None, marker="o", linestyle="-", zorder=2):
    """A line through the means, with bars of one standard error where points are few and a band where they are many."""
    x, mean, error = map(np.asarray, (x, estimate.mean, estimate.stderr))
    few = len(x) <= 25
    ax.plot(x, mean, color=colour, label=label, marker=marker if few else "", linestyle=linestyle, zorder=zorder)
    known = np.isfinite(error)
    if few and known.any():
        ax.errorbar(x[known], mean[known], error[known], color=colour, fmt="none", elinewidth=1.5, zorder=zorder)
    elif known.any():
        ax.fill_between(x, mean - error, mean + error, color=colour, alpha=0.2, linewidth=0, zorder=zorder)


def caption(figure, stores, text, width):
    """Small print below the picture, wrapped at width characters: how to read the errors, and what is still missing
    from the store, or the stores."""
    stores = stores if isinstance(stores, list) else [stores]
    tasks, done, failures = (sum(getattr(store, name) for store in stores) for name in ("tasks", "done", "failed"))
    if left := tasks - done:
        failed = f", {failures} of them failed" if failures else ""
        text += f" Incomplete: {left} of {tasks} tasks are missing{failed}."
    figure.supxlabel(textwrap.fill(text, width), x=0.01, ha="left", fontsize=10.5, color="#555555", linespacing=1.35)
