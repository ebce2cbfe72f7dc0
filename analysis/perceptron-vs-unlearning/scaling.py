#!/usr/bin/python3
"""D_in, D_top and D_fin against load and size: jobs/perceptron-vs-unlearning/scaling.ini.

    analysis/perceptron-vs-unlearning/scaling.py FILE [--claims] [-o PNG]

Eqs. 9-11 of Benedetti et al., J. Chem. Phys. 156, 104107 (2022): (a) the three
times against the load, extrapolated in 1/N, with fits and published lines, (b) the squares of their distances, whose
lines meet zero at the capacity, (c) the height of the least stability at its top, (d) where it vanishes against 1/N.
Errors are of the jackknife over realizations."""

from functools import partial

import numpy as np

from hypnos.claims import with_error
from hypnos.figures.dreams import MOMENTS, moment_symbol
from hypnos.statistics import jackknife
from hypnos.command import command
from hypnos.extrapolation import line
from hypnos.layout import caption, headline, legend, panel, panels
from hypnos.style import FAINT, PALETTE, colours, points, pt
from scaling_laws import (NAMES, PUBLISHED, READINGS, Curves, apart, at_infinity, coefficients, exponent, published,
                          text, vanishing)

SMALLEST = 200  # from here on lines in 1/N are fitted


class Study:
    """All results with errors: {reading: ...}. [alpha] for N -> infinity, [N, alpha] else."""

    def __init__(self, store):
        self.curves = curves = Curves(store)
        self.N, self.alpha = curves.N, curves.alpha
        self.smallest = min(SMALLEST, *sorted(self.N)[-2:])
        self.places, self.limit, self.squares, self.fits, self.fits_at_N, self.vanish = {}, {}, {}, {}, {}, {}
        self.exponents = {}
        for reading in READINGS:
            for target, function in ((self.places, self._places), (self.limit, self._limits),
                                     (self.squares, self._squares), (self.fits, self._fits),
                                     (self.fits_at_N, self._fits_at_N), (self.vanish, self._vanish),
                                     (self.exponents, self._exponents)):
                target[reading] = jackknife(lambda keep: function(curves.places(reading, keep)), curves.samples)

    @staticmethod
    def _places(found):
        return np.array([found[name] for name in ("in", "top", "fin", "height")])

    def _limits(self, found):
        errors = self.curves.errors
        return np.array([at_infinity(self.N, found[name], errors[name], self.smallest) for name in MOMENTS])

    def _squares(self, found):
        start, top, end = self._limits(found)
        return np.array([(top - start) ** 2, (end - top) ** 2])

    def _fits(self, found):
        """Of what is extrapolated; its errors for the weights are those of the largest size."""
        return coefficients(self.alpha, dict(zip(MOMENTS, self._limits(found))), self._errors_at(-1))

    def _fits_at_N(self, found):
        return np.array([coefficients(self.alpha, {name: found[name][n] for name in MOMENTS}, self._errors_at(n))
                         for n in range(self.N.size)])

    def _exponents(self, found):
        """p of (D_top - D_in) and (D_fin - D_top) for N -> infinity and at the largest size, with the capacity free and
        with that at which the top of delta_min vanishes: [size, gap, free or not]."""
        capacities = self._vanish(found)
        sizes = ((dict(zip(MOMENTS, self._limits(found))), capacities[-1]),
                 ({name: found[name][-1] for name in MOMENTS}, capacities[-2]))
        errors = self._errors_at(-1)
        return np.array([[[exponent(self.alpha, gap, errors[name], capacity) for capacity in (None, at)]
                          for gap, name in ((times["top"] - times["in"], "gap in"),
                                            (times["fin"] - times["top"], "gap fin"))] for times, at in sizes])

    def _errors_at(self, n):
        return {name: self.curves.errors[name][n] for name in ("top", "gap in", "gap fin")}

    def _vanish(self, found):
        """Of every size, and for N -> infinity by the line in 1/N."""
        at = np.array([vanishing(self.alpha, height, error)
                       for height, error in zip(found["height"], self.curves.errors["height"])])
        large = self.N >= self.smallest
        error = self.curves.errors["height"].mean(1)  # the height falls as steeply at all sizes
        return np.append(at, line(1 / self.N[large], at[large], error[large])[1])


def draw(store):
    store.expect("hebbian-unlearning", "N", "alpha", T="0")
    study = Study(store)
    figure, axes = panels(4, columns=2)
    reasons = (["dreams_in", "dreams_top"], ["dreams_in", "dreams_top"], ["delta_min_peak"], ["delta_min_peak"])
    draws = (partial(draw_times, symbols={name: moment_symbol(store, name) for name in MOMENTS}), draw_squares,
             draw_heights, draw_vanishing)
    for ax, draw_one, names in zip(axes, draws, reasons):
        with panel(ax, store, *names):
            draw_one(ax, study)
    headline(figure, "Times of unlearning against load and size", store, "epsilon")
    caption(figure, store, f"Filled: samples' own first and last dream without a violated constraint, means over "
            f"{study.curves.samples} samples; open: zeros of the mean curve. (a), (b) extrapolated to N = infinity by "
            f"lines in 1/N through N >= {study.smallest}; drawn is what all samples, or the mean curve, have at two of "
            "these sizes. Lines: fits of Eqs. 9-11 of Benedetti et al. (2022); grey: as published, bands as if "
            "errors of coefficients were independent. Errors: jackknife.")
    return figure


MARKERS = {"samples": dict(marker="o"), "mean curve": dict(marker="s", markerfacecolor="white")}


def draw_times(ax, study, symbols):
    fine = np.linspace(study.alpha.min(), study.alpha.max(), 400)
    for k, (name, colour) in enumerate(MOMENTS.items()):
        lines = np.array([published(name, alpha) for alpha in fine])
        ax.plot(fine, lines[:, 0], color=FAINT, linewidth=pt(1), zorder=1, label="published" if k == 0 else None)
        low, high = (np.where(lines[:, 1] < 0.04, lines[:, 0] + side * lines[:, 1], np.nan) for side in (-1, 1))
        ax.fill_between(fine, low, high, color=FAINT, alpha=0.12, linewidth=0)
        for reading in READINGS:
            value, error = (part[k] for part in study.limit[reading])
            points(ax, study.alpha, value, error, color=colour, linestyle="", elinewidth=pt(1.5), **MARKERS[reading],
                        label=symbols[name] if reading == "samples" else None)
            a, b, c, d, e, f = study.fits[reading][0][:6]
            square = {"in": c * fine + d, "top": 0 * fine, "fin": e * fine + f}[name]
            with np.errstate(invalid="ignore"):
                fit = a * fine + b + {"in": -1, "top": 0, "fin": 1}[name] * np.sqrt(square)
            ax.plot(fine, fit, color=colour, linewidth=pt(1.2), linestyle="-" if reading == "samples" else "--")
    ax.set_xlabel(r"load $\alpha$")
    ax.set_ylabel(r"unlearning time, dreams $\times\ \epsilon / N$")
    ax.set_title(r"(a) the three times, $N \rightarrow \infty$")
    legend(ax)


def draw_squares(ax, study):
    fine = np.linspace(study.alpha.min(), study.alpha.max() + 0.05, 2)
    for k, name, (slope, offset), label in ((0, "in", "cd", r"$(D_{top} - D_{in})^2$"),
                                            (1, "fin", "ef", r"$(D_{fin} - D_{top})^2$")):
        colour = MOMENTS[name]
        ax.plot(fine, PUBLISHED[slope][0] * fine + PUBLISHED[offset][0], color=FAINT, linewidth=pt(1), zorder=1,
                label="published" if name == "in" else None)
        for reading in READINGS:
            value, error = (part[k] for part in study.squares[reading])
            points(ax, study.alpha, value, error, color=colour, linestyle="", elinewidth=pt(1.5), **MARKERS[reading],
                        label=label if reading == "samples" else None)
            fits = dict(zip(NAMES, study.fits[reading][0]))
            ax.plot(fine, fits[slope] * fine + fits[offset], color=colour, linewidth=pt(1.2),
                    linestyle="-" if reading == "samples" else "--")
    ax.axhline(0, color=FAINT, linewidth=pt(1), zorder=1)
    ax.set_ylim(-0.0015, None)
    ax.set_xlabel(r"load $\alpha$")
    ax.set_ylabel(r"squared distance, $(\epsilon / N)^2$")
    ax.set_title(r"(b) lines that end at the capacity, $N \rightarrow \infty$")
    legend(ax)


def draw_heights(ax, study):
    value, error = (part[3] for part in study.places["samples"])
    for N, colour, mean, bar in zip(study.N, colours(study.N), value, error):
        points(ax, study.alpha, mean, bar, color=colour, marker="o", markersize=pt(4), elinewidth=pt(1.2),
               linewidth=pt(1.2), label=f"$N = {N}$")
    ax.axhline(0, color=FAINT, linewidth=pt(1), zorder=1)
    ax.axvline(PUBLISHED["alpha_c"][0], color=FAINT, linewidth=pt(1), linestyle="--", zorder=1)
    ax.set_xlabel(r"load $\alpha$")
    ax.set_ylabel(r"least stability $\Delta_\mathrm{min}$ at its top")
    ax.set_title("(c) height of the top, mean of samples; dashed: published capacity")
    legend(ax)


def draw_vanishing(ax, study):
    large = study.N >= study.smallest
    reach = np.array([0, 1 / study.smallest])
    for reading, marker in MARKERS.items():
        value, error = study.vanish[reading]
        points(ax, np.append(1 / study.N, 0), value, error, color=PALETTE[0], linestyle="", elinewidth=pt(1.5),
               **marker, label="height of the top vanishes" if reading == "samples" else None)
        slope, offset = line(1 / study.N[large], value[:-1][large], error[:-1][large])
        ax.plot(reach, offset + slope * reach, color=PALETTE[0], linewidth=pt(1.2),
                linestyle="-" if reading == "samples" else "--")
        for index, name in ((6, "in"), (7, "fin")):
            found, spread = (np.append(at_N[:, index], at_infinity[index])
                             for at_N, at_infinity in zip(study.fits_at_N[reading], study.fits[reading]))
            points(ax, np.append(1 / study.N, 0), found, spread, color=MOMENTS[name], linestyle="", elinewidth=pt(1.2),
                        **marker, label=f"${'-d/c' if name == 'in' else '-f/e'}$" if reading == "samples" else None)
    middle, half = PUBLISHED["alpha_c"]
    ax.axhspan(middle - half, middle + half, color=FAINT, alpha=0.3, linewidth=0, label="published")
    ax.set_xlim(-0.0003, None)
    ax.set_xlabel("inverse size $1/N$")
    ax.set_ylabel(r"capacity $\alpha_c$")
    ax.set_title("(d) capacity against size")
    legend(ax)


def claims(store):
    study = Study(store)
    known = study.curves.known
    yield ("loads at which all samples have D_in and D_fin", "; ".join(
        f"N = {N}: up to {study.alpha[row].max():g}" if row.any() else f"N = {N}: none"
        for N, row in zip(study.N, known)))
    for k, name in enumerate(NAMES):
        value, error = PUBLISHED.get(name, PUBLISHED["alpha_c"])
        parts = []
        at_infinity = {reading: [part[k] for part in study.fits[reading]] for reading in READINGS}
        at_largest = {reading: [part[-1, k] for part in study.fits_at_N[reading]] for reading in READINGS}
        for title, fits in (("N = infinity", at_infinity), (f"N = {study.N[-1]}", at_largest)):
            parts += [f"{title}, {reading}: {text(*fits[reading])} ({apart(*fits[reading], value, error)})"
                      for reading in READINGS]
        yield f"{name} = {text(value, error)}", "; ".join(parts)
    for gap, what in enumerate(("D_top - D_in", "D_fin - D_top")):
        parts = []
        for size, title in enumerate(("N = infinity", f"N = {study.N[-1]}")):
            for reading in READINGS:
                (free, fixed), (its, of_fixed) = (part[size, gap] for part in study.exponents[reading])
                parts.append(f"{title}, {reading}: {text(free, its)} with alpha_c free, {text(fixed, of_fixed)} with "
                             "alpha_c where the top vanishes")
        yield f"{what} is a square root: its exponent is 1/2", "; ".join(parts)
    for reading in READINGS:
        value, error = study.vanish[reading]
        yield (f"the top of delta_min vanishes at alpha_c = 0.589(3), {reading}",
               ", ".join(f"N = {N}: {text(v, e)}" for N, v, e in zip(study.N, value, error))
               + f"; N = infinity: {text(value[-1], error[-1])} ({apart(value[-1], error[-1], *PUBLISHED['alpha_c'])})")
    for k, name in enumerate(MOMENTS):
        for m, alpha in enumerate(study.alpha):
            expected, its_error = published(name, alpha)
            if alpha in (0.3, 0.4, 0.5, 0.55):
                found = {reading: [part[k, -1, m] for part in study.places[reading]] for reading in READINGS}
                yield (f"N = {study.N[-1]}, alpha = {alpha:g}: D_{name} epsilon / N = {text(expected, its_error)}",
                       "; ".join(f"{reading}: {text(*pair)} ({apart(*pair, expected, its_error)})"
                                 for reading, pair in found.items()))
    yield "numbers of dreams are proportional to N", "; ".join(_trend(study, k, name) for k, name in enumerate(MOMENTS))


def _trend(study, k, name):
    """How much the times at a load grow from the smallest of the fitted sizes to N -> infinity."""
    limit, spread = (part[k] for part in study.limit["samples"])
    first = study.places["samples"][0][k, int(np.argmax(study.N >= study.smallest))]
    parts = [f"{with_error(end - begin, error)} at {alpha:g}"
             for alpha, begin, end, error in zip(study.alpha, first, limit, spread) if alpha in (0.3, 0.4, 0.5)
             and np.isfinite(end)]
    return f"D_{name} from N = {study.smallest} to infinity " + ", ".join(parts)


if __name__ == "__main__":
    command(__doc__, draw, claims=claims)
