"""What is wrong with a drawn picture: text that is cut, overlaps or is too small, legends on data, empty panels."""

from itertools import combinations
from unittest import mock

import numpy as np
from matplotlib.text import Text
from matplotlib.transforms import Bbox


def faults(figure, sizes=None):
    """One line for everything wrong with a figure that has been drawn with Agg. sizes: (least, largest) size of text in
    points."""
    texts = drawn_texts(figure)
    if not texts:
        return ["no text was drawn"]
    renderer = figure.canvas.get_renderer()
    boxes = [(text, text.get_window_extent(renderer)) for text in texts]
    found = []
    for text, box in boxes:
        if sizes and not sizes[0] <= text.get_fontsize() <= sizes[1]:
            found.append(f"'{text.get_text()}' has {text.get_fontsize():g} points")
        if not within(box, figure.bbox):
            found.append(f"'{text.get_text()}' is cut")
    for (one, its), (other, others) in combinations(boxes, 2):
        if overlap(inner(its, one), inner(others, other)):
            found.append(f"'{one.get_text()}' overlaps '{other.get_text()}'")
    for ax in figure.axes:
        data = drawn_data(ax)
        for text in ax.texts:
            if text in texts and any(hits(inner(text.get_window_extent(renderer), text)) for hits in data):
                found.append(f"'{text.get_text()}' lies on data")
        if legend := ax.get_legend():
            box = legend.get_window_extent(renderer)
            if not within(box, figure.bbox):
                found.append("a legend is cut")
            found += ["a legend lies on data"] * any(hits(box) for hits in data)
            others = [text for text in texts if text not in legend.findobj(Text)]
            found += [f"a legend lies on '{text.get_text()}'" for text in others
                      if overlap(box, inner(text.get_window_extent(renderer), text))]
        worded = any(text.get_text() for text in ax.texts)
        if ax.axison and ax.name != "3d" and not (data or worded or ax.collections or ax.images):
            found.append("a panel is empty without a word")
    return found


def drawn_texts(figure):
    """The texts that are drawn, which not all labels of ticks are."""
    drawn = []

    class Noted:
        draw = Text.draw

    def draw(self, renderer, *args, **kwargs):
        if self.get_visible() and self.get_text().strip() and self not in drawn:
            drawn.append(self)
        return Noted.draw(self, renderer, *args, **kwargs)
    with mock.patch.object(Text, "draw", draw):
        figure.canvas.draw()
    return drawn


def within(box, bounds, pixel=1):
    return (box.x0 >= bounds.x0 - pixel and box.y0 >= bounds.y0 - pixel and box.x1 <= bounds.x1 + pixel
            and box.y1 <= bounds.y1 + pixel)


def inner(box, text):
    """Without the room above and below the letters that belongs to every line."""
    margin = 0.12 * text.get_fontsize() / 72 * text.figure.dpi
    return box.padded(-min(margin, 0.4 * box.width, 0.4 * box.height))


def overlap(one, other):
    return min(one.x1, other.x1) > max(one.x0, other.x0) and min(one.y1, other.y1) > max(one.y0, other.y0)


def drawn_data(ax):
    """box -> whether it covers a part of something drawn, one function for every line, band, bar and set of points."""
    if ax.name == "3d":
        return []
    return [hits for artist in (*ax.lines, *ax.collections) if artist.get_visible()
            for hits in (line_hits(ax, artist) if artist in ax.lines else collection_hits(ax, artist))]


def line_hits(ax, line):
    path = line.get_path().transformed(line.get_transform())
    known = np.isfinite(path.vertices).all(1)
    if not known.any():
        return []
    points = path.vertices[known]
    marked = line.get_marker() not in ("", "None", None, " ")
    joined = line.get_linestyle() not in ("", "None", "none", " ")

    def hits(box):
        seen = Bbox.intersection(box, ax.bbox)
        if seen is None:
            return False
        return (marked and box_has(seen, points)) or (joined and bool(path.intersects_bbox(seen, False)))
    return [hits]


def collection_hits(ax, collection):
    offsets = np.ma.filled(collection.get_offsets(), np.nan)
    if collection.get_array() is not None or len(offsets) > 1:  # points of a scatter
        points = collection.get_offset_transform().transform(offsets)
        return [lambda box: box_has(box, points)]
    paths = [path.transformed(collection.get_transform()) for path in collection.get_paths()]
    paths = [path for path in paths if len(path.vertices) and np.isfinite(path.vertices).all()]
    filled = len(collection.get_facecolor()) > 0

    def hits(box):
        seen = Bbox.intersection(box, ax.bbox)
        return seen is not None and any(bool(path.intersects_bbox(seen, filled)) for path in paths)
    return [hits]


def box_has(box, points):
    return bool(((points > (box.x0, box.y0)) & (points < (box.x1, box.y1))).all(1).any())
