#!/usr/bin/python3
"""Gibbs accessibility of untrained machines: jobs/regularized-axons/fig1-std.ini and fig1-inset.ini.

    analysis/regularized-axons/fig1.py FILE FILE [--claims] [-o PNG]

Fig. 1 of Pozas-Kerstjens et al., Mach. Learn.: Sci. Technol. 2, 025026 (2021): energy after ten Gibbs steps from
random visible states over the energy of the ground state, (a) against the standard deviation of the weights, with that
of Glorot and Bengio's initialization marked, (b) against the number of visible units at large weights (the inset)."""

import numpy as np

from hypnos.claims import average, with_error
from hypnos.command import command
from hypnos.layout import caption, headline, legend, means_over, panel, panels
from hypnos.statistics import estimate
from hypnos.style import INK, PALETTE, draw_mean

KINDS = {"regularized": ("regularized axons", PALETTE[0]), "gaussian": ("Gaussian weights", PALETTE[1]),
         "uniform": ("uniform weights", PALETTE[2])}
NAME = "accessibility"


def told_apart(stores):
    """The store of (a), which has several std, and that of (b)."""
    sizes, units = sorted(stores, key=lambda store: "std" not in store.axes)
    sizes.expect("gibbs-accessibility", "weights", "std")
    units.expect("gibbs-accessibility", "V", "weights")
    return sizes, units


def curves(store, name=NAME):
    """(kind, values [x, realization]) of the kinds of weights that the store has."""
    for kind in KINDS:
        if kind in store[name]["weights"].values:
            yield kind, store[name].sel(weights=kind)


def measured_std(store, kind):
    """The measured standard deviation of the weights at each std; std itself where nothing is known."""
    measured = estimate(store["sigma_W"].sel(weights=kind)).mean
    return measured.fillna(measured["std"]).values


def glorot(store):
    """The standard deviation of Glorot and Bengio's initialization, and the accessibility of Gaussian weights there."""
    x = np.sqrt(2 / (int(store.job["V"]) + int(store.job["H"])))
    values = store[NAME].sel(weights="gaussian").dropna("realization", how="all")
    at = np.log(values["std"].values)
    return x, np.array([np.interp(np.log(x), at, values.isel(realization=k).values)
                        for k in range(values.sizes["realization"])])


def draw_curves(ax, store, x_of):
    for kind, values in curves(store):
        label, colour = KINDS[kind]
        x, found = x_of(kind, values), estimate(values)
        draw_mean(ax, x, found, colour, label)
        spread = found.stderr * np.sqrt(found.count)  # the standard deviation over samples
        ax.fill_between(x, found.mean - spread, found.mean + spread, color=colour, alpha=0.2, linewidth=0)
    ax.set_ylim(0, 1.05)
    ax.set_ylabel("Gibbs accessibility $E / E_{GS}$")


def draw(stores):
    sizes, units = told_apart(stores)
    figure, (left, right) = panels(2)
    with panel(left, sizes, NAME, "sigma_W"):
        std = sizes[NAME]["std"].values
        left.set_xscale("log")
        left.set_xlim(std.min() / 1.5, std.max() * 1.5)
        draw_curves(left, sizes, lambda kind, values: measured_std(sizes, kind))
        if "gaussian" in sizes[NAME]["weights"].values:
            x, y = glorot(sizes)
            left.plot([x], [np.nanmean(y) if np.isfinite(y).any() else np.nan], "*", color=INK, markersize=12, zorder=4,
                      label="Glorot and Bengio")
    left.set_xlabel(r"standard deviation of the weights $\sigma_W$")
    left.set_title(f"(a) $V = {sizes.job['V']}$")
    legend(left)
    with panel(right, units, NAME):
        draw_curves(right, units, lambda kind, values: values["V"].values)
    right.set_xlabel("visible units $V$")
    right.set_title(rf"(b) $\sigma = {units.job['std']}$")
    legend(right)
    headline(figure, "Gibbs accessibility of untrained machines:", sizes, "H", "K", "gibbs_steps")
    caption(figure, [sizes, units], means_over([store[NAME].sizes["realization"] for store in (sizes, units)],
            "samples of the weights (a, b)", "bars are one standard error, bands the standard deviation over samples"))
    return figure


def claims(stores):
    sizes, units = told_apart(stores)
    yield from over_sizes(sizes)
    yield from over_units(units)


def compared(first, second):
    """The mean difference of paired samples, and whether it is above two of its errors."""
    difference = estimate(first - second)
    return difference.mean.values, difference.stderr.values


def over_sizes(store):
    found = dict(curves(store))
    std = found["regularized"]["std"].values
    for kind in ("gaussian", "uniform"):
        mean, error = compared(found["regularized"], found[kind])
        above = [f"{x:.2g}" for x, m, e in zip(std, mean, error) if m > 2 * e]
        yield (f"(a) accessibility is higher with regularized axons than with {kind} weights, except at small scales",
               f"by more than two errors at std = {', '.join(above) or 'none'}")
    mean, error = compared(found["gaussian"], found["uniform"])
    known = error > 0
    yield ("(a) Gaussian and uniform weights are alike",
           f"largest difference {np.max(np.abs(mean[known]) / error[known]):.1f} errors, of {known.sum()} points"
           if known.any() else "unknown")
    for kind, values in found.items():
        yield (f"(a) {kind}: low for small weights, independent of the scale for large ones",
               "; ".join(f"std = {x:.2g}: {average(values.sel(std=x))}" for x in (std[0], *std[-3:])))
    x, y = glorot(store)
    yield (f"(a) at the initialization of Glorot and Bengio, std = {x:.3f}, at most a third of the ground state's "
           "energy", average(y))


def over_units(store):
    for kind, values in curves(store):
        found = estimate(values)
        fall = values.isel(V=0) - values.isel(V=-1)
        change = estimate(fall)
        yield (f"(b) {kind}: {'constant' if kind == 'regularized' else 'falls'} with V",
               "; ".join(f"V = {V}: {with_error(float(m), float(e))}"
                         for V, m, e in zip(values["V"].values, found.mean, found.stderr))
               + f"; falls by {with_error(float(change.mean), float(change.stderr))}")


if __name__ == "__main__":
    command(__doc__, draw, claims=claims, experiments=("gibbs-accessibility",) * 2)
