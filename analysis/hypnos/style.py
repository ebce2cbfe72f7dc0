"""The style of every picture: colours, sizes of text and lines for screen, paper and talk, a mean with its error."""

import re
from collections import namedtuple
from contextlib import contextmanager

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import BoundaryNorm, LinearSegmentedColormap, ListedColormap

from hypnos.statistics import wilson

# Okabe and Ito, distinct for all kinds of colour vision; without their yellow, which is lost on white
PALETTE = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00"]
INK, FAINT = "#222222", "#7A7A7A"
REFERENCE = INK  # the generating model, the truth to compare with
MARKED = "#C8102E"  # the red ring of a special point

# for ordered values: from dark to light with rising lightness, so that it survives grey printing
SEQUENTIAL = LinearSegmentedColormap.from_list("sequential", plt.get_cmap("plasma")(np.linspace(0.02, 0.86, 256)))
DIVERGING = plt.get_cmap("RdBu_r")

# Points: text of labels, small text (ticks, legends, captions), titles; line: widths of lines and sizes of markers
# relative to those of the screen. width: inches, None if the panels give it. dpi: of pixel formats.
Style = namedtuple("Style", "text small head line width dpi")
STYLES = {"screen": Style(13, 11.5, 16, 1.0, None, 160), "paper": Style(8, 7, 9, 0.5, 86 / 25.4, 300),
          "talk": Style(18, 15, 22, 1.5, 12.0, 160)}
INCHES = {"mm": 1 / 25.4, "cm": 1 / 2.54, "in": 1, "pt": 1 / 72}

# How a picture is made: its style, its width in inches (None: that of the style or of the panels), and whether it has
# a title and a caption.
Sheet = namedtuple("Sheet", "style width title caption")
_sheets = [Sheet(STYLES["screen"], None, True, True)]


def inches(text):
    """The length '86mm', '8.6 cm', '3.4in' or '244pt' in inches. ValueError for anything else, and for less than 40 mm,
    which is too narrow for a panel with its labels, or more than 2 m."""
    match = re.fullmatch(r"\s*([0-9]*\.?[0-9]+)\s*(mm|cm|in|pt)\s*", text)
    if not match:
        raise ValueError(f"'{text}' is not a width such as 86mm, 8.6cm, 3.4in or 244pt")
    length = float(match[1]) * INCHES[match[2]]
    if not 40 * INCHES["mm"] <= length <= 2000 * INCHES["mm"]:
        raise ValueError(f"a width of {text.strip()} is not between 40mm and 2000mm")
    return length


@contextmanager
def sheet(style=None, width=None, title=True, caption=True):
    """In this context pictures are made in one of STYLES; by default for the screen or, with a width (a text), for
    paper."""
    chosen = STYLES[style or ("paper" if width else "screen")]
    _sheets.append(Sheet(chosen, inches(width) if width else chosen.width, title, caption))
    try:
        with plt.rc_context(settings(chosen)):
            yield
    finally:
        _sheets.pop()


def present():
    """The sheet of the innermost context."""
    return _sheets[-1]


def settings(style):
    """The rcParams of a style."""
    text, small, head, line, _, dpi = style
    ticks = {f"{axis}tick.{part}": size * line for axis in "xy" for part, size in
             (("major.size", 4), ("minor.size", 2.5), ("major.width", 1), ("minor.width", 0.8), ("major.pad", 4))}
    return {
        "figure.dpi": dpi, "savefig.dpi": dpi, "figure.facecolor": "white", "savefig.facecolor": "white",
        "pdf.fonttype": 42, "ps.fonttype": 42,  # journals refuse type 3
        "font.family": "DejaVu Sans", "font.size": text, "axes.titlesize": text, "axes.labelsize": text,
        "legend.fontsize": small, "legend.title_fontsize": small, "xtick.labelsize": small, "ytick.labelsize": small,
        "figure.titlesize": head, "figure.labelsize": small,
        "text.color": INK, "axes.labelcolor": INK, "axes.edgecolor": INK, "xtick.color": INK, "ytick.color": INK,
        "axes.spines.top": False, "axes.spines.right": False, "axes.linewidth": max(1.0 * line, 0.5),
        "axes.titlelocation": "left", "axes.titlepad": 0.5 * text, "axes.labelpad": 0.3 * text,
        "axes.grid": True, "grid.color": "#ECECEC", "grid.linewidth": 0.9 * line, "axes.axisbelow": True,
        "axes.prop_cycle": plt.cycler(color=PALETTE),
        "lines.linewidth": 2 * line, "lines.markersize": 6.5 * line, "lines.markeredgewidth": line,
        "errorbar.capsize": 0, "legend.frameon": False, "legend.handlelength": 1.8, "legend.columnspacing": 1.2,
        "figure.constrained_layout.w_pad": 0.25 * text / 72, "figure.constrained_layout.h_pad": 0.25 * text / 72,
        **ticks}


def pt(size):
    """A width of a line or a size of a marker, in points of the screen, in the present style. Lines of a paper do not
    become thinner than 0.5 points."""
    return max(size * present().style.line, min(size, 0.5))


def small():
    """The size in points of text beside data and in small axes."""
    return present().style.small


def thin(**changed):
    """How lines of single samples are drawn: behind their mean, but to be seen in print."""
    return {"alpha": 0.45, "linewidth": pt(0.9), "zorder": 1, **changed}


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
    mapped = plt.cm.ScalarMappable(BoundaryNorm(steps, len(values)) if len(values) > 1 else plt.Normalize(*steps),
                                   ListedColormap(colours(values)))
    bar = bare_bar(figure, mapped, axes, label)
    every = max(1, -(-len(values) // 12))
    bar.set_ticks(np.arange(len(values))[::every], labels=[f"{value:g}" for value in values[::every]])
    bar.ax.tick_params(length=0)
    return bar


def bare_bar(figure, mapped, axes, label):
    """A colour bar without a frame, its label above."""
    bar = figure.colorbar(mapped, ax=axes, pad=0.02, fraction=0.06, aspect=28)
    bar.ax.minorticks_off()
    bar.ax.tick_params(labelsize=small())
    bar.outline.set_visible(False)
    bar.ax.set_title(label, loc="center")
    return bar


def draw_mean(ax, x, estimate, colour, label=None, marker="o", linestyle="-", zorder=2):
    """A line through the means, with bars of one standard error where points are few and a band where they are many."""
    x, mean, error = map(np.asarray, (x, estimate.mean, estimate.stderr))
    few = len(x) <= 25
    ax.plot(x, mean, color=colour, label=label, marker=marker if few else "", linestyle=linestyle, zorder=zorder)
    known = np.isfinite(error)
    if few and known.any():
        ax.errorbar(x[known], mean[known], error[known], color=colour, fmt="none", elinewidth=pt(1.5), zorder=zorder)
    elif known.any():
        ax.fill_between(x, mean - error, mean + error, color=colour, alpha=0.2, linewidth=0, zorder=zorder)


def draw_share(ax, x, hits, colour, label=None, marker="o", linestyle="-"):
    """The part of the samples that are 1, with the 68 % interval of Wilson. hits: [x, realization] of 1, 0, or NaN
    where a sample does not count."""
    count, found = hits.count("realization").values, (hits == 1).sum("realization").values
    known = count > 0
    x, count, found = np.asarray(x)[known], count[known], found[known]
    part, (low, high) = found / count, wilson(found, count)
    ax.plot(x, part, color=colour, label=label, marker=marker, linestyle=linestyle, zorder=2)
    if known.any():
        ax.errorbar(x, part, [part - low, high - part], color=colour, fmt="none", elinewidth=pt(1.5), zorder=2)


def guide(ax, x, y, **style):
    """A line to compare with, such as a diagonal, which is no data: a panel with nothing else is empty."""
    style = {"color": FAINT, "linewidth": pt(1), "zorder": 1, **style}
    ax.plot(x, y, gid="guide", **style)


def points(ax, x, y, error=None, x_error=None, **style):
    """As ax.errorbar, where values and errors may be unknown: no point and no bar then."""
    x, y, *errors = (None if part is None else np.atleast_1d(np.asarray(part, float))
                     for part in (x, y, error, x_error))
    if not (np.isfinite(x) & np.isfinite(y)).any():
        x, y, errors = [], [], (None, None)
    return ax.errorbar(x, y, *(None if part is None else np.nan_to_num(part) for part in errors), **style)
