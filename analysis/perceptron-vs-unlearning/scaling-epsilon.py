#!/usr/bin/python3
"""The laws of D_in, D_top and D_fin at several rates of unlearning: jobs/perceptron-vs-unlearning/scaling-epsilon.ini.

    analysis/perceptron-vs-unlearning/scaling-epsilon.py FILE [--claims] [-o PNG]

The coefficients of Eqs. 9-11 of Benedetti et al., J. Chem. Phys. 156, 104107
(2022), against epsilon, which the paper has in the prefactor N / epsilon only; and the three times of the largest
size."""

import numpy as np

from hypnos.claims import share
from hypnos.figures.dreams import MOMENTS, moment
from hypnos.statistics import jackknife
from hypnos.command import command
from hypnos.layout import caption, counted, headline, legend, panel, panels
from hypnos.style import FAINT, PALETTE, colours, points, pt
from scaling_laws import NAMES, PUBLISHED, Curves, apart, coefficients, text

READING = "mean curve"


class Rate:
    """One epsilon: coefficients [N, name] and times [3, N, alpha], each with its jackknife error."""

    def __init__(self, store, epsilon):
        self.curves = curves = Curves(store, epsilon=epsilon)
        self.coefficients = jackknife(lambda keep: _coefficients(curves, curves.places(READING, keep)), curves.samples)
        self.times = jackknife(lambda keep: _times(curves.places(READING, keep)), curves.samples)


def _coefficients(curves, found):
    # one weight for all loads: where samples lack D_in, as many do at large epsilon, their errors are unknown
    errors = {name: np.ones(curves.alpha.size) for name in ("top", "gap in", "gap fin")}
    return np.array([coefficients(curves.alpha, {name: found[name][n] for name in MOMENTS}, errors)
                     for n in range(curves.N.size)])


def _times(found):
    return np.array([found[name] for name in MOMENTS])


def draw(store):
    store.expect("hebbian-unlearning", "N", "alpha", "epsilon", T="0")
    epsilons = store["dreams_top"]["epsilon"].values
    rates = [Rate(store, epsilon) for epsilon in epsilons]
    figure, axes = panels(8, columns=4)
    with panel(axes[0], store, "dreams_top"):
        draw_times(axes[0], rates, epsilons)
    for ax, name, letter in zip(axes[1:7], NAMES, "bcdefg"):
        with panel(ax, store, "dreams_in", "dreams_fin"):
            draw_coefficients(ax, rates, epsilons, {name: ""})
        ax.set_title(f"({letter}) ${name}$")
        ax.set_ylabel(f"coefficient ${name}$")
    with panel(axes[7], store, "dreams_in", "dreams_fin"):
        draw_coefficients(axes[7], rates, epsilons, {"-d/c": ", $-d/c$", "-f/e": ", $-f/e$"})
        axes[7].set_ylim(0.2, 1.2)
    axes[7].set_title(r"(h) capacity $\alpha_c$")
    axes[7].set_ylabel(r"capacity $\alpha_c$")
    legend(axes[1])
    legend(axes[7])
    headline(figure, "Coefficients of Eqs. 9-11 of Benedetti et al. (2022) at several rates of unlearning", store)
    caption(figure, store, r"Of the mean curve of $\Delta_\mathrm{min}$ over "
            f"{counted(rates[0].curves.samples, 'sample')} at each size, not extrapolated; errors: jackknife. Grey: as "
            "published. Where a curve never is above zero there is no D_in and no D_fin.")
    return figure


def draw_times(ax, rates, epsilons):
    for rate, epsilon, colour in zip(rates, epsilons, colours(np.log(epsilons))):
        value, error = (part[:, -1] for part in rate.times)
        for k, marker in enumerate("^ov"):
            known = np.isfinite(value[k]) & np.isfinite(error[k])
            points(ax, rate.curves.alpha[known], value[k][known], error[k][known], color=colour, marker=marker,
                        linewidth=pt(1), elinewidth=pt(1.2), markersize=pt(5),
                        label=rf"$\epsilon = {epsilon:g}$" if k == 1 else None)
    ax.set_xlabel(r"load $\alpha$")
    ax.set_ylabel(r"unlearning time, dreams $\times\ \epsilon / N$")
    ax.set_title(r"(a) $D_\mathrm{in}$, $D_\mathrm{top}$, $D_\mathrm{fin}$ at $N = %d$" % rates[0].curves.N[-1])
    legend(ax)


def draw_coefficients(ax, rates, epsilons, names):
    value, error = PUBLISHED.get(next(iter(names)), PUBLISHED["alpha_c"])
    ax.axhspan(value - error, value + error, color=FAINT, alpha=0.3, linewidth=0)
    for k, (name, label) in enumerate(names.items()):
        for n, N in enumerate(rates[0].curves.N):
            found, spread = (np.array([rate.coefficients[part][n, NAMES.index(name)] for rate in rates])
                             for part in range(2))
            known = np.isfinite(found) & np.isfinite(spread)
            points(ax, epsilons[known] * (1 + 0.06 * n), found[known], spread[known], color=PALETTE[2 * k + n],
                        marker="os"[k], linewidth=pt(1), elinewidth=pt(1.5), label=f"$N = {N}${label}")
    ax.set_xscale("log")
    ax.set_xticks(epsilons, labels=[f"{epsilon:g}" for epsilon in epsilons])
    ax.minorticks_off()
    ax.set_xlim(0.8 * epsilons.min(), 1.3 * epsilons.max())
    ax.set_xlabel(r"rate of unlearning $\epsilon$")


def claims(store):
    epsilons = store["dreams_top"]["epsilon"].values
    classified = moment(store, "in").notnull()
    for epsilon in epsilons:
        yield (f"samples without a violated constraint at some time, epsilon = {epsilon:g}", "; ".join(
            f"alpha = {alpha:g}: {share(classified.sel(epsilon=epsilon, alpha=alpha, N=classified['N'][-1]))}"
            for alpha in (classified["alpha"].values[0], classified["alpha"].values[-1]))
            + f" at N = {int(classified['N'][-1])}")
    rates = [Rate(store, epsilon) for epsilon in epsilons]
    for k, name in enumerate(NAMES):
        value, error = PUBLISHED.get(name, PUBLISHED["alpha_c"])
        yield f"{name} = {text(value, error)} at any epsilon", "; ".join(
            f"{epsilon:g}: {text(*pair)} ({apart(*pair, value, error)})"
            for epsilon, pair in zip(epsilons, ([part[-1, k] for part in rate.coefficients] for rate in rates)))


if __name__ == "__main__":
    command(__doc__, draw, claims=claims)
