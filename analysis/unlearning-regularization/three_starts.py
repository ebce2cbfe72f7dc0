"""Learning from three starts, drawn and judged in the same way for every rule (Figs. 3 and 4)."""

import numpy as np

from hypnos.claims import average, share, spread
from hypnos.curves import at_time, crossing, first_maximum, first_minimum
from hypnos.figures.learning import STARTS, draw_trajectory, mark_time, medians_over, time_axis
from hypnos.layout import legend, panel
from hypnos.style import FAINT, pt
from hypnos.symbols import with_units

SAME = 0.2  # two times agree within so large a part of them

LINES = {start: STARTS[start] for start in ("hebb", "random", "zero")}


def draw_row(axes, store, learning):
    """sDKL, omega and rho along time. learning: name -> array [init, realization, time]."""
    for name, ax in zip(("sDKL_t", "omega_t", "rho_t"), axes):
        with panel(ax, store, name):
            values = learning(name)
            for start, (label, colour, linestyle) in LINES.items():
                draw_trajectory(ax, values.sel(init=start), colour, label, linestyle)
            time_axis(ax, values)
    axes[0].set_yscale("log")
    distance = learning("sDKL_t")
    axes[0].set_ylabel(with_units(f"distance {store.symbol('sDKL')}", distance))
    axes[1].set_ylim(0, 5)
    axes[1].set_ylabel(r"slope $\omega$ of $c_d$ against $c_1$")
    axes[1].axhline(1, color=FAINT, linewidth=pt(1), zorder=1)
    axes[2].set_ylabel(r"Pearson $\rho(c_1, c_d)$")
    minimum, _ = first_minimum(distance.sel(init="hebb"))
    for ax in axes:
        mark_time(ax, float(minimum.median()))
    legend(axes[0], title="start")


def judge(learning, rule):
    """(claim, finding) of Sec. IV B for one rule."""
    distance, slope, likeness = (learning(name) for name in ("sDKL_t", "omega_t", "rho_t"))
    end = distance.isel(time=-1)
    place, depth = first_minimum(distance, rise=0.01)
    peak, top = first_maximum(likeness)
    stop = crossing(slope, 1)
    there = {name: at_time(values, stop) for name, values in (("sDKL", distance), ("rho", likeness))}
    of = {start: dict(init=start) for start in LINES}

    yield (f"{rule}: all starts reach the same final performance",
           f"final sDKL differ by at most {float((end.max('init') - end.min('init')).max()):.1e} nats")
    for start, (label, _, _) in LINES.items():
        met = place.sel(of[start]).notnull()
        found = share(met)
        if met.any():
            found += f", sDKL at the end over that at the minimum {spread((end / depth).sel(of[start]))}"
        yield f"{rule}: local minimum of sDKL, deeper than 1 %, from the {label} start", found
    hebb = of["hebb"]
    yield f"{rule}: Hebbian start, place of the minimum of sDKL", f"t lambda = {spread(place.sel(hebb))}"
    yield (f"{rule}: there omega = 1",
           f"at t(omega = 1) - t(minimum) = {spread((stop - place).sel(hebb))}; sDKL at omega = 1 over that at the "
           f"minimum {spread((there['sDKL'] / depth).sel(hebb))}")
    yield (f"{rule}: and rho has a local maximum",
           f"{share(peak.sel(hebb).notnull())} have one, at t lambda = {spread(peak.sel(hebb))}; "
           f"{share((np.abs(peak - place) <= SAME * place).sel(hebb))} within {100 * SAME:.0f} % of the time of the "
           f"minimum; t(maximum) - t(minimum) = {spread((peak - place).sel(hebb))}; rho at "
           f"the minimum over that at the maximum {spread((at_time(likeness, place) / top).sel(hebb))}")
    for start in ("zero", "random"):
        reached = stop.sel(of[start]).notnull()
        how = (f"; there rho = {average(there['rho'].sel(of[start]))}, sDKL = {average(there['sDKL'].sel(of[start]))}"
               if reached.any() else f"; smallest omega {float(slope.sel(of[start]).min()):.2f}")
        yield f"{rule}: omega = 1 from the {LINES[start][0]} start", share(reached) + how
    yield (f"{rule}: Hebbian start for comparison at omega = 1",
           f"{share(stop.sel(hebb).notnull())}; there rho = {average(there['rho'].sel(hebb))}, "
           f"sDKL = {average(there['sDKL'].sel(hebb))}")
    yield (f"{rule}: at convergence",
           f"rho = {average(likeness.sel(hebb).isel(time=-1))}, omega = {average(slope.sel(hebb).isel(time=-1))}, "
           f"sDKL = {average(end.sel(hebb))}")


def note(samples):
    return (f"{medians_over(samples)} Dashed vertical, where there is one: median place of the minimum of sDKL from "
            "the Hebbian start. Time: linear at first, logarithmic later.")
