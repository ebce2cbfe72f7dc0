#!/usr/bin/python3
"""Loss along training with noise: jobs/structured-noise/fig1.ini.

    analysis/structured-noise/fig1.py FILE [--claims] [-o PNG]

Fig. 1 of Benedetti and Ventura, arXiv:2302.13417: the loss of Eq. 13 at m = 0.5 along training at several overlaps m_t,
with its minimum in large networks."""

from hypnos.claims import share
from hypnos.command import command
from hypnos.layout import caption, headline, legend, means_over, panel, panels
from hypnos.style import pt
from noise import PERCEPTRON_THEORY, THEORY, draw_loss, loss_axis, lowest, overlap_colours, worded

M = 0.5  # of the loss


def draw(store):
    store.expect("training-with-noise", "m_t", rescale="false")
    figure, (ax,) = panels(1)
    with panel(ax, store, "loss"):
        draw_losses(store, ax)
    headline(figure, "Training with noise:", store, "N", "alpha", "lambda")
    caption(figure, store, means_over(store["loss"].sizes["realization"], "samples of the patterns",
                                      "bands are one standard error")
            + r" Dashed: minimum of the loss in large networks; dotted: loss of large networks with the least "
            "perceptron's loss. Logarithmic steps; training begins at a loss of 0.")
    return figure


def at(store, name, m_t):
    return store[name].sel(m_t=m_t).sel(m=M, method="nearest", drop=True)


def draw_losses(store, ax):
    loss = store["loss"]
    for m_t, colour in overlap_colours(store, "loss").items():
        draw_loss(ax, at(store, "loss", m_t), colour, f"$m_t = {m_t:g}$")
    same = loss["m_t"].sel(m_t=M, method="nearest")
    for name, colour, style in (("loss_theory", THEORY, "--"), ("loss_theory_perceptron", PERCEPTRON_THEORY, ":")):
        ax.axhline(float(at(store, name, float(same)).mean()), color=colour, linestyle=style, linewidth=pt(1.5))
    loss_axis(ax, loss, M)
    legend(ax)


def claims(store):
    for m_t in store["loss"]["m_t"].values:
        values = at(store, "loss", m_t)
        start, end = values.isel(step=0), values.isel(step=-1)
        least, where = lowest(values)
        yield (f"m_t = {m_t:g}: training lowers the loss at m = {M:g}",
               f"{worded(start)} at the start, lowest {worded(values.sel(step=where))} after {where:g} steps, "
               f"{worded(end)} in the end; higher in the end than there in {share(end > values.sel(step=where))}")
        yield (f"m_t = {m_t:g}: the lowest loss against theory", f"minimum of Eq. 13 at m_t: "
               f"{worded(at(store, 'loss_theory', m_t))}; of the perceptron's loss: "
               f"{worded(at(store, 'loss_theory_perceptron', m_t))}; found above the first by "
               f"{worded(values.sel(step=where) - at(store, 'loss_theory', m_t))}")
    best = store["loss"].sel(m=M, method="nearest").min("step").idxmin("m_t")
    yield f"the loss at m = {M:g} is lowest with m_t = {M:g}", f"{share(best == M)}, along the whole training"


if __name__ == "__main__":
    command(__doc__, draw, claims=claims)
