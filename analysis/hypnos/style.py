"""The style of every picture: colours, sizes, titles, captions, and a mean with its error."""

import textwrap

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import BoundaryNorm, LinearSegmentedColormap, ListedColormap

# Okabe and Ito, distinct for all kinds of colour vision; without their yellow, which is lost on white
PALETTE = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00"]
INK, FAINT = "#222222", "#8A8A8A"
REFERENCE = INK  # the generating model, the truth to compare with
MARKED = "#C8102E"  # the red ring of a special point

# for ordered values: from dark to light with rising lightness, so that it survives grey printing
SEQUENTIAL = LinearSegmentedColormap.from_list("sequential", plt.get_cmap("plasma")(np.linspace(0.02, 0.86, 256)))
DIVERGING = plt.get_cmap("RdBu_r")

RC = {
    "figure.dpi": 160, "figure.facecolor": "white", "savefig.facecolor": "white",
    "font.family": "DejaVu Sans", "font.size": 13, "axes.titlesize": 13, "axes.labelsize": 14, "legend.fontsize": 12,
    "text.color": INK, "axes.labelcolor": INK, "axes.edgecolor": INK, "xtick.color": INK, "ytick.color": INK,
    "axes.spines.top": False, "axes.spines.right": False, "axes.linewidth": 1.0, "axes.titlelocation": "left",
    "axes.grid": True, "grid.color": "#ECECEC", "grid.linewidth": 0.9, "axes.axisbelow": True,
    "axes.prop_cycle": plt.cycler(color=PALETTE),
    "lines.linewidth": 2.0, "lines.markersize": 6.5, "errorbar.capsize": 0, "legend.frameon": False,
}


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


def headline(figure, text, store, *names):
    """The title: a text, and the settings of the job with these names: 'SK model, $N = 18$'."""
    parts = [f"{symbol[:-1]} = {value}$" if symbol.endswith("$") else f"{symbol} = {value}"
             for symbol, value in ((store.symbol(name), store.job[name]) for name in names)]
    figure.suptitle((" " if text.endswith(":") else ", ").join(filter(None, (text, ", ".join(parts)))), x=0.01,
                    ha="left", fontsize=17 if figure.get_figwidth() > 12 else 15)


def caption(figure, stores, text):
    """Small print below the picture: how to read the errors, and what is still missing from the store or stores."""
    stores = stores if isinstance(stores, list) else [stores]
    tasks, done, failures = (sum(getattr(store, name) for store in stores) for name in ("tasks", "done", "failed"))
    if left := tasks - done:
        failed = f", {failures} of them failed" if failures else ""
        text += f" Incomplete: {left} of {tasks} tasks are missing{failed}."
    width = int(11.2 * figure.get_figwidth())  # characters
    figure.supxlabel(textwrap.fill(text, width), x=0.01, ha="left", fontsize=10.5, color="#555555", linespacing=1.35)
