#!/usr/bin/python3
"""Where omega = 1 and the minimum of sDKL are at every a: jobs/unlearning-regularization/early-stopping.ini.

    analysis/unlearning-regularization/early-stopping.py FILE [--claims] [-o PNG]

Sec. IV B of Ventura, Cocco, Monasson and Zamponi, Unlearning regularization for Boltzmann machines, which stops learning
at omega = 1 and avoids a near 1: (a) times of the local minimum of sDKL and of omega = 1 from the Hebbian start, (b) how
many samples have them, and how much sDKL at omega = 1 exceeds the least sDKL of the whole run."""

import numpy as np

from hypnos.claims import share, spread
from hypnos.command import command
from hypnos.curves import at_time, crossing, first_minimum, lowest
from hypnos.layout import caption, counted, headline, legend, panel, panels
from hypnos.style import FAINT, PALETTE, points, pt

DEEP = 0.01  # a minimum counts if sDKL rises again by so much, relatively
NEAR = 1.1  # sDKL at omega = 1 corresponds to a minimum if it is at most so many times as large


class Stops:
    """[a, realization]: times of the minimum and of omega = 1, and sDKL at omega = 1 over that of the minimum."""

    def __init__(self, store):
        distance = store["sDKL_t"]
        self.minimum, depth = first_minimum(distance, rise=DEEP)
        self.stop = crossing(store["omega_t"], 1)
        there = at_time(distance, self.stop)
        self.excess = there / depth
        self.over_least = there / lowest(distance)[1]
        self.both = self.minimum.notnull() & self.stop.notnull()
        self.corresponds = self.both & (self.excess < NEAR)
        self.known = distance.notnull().any("time")  # an unfinished store lacks samples

    def part(self, found):
        """Of the samples that are known, by a; NaN where none is."""
        count = self.known.sum("realization")
        return (found & self.known).sum("realization") / count.where(count > 0)


def draw(store):
    store.expect("boltzmann", "a", data="sk", rule="unlearning", init="hebb", stop="steps")
    stops, a = Stops(store), store["sDKL_t"]["a"].values
    figure, (times, excess) = panels(2)
    with panel(times, store, "sDKL_t", "omega_t"):
        for values, label, colour in ((stops.minimum, f"local minimum of {store.symbol('sDKL_t')}", PALETTE[0]),
                                      (stops.stop, r"$\omega = 1$", PALETTE[1])):
            draw_median(times, a, values, label, colour)
    times.set_yscale("log")
    times.set_ylabel(r"learning time $t \lambda$")
    times.set_title("(a) times, where two samples or more have them")
    legend(times)
    part = stops.part(stops.corresponds)
    excess.plot(a, part, color=PALETTE[0], marker="o", label="samples in which both correspond")
    excess.plot(a, stops.part(stops.both), color=PALETTE[2], marker="s", label="samples that have both")
    excess.set_ylim(-0.03, 1.03)
    excess.set_ylabel("part of the samples")
    excess.set_title("(b) correspondence")
    legend(excess)
    for ax in (times, excess):
        ax.axvline(1, color=FAINT, linewidth=pt(1), zorder=1)
        ax.set_xlabel(f"regularization {store.symbol('a')}")
    headline(figure, "Early stopping: SK model", store, "N", "beta_d", "lambda")
    caption(figure, store, f"(a) medians and quartiles over {counted(stops.stop.sizes['realization'], 'sample')}. A "
            f"local minimum is deeper than {100 * DEEP:.0f} %. (b) They correspond where sDKL at omega = 1 is at most "
            f"{NEAR:g} times that of the minimum.")
    return figure


def draw_median(ax, a, values, label, colour):
    values = values.transpose("a", "realization").values
    known = np.isfinite(values).sum(1) > 1
    if known.any():
        low, middle, high = np.nanpercentile(values[known], (25, 50, 75), axis=1)
        points(ax, a[known], middle, (middle - low, high - middle), color=colour, marker="o", markersize=pt(4),
               elinewidth=pt(1.2), label=label)


def claims(store):
    stops, a = Stops(store), store["sDKL_t"]["a"].values
    for k, value in enumerate(a):
        known = stops.known.isel(a=k).values
        if not known.any():
            continue
        minimum, stop, excess, over, both, corresponds = (values.isel(a=k).isel(realization=known) for values in (
            stops.minimum, stops.stop, stops.excess, stops.over_least, stops.both, stops.corresponds))
        found = f"local minimum in {share(minimum.notnull())}, omega = 1 in {share(stop.notnull())}"
        if both.any():
            found += (f"; t(omega = 1) over t(minimum) {spread((stop / minimum).where(both))}; sDKL at omega = 1 over that "
                      f"at the minimum {spread(excess.where(both))}")
        if stop.notnull().any():
            found += f", over the least of the run {spread(over)}"
        yield (f"a = {value:g}: omega = 1 is at the minimum of sDKL",
               f"{share(corresponds)} correspond; {found}")
    part = stops.part(stops.corresponds).values
    yield ("the correspondence holds at", ", ".join(f"a = {value:g}" for value in a[part > 0.5]) or "no a")
    yield ("it fails near a = 1", "in more than half of the samples at "
           + (", ".join(f"a = {value:g}" for value in a[part <= 0.5]) or "no a"))


if __name__ == "__main__":
    command(__doc__, draw, claims=claims)
