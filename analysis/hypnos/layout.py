"""Panels of a picture: as many side by side as the width allows, texts broken to fit, legends beside the data.

    figure, (plane, heat) = panels(2)
    with panel(plane, store, "sDKL", "Cv"):     # says in the panel why nothing is drawn
        draw_plane(plane)
        legend(plane)
    headline(figure, ...), caption(figure, ...)
    arrange(figure)                             # command() does so"""

import re
from collections import namedtuple
from contextlib import contextmanager
from functools import lru_cache

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path
from matplotlib.transforms import ScaledTranslation

from hypnos.store import MissingError
from hypnos.style import plt, present, small
from hypnos.symbols import in_symbols

LEAST, MANY, LEAST_OF_MANY = 21, 5, 15  # width of a panel with its labels, in heights of its text; of five and more
SCREEN = 36  # the same of a panel on the screen
POINT = 1 / 72  # inches
Legend = namedtuple("Legend", "title columns")


class Picture(Figure):
    """A figure of panels; it holds what `arrange` needs."""

    def __init__(self, *args, shape=0.75, **kwargs):
        super().__init__(*args, **kwargs)
        self.shape = shape  # height of the axes of a panel over their width
        self.panels = []
        self.wanted_legends = {}  # {axes: Legend}
        self.reasons = {}  # {axes: why nothing may be drawn there}
        self.across = []  # title and caption
        self.whole_texts = {}  # {text: what it says, before it is broken into lines}


def panels(count, columns=None, shape=None, ratios=None, kinds=None, **shared):
    """A figure and its axes, row by row: `columns` side by side (default: all), or as many as the width allows.

    shape: height of axes over their width (default: 3/4, and 1 for small panels). ratios: of the widths of the columns,
    used where all fit. kinds: {index: projection}. shared: sharex=True, sharey=True."""
    columns = columns or count
    least = LEAST if count < MANY else LEAST_OF_MANY  # so that a column of a paper is no longer than its page
    em = present().style.text * POINT
    width = present().width or columns * SCREEN * em
    fitting = min(columns, max(1, int(width / (least * em))))
    rows = -(-count // fitting)
    shape = shape or (0.75 if width >= fitting * LEAST * em else 1)
    ample = rows * (width / fitting * shape + 12 * em)  # `arrange` makes it what is needed
    figure = plt.figure(FigureClass=Picture, figsize=(width, ample), layout="constrained", shape=shape)
    grid = figure.add_gridspec(rows, fitting, width_ratios=ratios if fitting == columns else None)
    for k in range(count):
        siblings = {name: figure.panels[0] for name, wanted in shared.items() if wanted and k}
        figure.panels.append(figure.add_subplot(grid[k // fitting, k % fitting], projection=(kinds or {}).get(k),
                                                **siblings))
        # matplotlib asks for the present size whenever it counts ticks, also after the context of the style has ended
        figure.panels[-1].tick_params(labelsize=small())
    figure.shared = shared
    return figure, figure.panels


@contextmanager
def panel(ax, store, *names):
    """What is drawn in this context needs these observables. If the store lacks one, or nothing of them is known, the
    panel says so."""
    figure = ax.figure
    figure.reasons[ax] = why_empty(store, names)
    try:
        yield
    except MissingError as missing:
        ax.clear()
        figure.wanted_legends.pop(ax, None)
        figure.reasons[ax] = f"not measured: this store has no {missing.name}"


def why_empty(store, names):
    """Why nothing of these observables may be there to draw: the first reason that holds."""
    for name in names:
        if name not in store:
            return f"not measured: this store has no {name}"
        values, samples = store[name], counted(store[name].sizes["realization"], "sample")
        if not values.notnull().any():
            return f"{store.symbol(name)} is NaN in {samples}" + meaning(values)
        if name == "converged" and not (values == 1).any():
            return f"none of {samples} converged"
    return "no samples: no finished task has all that is drawn here"


def meaning(values):
    """What NaN means, as the file says it: ': never' or nothing."""
    told = re.search(r"; NaN (?:if |for )?([^;]*)", values.attrs.get("long_name", ""))
    return f" ({told[1]})" if told else ""


def counted(number, noun):
    """'1 sample', '24 samples'."""
    return f"{number} {noun}" + ("" if str(number) == "1" else "s")


def legend(ax, title=None, columns=None):
    """A legend where it hides nothing, or above the axes where there is no such place."""
    ax.figure.wanted_legends[ax] = Legend(title, columns)


def headline(figure, text, store, *names):
    """The title: a text, and the settings of the job with these names: 'SK model, $N = 18$'."""
    if present().title:
        parts = [f"{symbol[:-1]} = {value}$" if symbol.endswith("$") else f"{symbol} = {value}"
                 for symbol, value in ((store.symbol(name), store.job[name]) for name in names)]
        whole = (" " if text.endswith(":") else ", ").join(filter(None, (text, ", ".join(parts))))
        figure.across.append(figure.suptitle(whole, x=0.01, ha="left"))


def caption(figure, stores, text):
    """Small print below the picture: how to read the errors, and what is still missing from the store or stores."""
    if not present().caption:
        return
    stores = stores if isinstance(stores, list) else [stores]
    tasks, done, failures = (sum(getattr(store, name) for store in stores) for name in ("tasks", "done", "failed"))
    if left := tasks - done:
        failed = f", {failures} of them failed" if failures else ""
        text += f" Incomplete: {left} of {counted(tasks, 'task')} are missing{failed}."
    figure.across.append(figure.supxlabel(in_symbols(text), x=0.01, ha="left", color="#555555", linespacing=1.35))


def means_over(samples, what="samples of the disorder", errors="bars and bands are one standard error"):
    """For a caption: 'Means over 24 samples of the disorder; bars are one standard error.' Of one sample there is no
    error. samples: a number, or one for each of several stores."""
    if not isinstance(samples, int):
        numbers = sorted(set(samples))
        samples = numbers[0] if len(numbers) == 1 else f"{', '.join(map(str, samples[:-1]))} and {samples[-1]}"
    if samples == 1:
        one = re.sub(r"\b(sample|split)s\b", r"\1", what)
        return f"One {one}, so there are no errors."
    return f"Means over {samples} {what}; {errors}."


def arrange(figure):
    """Breaks titles and labels so that they fit, gives all axes their shape, and places the legends."""
    if not present().title:
        for ax in figure.panels:
            title = title_of(ax)
            letter = re.match(r"\(\w+'?\)", title.get_text())
            title.set_text(letter[0] if letter else "")
    for ax in figure.panels:
        if not has_data(ax):
            say(ax, figure.reasons.get(ax, "nothing to draw"))
        hide_inner_labels(ax, figure.shared)
    if any(ax.name == "3d" for ax in figure.panels):
        with in_points(figure):
            figure.canvas.draw()  # only then their extent is known
    lay_out(figure)
    for _ in range(2):  # labels of two lines leave less width to the others
        if not break_texts(figure):
            break
        lay_out(figure)
    set_height(figure)
    if place_legends(figure):
        lay_out(figure)
        set_height(figure)


def has_data(ax):
    """Whether anything known is drawn; lines across the axes and those of `guide` are no data."""
    lines = [line for line in ax.lines if line.get_gid() != "guide" and line.get_transform() == ax.transData]
    if ax.name == "3d":
        return any(np.isfinite(np.asarray(line.get_data_3d(), float)).all(0).any() for line in lines)
    known = any(np.isfinite(np.asarray(line.get_xydata(), float)).all(1).any() for line in lines)
    coloured = [part for part in ax.collections if part.get_array() is not None]
    return known or any(np.isfinite(np.ma.filled(part.get_offsets(), np.nan)).all(1).any() for part in coloured)


def say(ax, reason):
    """A text in an empty panel, instead of lines to compare with."""
    for artist in (*ax.lines, *ax.collections, *ax.patches):
        artist.remove()
    ax.grid(False)
    ax.set_xticks([])
    ax.set_yticks([])
    ax.figure.wanted_legends.pop(ax, None)
    placed = ax.text2D if ax.name == "3d" else ax.text
    placed(0.5, 0.5, reason, transform=ax.transAxes, ha="center", va="center", gid="reason")


def lay_out(figure):
    figure.get_layout_engine().execute(figure)


def extent(ax):
    """Width and height of axes in inches."""
    box, figure = ax.get_position(original=True), ax.figure
    return box.width * figure.get_figwidth(), box.height * figure.get_figheight()


def hide_inner_labels(ax, shared):
    place = ax.get_subplotspec()
    if "sharex" in shared and not place.is_last_row():
        ax.tick_params(labelbottom=False)
        ax.set_xlabel("")
    if "sharey" in shared and not place.is_first_col():
        ax.tick_params(labelleft=False)
        ax.set_ylabel("")


def set_height(figure):
    """The height at which the axes of every row have the shape that was asked for."""
    rows = {}
    for ax in figure.panels:
        rows.setdefault(ax.get_subplotspec().rowspan.start, []).append(extent(ax))
    more = sum(max(width * figure.shape for width, _ in row) - max(height for _, height in row)
               for row in rows.values())
    figure.set_figheight(figure.get_figheight() + more)
    lay_out(figure)
    lay_out(figure)  # other ticks may have come with the height


def break_texts(figure):
    """Titles and labels in as many lines as their axes are wide or high, title and caption as the figure is wide;
    whether any line changed."""
    whole = figure.get_figwidth() - 0.5 * present().style.text * POINT
    changed = [fit(figure, text, whole) for text in figure.across]
    for ax in figure.panels:
        width, _ = extent(ax)
        height = width * figure.shape
        for text, room in ((title_of(ax), width), (ax.xaxis.label, width), (ax.yaxis.label, height)):
            changed.append(fit(figure, text, room))
        changed += [fit(figure, text, 0.9 * width) for text in ax.texts if text.get_gid() == "reason"]
    return any(changed)


def title_of(ax, **changed):
    """The text above the axes."""
    place = "center" if ax.name == "3d" else "left"  # the default of either
    return ax.set_title(ax.get_title(loc=place), loc=place, **changed)


def fit(figure, text, width):
    before = text.get_text()
    said = figure.whole_texts.setdefault(text, before)
    text.set_text(broken(said, width / POINT, text.get_fontsize()))
    return text.get_text() != before


def broken(text, width, size):
    """A text in lines of at most this width, both in points, broken at spaces outside of mathematics, and inside of
    words only where these are wider than a line."""
    lines, room = [], 0
    space = length(" ", size)
    for piece in re.findall(r"(?:\$[^$]*\$|[^ \n$])+", text):
        while (wide := length(piece, size)) > width and "$" not in piece:
            fitting = max(1, int(len(piece) * width / wide))
            lines.append(piece[:fitting])
            piece, room = piece[fitting:], 0
        if lines and room >= space + wide:
            lines[-1] += " " + piece
            room -= space + wide
        else:
            lines.append(piece)
            room = width - wide
    return "\n".join(lines)


@lru_cache(maxsize=4096)
def unit_length(text):
    width, _, _ = text_to_path.get_text_width_height_descent(text, FontProperties(size=100), ismath="$" in text)
    return width / 100


def length(text, size):
    """Width of one line of text, in points."""
    return 1.02 * size * unit_length(text)  # rounding to pixels widens it by 1 % or so


def place_legends(figure):
    """Each legend goes to a blank corner of its axes, else to any blank place, else above the axes, for which the
    figure grows; whether it does."""
    if not figure.wanted_legends:
        return False
    needed = 0
    with in_points(figure) as renderer:
        drawn = ink(figure)
        for ax, (title, columns) in figure.wanted_legends.items():
            handles, labels = ax.get_legend_handles_labels()
            if handles and not beside(ax, handles, labels, title, columns, drawn, renderer):
                needed += above(ax, handles, labels, title, renderer)
    figure.set_figheight(figure.get_figheight() + needed * POINT)
    return needed > 0


@contextmanager
def in_points(figure):
    """The figure as it is now on a canvas where a pixel is a point; gives its renderer."""
    canvas, dpi, engine = figure.canvas, figure.dpi, figure.get_layout_engine()
    figure.set_layout_engine("none")
    figure.dpi = 72
    try:
        yield FigureCanvasAgg(figure).get_renderer()
    finally:
        figure.set_canvas(canvas)
        figure.dpi = dpi
        figure.set_layout_engine(engine)


def ink(figure):
    """Where anything but the background and the grid is drawn, [row, column] of pixels from the top."""
    grids = [line for ax in figure.panels if ax.name != "3d" for axis in (ax.xaxis, ax.yaxis)
             for line in axis.get_gridlines() if line.get_visible()]
    for line in grids:
        line.set_visible(False)
    figure.canvas.draw()
    for line in grids:
        line.set_visible(True)
    return (np.asarray(figure.canvas.buffer_rgba())[..., :3] < 250).any(-1)


def beside(ax, handles, labels, title, columns, drawn, renderer):
    """The legend at a blank place inside the axes, if there is one, in as few columns as that allows."""
    for ncol in (columns,) if columns else (1, 2, 3):
        placed = ax.legend(handles, labels, title=title, ncol=ncol, loc="lower left", borderaxespad=0, borderpad=0)
        box = placed.get_window_extent(renderer)
        if corner := blank(drawn, ax.get_window_extent(renderer), box.width, box.height, small()):
            placed.set_bbox_to_anchor(corner, ax.transAxes)
            placed.set_zorder(10)
            return True
    return False


def blank(drawn, axes, width, height, margin):
    """Lower left corner, as parts of the axes, of a blank rectangle of this size in pixels; None if there is none."""
    height_of_picture = drawn.shape[0]
    left, right = int(axes.x0) + 2, int(axes.x1) - 2
    top, bottom = height_of_picture - int(axes.y1) + 2, height_of_picture - int(axes.y0) - 2
    inside = drawn[top:bottom, left:right]
    needed = int(height + margin), int(width + margin)
    if needed[0] >= inside.shape[0] or needed[1] >= inside.shape[1]:
        return None
    sums = np.pad(inside.cumsum(0).cumsum(1), ((1, 0), (1, 0)))
    dark = (sums[needed[0]:, needed[1]:] - sums[:-needed[0], needed[1]:] - sums[needed[0]:, :-needed[1]]
            + sums[:-needed[0], :-needed[1]])
    rows, columns = dark.shape
    free = np.argwhere(dark == 0)
    if free.size == 0:
        return None
    # corners first: upper right, upper left, lower right, lower left; then whatever is nearest to one of them
    ends = np.array([(0, columns - 1), (0, 0), (rows - 1, columns - 1), (rows - 1, 0)])
    away = np.abs(free[:, None] - ends).sum(-1)
    row, column = free[np.unravel_index(np.argmin(away), away.shape)[0]]
    x = left + column + margin / 2 - axes.x0
    y = height_of_picture - (top + row + margin / 2 + height) - axes.y0
    return x / axes.width, y / axes.height


def above(ax, handles, labels, title, renderer):
    """The legend between axes and title, in as many columns as fit; it may begin at the labels of the axes. Its height
    in points."""
    axes = ax.get_window_extent(renderer)
    raised = max([axes.y1, *(child.get_tightbbox(renderer).y1 for child in ax.child_axes)]) - axes.y1 + 0.3 * small()
    room = axes.x1 - ax.get_tightbbox(renderer).x0
    for ncol in range(len(handles), 0, -1):
        placed = ax.legend(handles, labels, title=title, ncol=ncol, loc="lower left", borderaxespad=0, borderpad=0)
        box = placed.get_window_extent(renderer)
        if box.width <= room:
            break
    shift = min(0, axes.width - box.width)
    placed.set_bbox_to_anchor((0, 1), ax.transAxes + ScaledTranslation(shift * POINT, raised * POINT,
                                                                       ax.figure.dpi_scale_trans))
    high = raised + box.height + 0.8 * small()
    title_of(ax, pad=high)
    return high
