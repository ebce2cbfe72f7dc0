"""Three regularizations side by side: the points of each, and one against another at equal abscissa (Figs. 5-7)."""

import numpy as np
import xarray as xr

from hypnos.claims import share, spread
from hypnos.figures.axes import RELATIVE_HEAT, distance_label
from hypnos.layout import legend
from hypnos.style import FAINT, PALETTE, REFERENCE, SEQUENTIAL, bare_bar, plt, pt, thin

RULES = {"unlearning": ("unlearning", PALETTE[0], "o"), "l1": ("$L_1$", PALETTE[1], "s"),
         "l2": ("$L_2$", PALETTE[2], "^")}


def bare(rule):
    """The name of a rule without mathematics, for tables."""
    return {"unlearning": "unlearning", "l1": "L1", "l2": "L2"}[rule]


class Regularizations:
    """Results of one job with the axes rule and a_gamma, in which unlearning reads a and the others gamma.

    ranges: {rule: (least, largest)} of a or gamma: the points that count."""

    def __init__(self, store, ranges):
        self.store, self.ranges = store, ranges
        self.truth = store["Cv_data"].mean(("rule", "a_gamma"))  # the same at every point, where it is done
        self.samples = self.truth.sizes["realization"]

    def __call__(self, name, rule, ranges=None):
        """[point, realization] by increasing strength: decreasing a, increasing gamma."""
        values = self.store[name].sel(rule=rule)
        strength = values["a" if rule == "unlearning" else "gamma"].values
        least, largest = (ranges or self.ranges)[rule]
        kept = np.flatnonzero((strength >= least - 1e-9) & (strength <= largest + 1e-9))
        order = kept[np.argsort(strength[kept])][::-1 if rule == "unlearning" else 1]
        values = values.isel(a_gamma=order).rename(a_gamma="point").transpose("point", "realization")
        return values.assign_coords(strength=("point", strength[order]))

    def medians(self):
        """For a caption."""
        return "One sample of the disorder." if self.samples == 1 else (
            f"Medians over {self.samples} samples of the disorder at equal a or gamma; thin: single samples.")

    def distance(self, rule):
        """From the origin of the plane (sDKL, C_v(1)): nearer is both more accurate and more robust."""
        return np.hypot(self("sDKL", rule), self("Cv", rule))

    def relative_heat(self, rule):
        return self("Cv", rule) / self.truth

    def against(self, x, y, rule):
        """y of `rule`, interpolated at the x of every point of unlearning, over the y of unlearning; by sample. NaN
        where the curve of `rule` does not reach. Above 1: unlearning lies lower. x, y: rule -> [point, realization]."""
        def interpolated(own_x, own_y, at):
            known = np.isfinite(own_x) & np.isfinite(own_y)
            if not known.any():
                return np.full(at.shape, np.nan)
            order = np.argsort(own_x[known])
            return np.interp(at, own_x[known][order], own_y[known][order], left=np.nan, right=np.nan)
        there = xr.apply_ufunc(interpolated, x(rule).rename(point="own"), y(rule).rename(point="own"), x("unlearning"),
                               input_core_dims=[["own"], ["own"], ["point"]], output_core_dims=[["point"]],
                               vectorize=True)
        return (there / y("unlearning")).transpose("point", "realization")


def judge_against(ratio, rule, what):
    """(claim, finding) of Regularizations.against: in how many samples is unlearning the lower one?"""
    name = bare(rule)
    known = ratio.notnull()
    met = known.any("point")
    lower = ((ratio > 1) | ~known).all("point")[met]
    points = ratio["strength"].values[known.any("realization").values]
    if points.size == 0:
        return f"unlearning lower than {name} {what}", "no common range"
    middle = ratio.median("point")[met]
    missed = (ratio <= 1).sum("realization").values
    misses = [f"{a:g} ({count})" for a, count in zip(ratio["strength"].values, missed) if count]
    return (f"unlearning lower than {name} {what}",
            f"at every a of the common range ({points.min():g} to {points.max():g}) in {share(lower)}; {name} over "
            f"unlearning, median a: {spread(middle)}; "
            + (f"not at a (samples) = {', '.join(misses)}" if misses else "no exception"))


def draw_plane(figure, ax, regularizations, colour_name, label, scale=None, sample=None, branches=None):
    """Every point in the plane of sDKL and C_v(1), coloured by a third quantity: medians over samples relative to the
    generating model, or one sample in its own units. branches: the strengths of unlearning between which its line
    breaks; the lines then have arrows towards increasing strength."""
    r = regularizations
    chosen = (lambda values: values.median("realization")) if sample is None else \
             (lambda values: values.isel(realization=sample))
    heat = r.relative_heat if sample is None else lambda rule: r("Cv", rule)
    points = {rule: (r("sDKL", rule), heat(rule), r(colour_name, rule)) for rule in RULES}
    everything = np.concatenate([chosen(hue).values for _, _, hue in points.values()])
    everything = everything[np.isfinite(everything)]
    if everything.size == 0:
        return
    norm = (scale or plt.Normalize)(everything.min(), everything.max())  # scale: LogNorm
    for rule, (x, y, hue) in points.items():
        name, colour, marker = RULES[rule]
        for piece in pieces(x["strength"].values, branches if rule == "unlearning" else None):
            if sample is None and r.samples > 1:
                ax.plot(x[piece], y[piece], color=colour, **thin(alpha=0.3))
            line = chosen(x)[piece], chosen(y)[piece]
            ax.plot(*line, color=colour, linewidth=pt(1.2), zorder=2)
            if branches:
                arrow(ax, *line, colour, rising=rule != "unlearning")
        dots = ax.scatter(chosen(x), chosen(y), c=chosen(hue), cmap=SEQUENTIAL, norm=norm, marker=marker,
                          s=pt(6.8) ** 2, edgecolors=colour, linewidths=pt(1), zorder=3)
        ax.plot([], [], color=colour, marker=marker, markerfacecolor="white", label=name)
    truth = 1 if sample is None else float(r.truth.isel(realization=sample))
    ax.axhline(truth, color=REFERENCE, linestyle="--", linewidth=pt(1.5), zorder=1)
    bar = bare_bar(figure, dots, ax, label)
    if scale:
        bar.set_ticks(ticks := [tick for tick in (1, 1.5, 2, 3, 4, 6, 8) if norm.vmin <= tick <= norm.vmax],
                      labels=[f"{tick:g}" for tick in ticks])
    ax.set_xlabel(distance_label(r.store))
    ax.set_ylabel(RELATIVE_HEAT if sample is None else
                  r"specific heat $C_v(1)\,/\,k_B$")


def pieces(strength, branches):
    """Index lists of the points on either side of the gap; of all of them without one."""
    if branches is None:
        return [np.arange(strength.size)]
    sides = strength <= branches[0] + 1e-9, strength >= branches[1] - 1e-9
    return [np.flatnonzero(side) for side in sides if side.sum() > 1]


def arrow(ax, x, y, colour, rising):
    """Along the last step of a line towards increasing strength."""
    ends = (-2, -1) if rising else (1, 0)
    ax.annotate("", *((float(x[k]), float(y[k])) for k in reversed(ends)),
                arrowprops=dict(arrowstyle="-|>", color=colour, linewidth=pt(1.5), mutation_scale=pt(22), shrinkA=0,
                                shrinkB=0))


def draw_distance(ax, regularizations, name, label):
    """The distance from the origin of the plane, over C_v of the generating model, against another quantity."""
    r = regularizations
    for rule, (label_of, colour, marker) in RULES.items():
        x, y = r(name, rule), r.distance(rule) / r.truth
        if r.samples > 1:
            ax.plot(x, y, color=colour, **thin(alpha=0.3))
        ax.plot(x.median("realization"), y.median("realization"), color=colour, marker=marker, markersize=pt(5),
                label=label_of, zorder=3)
    ax.axhline(1, color=FAINT, linewidth=pt(1), zorder=1)
    ax.set_ylabel(r"distance over $C_v$ of the generating model")
    ax.set_xlabel(label)
    legend(ax)
