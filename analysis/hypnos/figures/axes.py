"""Axes that figures of Boltzmann learning share."""

from hypnos.style import FAINT, pt
from hypnos.symbols import with_units

RELATIVE_HEAT = r"specific heat $C_v(1)$, learnt / generating model"


def distance_label(store):
    return with_units(f"distance from the generating model, {store.symbol('sDKL')}", store["sDKL"])


def heat_axes(ax, beta):
    """Specific heat against the inverse temperature; models are learnt at beta = 1."""
    ax.axvline(1, color=FAINT, linewidth=pt(1), zorder=1)
    ax.set_xlim(float(beta.min()), float(beta.max()))
    ax.set_ylim(bottom=0)
    ax.set_xlabel(with_units(r"inverse temperature $\beta$", beta))
    ax.set_ylabel(r"specific heat $C_v(\beta)\,/\,k_B$")
