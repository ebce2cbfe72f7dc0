#!/usr/bin/python3
"""The Curie-Weiss model under unlearning regularization: jobs/unlearning-regularization/fig2.ini.

    analysis/unlearning-regularization/fig2.py FILE [--claims] [-o PNG]

Fig. 2 of Ventura, Cocco, Monasson and Zamponi, Unlearning regularization for Boltzmann machines: (a) specific heat of
the inferred model at beta_d = 1, (b) correlations at the same beta_d, (c) a J / beta_d at all beta_d."""

import numpy as np

from hypnos.command import command
from hypnos.figures.axes import heat_axes
from hypnos.store import StoreError
from hypnos.layout import caption, headline, legend, panel, panels
from hypnos.style import MARKED, PALETTE, REFERENCE, colours, draw_mean, pt

CURVES = (0.2, 0.4, 0.6, 0.8, 1, 1.4, 2)  # values of a in panel (a), as far as the job has them


def draw(store):
    store.expect("curie-weiss", "beta_d", "a")
    figure, (heat, correlations, coupling) = panels(3)
    for ax, draw_one, names in ((heat, draw_heat, ["Cv_curve"]),
                                (correlations, draw_correlations, ["c_1", "c_a", "c_d"]),
                                (coupling, draw_coupling, ["a_J_over_beta_d"])):
        with panel(ax, store, *names):
            draw_one(store, ax)
    headline(figure, "Curie-Weiss model under unlearning regularization", store, "N")
    caption(figure, store, "Closed form, no errors. Dashed: a = 1 in (a), the data in (b). Red ring: a = 1.")
    return figure


def critical(store, name):
    """One observable at beta_d = 1, slightly above the critical point."""
    average = store.estimate(name)
    index = np.flatnonzero(np.isclose(average.mean["beta_d"], 1))
    if index.size == 0:
        raise StoreError(f"{store.path} has no beta_d = 1, which panels (a) and (b) need")
    return average.isel(beta_d=int(index[0]))


def draw_heat(store, ax):
    curve = critical(store, "Cv_curve")
    values, beta = curve.mean["a"].values, curve.mean["beta"]
    drawn = [index for index, a in enumerate(values) if np.isclose(a, CURVES).any()]
    for index, colour in zip(drawn, colours(values[drawn])):
        same = np.isclose(values[index], 1)
        draw_mean(ax, beta, curve.isel(a=index), REFERENCE if same else colour, f"$a = {values[index]:g}$",
                  linestyle="--" if same else "-", zorder=3 if same else 2)
    heat_axes(ax, beta)
    ax.set_title(r"(a) specific heat, $\beta_d = 1$")
    legend(ax)


def draw_correlations(store, ax):
    for name, label, linestyle, colour in (("c_1", r"$c_1$, model at $\beta = 1$", "-", PALETTE[0]),
                                           ("c_a", r"$c_a$, model at $\beta = a$", "-", PALETTE[1]),
                                           ("c_d", r"$c_d$, data", "--", REFERENCE)):
        average = critical(store, name)
        draw_mean(ax, average.mean["a"], average, colour, label, linestyle=linestyle, marker="")
    ring(ax, average.mean.isel(a=int(np.argmin(np.abs(average.mean["a"].values - 1)))))
    ax.set_ylim(bottom=0)
    ax.set_xlabel(f"regularization {store.symbol('a')}")
    ax.set_ylabel("correlation $c$ of pairs")
    ax.set_title(r"(b) correlations, $\beta_d = 1$")
    legend(ax)


def draw_coupling(store, ax):
    scaled = store.estimate("a_J_over_beta_d")
    values = scaled.mean["beta_d"].values
    for index, colour in enumerate(colours(values)):
        draw_mean(ax, scaled.mean["a"], scaled.isel(beta_d=index), colour, f"{values[index]:g}", marker="")
    ring(ax, 1)
    ax.set_ylim(bottom=0)
    ax.set_xlabel(f"regularization {store.symbol('a')}")
    ax.set_ylabel(r"scaled coupling $a\,J / \beta_d$")
    ax.set_title("(c) inferred coupling")
    legend(ax, title=store.symbol("beta_d"))


def ring(ax, height):
    ax.plot(1, height, "o", gid="guide", markersize=pt(14), markerfacecolor="none", markeredgecolor=MARKED,
            markeredgewidth=pt(2.5), zorder=4)


def claims(store):
    curve = critical(store, "Cv_curve").mean
    values, beta = curve["a"].values, curve["beta"].values
    peaks = beta[curve.argmax("beta")]
    same = int(np.argmin(np.abs(values - 1)))
    at_1 = curve.sel(beta=1, method="nearest").values
    yield ("C_v has its peak slightly above beta = 1 at a = 1", f"at beta = {peaks[same]:.2f}, height "
           f"{float(curve.isel(a=same).max()):.2f}, at beta = 1 {at_1[same]:.2f}")
    for a in (0.2, 0.4, 0.6, 0.8, 1.4, 2):
        index = int(np.argmin(np.abs(values - a)))
        yield f"the peak shifts at a = {values[index]:g}", f"to beta = {peaks[index]:.2f}; C_v(1) = {at_1[index]:.2f}"
    of_1, of_a, data = (critical(store, name).mean.values for name in ("c_1", "c_a", "c_d"))
    other = np.arange(values.size) != same
    nearest = np.minimum(abs(of_1 - data), abs(of_a - data))
    yield ("no a but 1 has c_1 = c_d or c_a = c_d",
           f"at a = 1 they differ by {nearest[same]:.1e}, elsewhere by at least {nearest[other].min():.2g}")
    order = np.sign(of_1 - of_a)
    below, above = ((side == sign).all() for side, sign in ((order[:same], order[0]), (order[same + 1:], -order[0])))
    yield ("c_1 and c_a swap at a = 1", f"c_1 {'above' if order[0] > 0 else 'below'} c_a for all a < 1: {below}, the "
           f"reverse for all a > 1: {above}")
    scaled = store.estimate("a_J_over_beta_d").mean
    inside = values <= 1 + 1e-9
    for beta_d, line in zip(scaled["beta_d"].values, scaled.transpose("beta_d", "a").values[:, inside]):
        bend = np.abs(line - np.polyval(np.polyfit(values[inside], line, 1), values[inside])).max() / np.ptp(line)
        coupling = line / values[inside]
        yield (f"a J / beta_d is nearly linear for 0 < a <= 1, beta_d = {beta_d:g}",
               f"within {100 * bend:.1f} % of its range of a straight line; J(a)/beta_d from {coupling.min():.3f} to "
               f"{coupling.max():.3f}")


if __name__ == "__main__":
    command(__doc__, draw, claims=claims)
