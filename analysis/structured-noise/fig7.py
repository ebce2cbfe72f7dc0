#!/usr/bin/python3
"""Loss along training with rescaled rates: jobs/structured-noise/fig7.ini.

    analysis/structured-noise/fig7.py FILE [--claims] [-o PNG]

Fig. 7 of Benedetti and Ventura, arXiv:2302.13417: (a) the loss of Eq. 13 at m = 0.5 along training with rates
lambda sigma_i, (b, c) its inset: the loss and the size of the couplings at a constant rate."""

import numpy as np

from hypnos.claims import share, with_error
from hypnos.command import command
from hypnos.layout import caption, headline, legend, means_over, panel, panels
from hypnos.statistics import estimate
from hypnos.style import PALETTE, draw_mean, pt
from noise import PERCEPTRON_THEORY, THEORY, draw_loss, loss_axis, lowest, overlap_colours, step_axis, worded

M = 0.5


def draw(store):
    store.expect("training-with-noise", "m_t_rescale")
    figure, (main, constant, size) = panels(3)
    with panel(main, store, "loss"):
        for m_t, colour in overlap_colours(store, "loss").items():
            draw_loss(main, at(store, "loss", m_t), colour, f"$m_t = {m_t:g}$")
        theories(store, main)
        legend(main)
    with panel(constant, store, "loss"):
        draw_loss(constant, at(store, "loss", M, rescale=False), overlap_colours(store, "loss")[M], f"$m_t = {M:g}$")
        theories(store, constant)
    with panel(size, store, "sigma_J"):
        widths = row(store, "sigma_J", M, rescale=False)
        draw_mean(size, widths["step"][1:], estimate(widths.isel(step=slice(1, None))), PALETTE[1], r"$\sigma_J$")
        size.axhline(step_size(store), color=PERCEPTRON_THEORY, label=r"$\lambda N^{-1/2}$")
        step_axis(size, widths)
        size.set_yscale("log")
        size.set_ylim(0.5 * step_size(store), 1.2)
        size.set_ylabel(r"size of the couplings $\sigma_J$")
        legend(size)
    for ax, title in ((main, r"(a) rates $\lambda \sigma_i$"), (constant, r"(b) constant rate $\lambda$"),
                      (size, "(c) constant rate: the couplings")):
        ax.set_title(title)
    headline(figure, "Training with noise, rescaled and constant rates:", store, "N", "alpha", "lambda")
    caption(figure, store, means_over(store["loss"].sizes["realization"], "samples of the patterns",
                                      "bands are one standard error")
            + " Dashed: minimum of the loss in large networks; dotted: loss of large networks with the least "
            "perceptron's loss.")
    return figure


def step_size(store):
    return float(store.job["lambda"]) / np.sqrt(float(store.job["N"]))


def row(store, name, m_t, rescale=True):
    """Results at one training overlap, with rescaled rates or not."""
    values = store[name]
    wanted = np.isclose(values["m_t"], m_t) & ((values["rescale"].values == rescale))
    return values.isel(m_t_rescale=int(np.flatnonzero(wanted)[0]))


def at(store, name, m_t, rescale=True, m=M):
    return row(store, name, m_t, rescale).sel(m=m, method="nearest", drop=True)


def theories(store, ax):
    for name, colour, style in (("loss_theory", THEORY, "--"), ("loss_theory_perceptron", PERCEPTRON_THEORY, ":")):
        ax.axhline(float(at(store, name, M).mean()), color=colour, linestyle=style, linewidth=pt(1.5))
    loss_axis(ax, store["loss"], M)


def claims(store):
    overlaps = list(overlap_colours(store, "loss"))
    for m_t in overlaps:
        values = at(store, "loss", m_t, m=m_t)
        end = values.isel(step=slice(-10, None)).mean("step")  # the last records
        yield (f"rescaled, m = m_t = {m_t:g}: training leads to the minimum of the loss",
               f"{worded(end)}, the mean of the last records; minimum {worded(at(store, 'loss_theory', m_t, m=m_t))}, "
               f"above it by {worded(end - at(store, 'loss_theory', m_t, m=m_t))}; theory of the perceptron's loss "
               f"{worded(at(store, 'loss_theory_perceptron', m_t, m=m_t))}")
    for m in overlaps:
        ends = [at(store, "loss", m_t, m=m).isel(step=slice(-10, None)).mean("step") for m_t in overlaps]
        best = np.array(overlaps)[np.argmin([end.values for end in ends], axis=0)]
        yield (f"the loss at m = {m:g} is lowest with m_t = m", f"{share(np.isclose(best, m))}; "
               + ", ".join(f"{m_t:g}: {worded(end)}" for m_t, end in zip(overlaps, ends)))
    values, widths = at(store, "loss", M, rescale=False), row(store, "sigma_J", M, rescale=False)
    least, where = lowest(values)
    yield ("constant rate: the loss is not monotonic",
           f"lowest {with_error(float(least.mean), float(least.stderr))} after {where:g} steps, "
           f"{worded(values.isel(step=-1))} in the end")
    yield ("constant rate: this is so because sigma becomes as small as lambda N^-1/2",
           f"lambda N^-1/2 = {step_size(store):.4g}; sigma_J = {worded(widths.isel(step=0))} at the start, "
           f"{worded(widths.sel(step=where))} at the lowest loss, {worded(widths.isel(step=-1))} in the end")


if __name__ == "__main__":
    command(__doc__, draw, claims=claims)
