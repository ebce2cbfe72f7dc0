#!/usr/bin/env python3
"""Draws the output of simulate_scaling: efficiency against ranks. Run by tests/benchmarks/simulation.sh.

usage: scaling.py FOLDER PICTURE
"""

import csv
import sys
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import PercentFormatter

from hypnos.style import FAINT, RC, SEQUENTIAL

PANELS = {"unlimited": "The dispatcher alone", "50000": "and 50,000 writes a second",
          "10000": "and 10,000 writes a second"}
LENGTHS = {0.001: "1 ms", 0.01: "10 ms", 0.1: "100 ms", 1.0: "1 s", 100.0: "100 s"}


def rows_of(path):
    with open(path) as file:
        return [{key: float(value) for key, value in row.items()} for row in csv.DictReader(file)]


def draw(ax, rows):
    for k, (length, label) in enumerate(LENGTHS.items()):
        mine = [row for row in rows if row["task_seconds"] == length]
        ax.plot([row["ranks"] for row in mine], [row["efficiency"] for row in mine], marker="o", label=label,
                color=SEQUENTIAL(k / (len(LENGTHS) - 1)), zorder=len(LENGTHS) - k + 2)
    ax.axhline(0.95, color=FAINT, linestyle=":", linewidth=1.4)
    ax.set(xscale="log", xlabel="ranks", ylim=(0, 1.04))
    ax.yaxis.set_major_formatter(PercentFormatter(1))
    ax.set_xticks(10.0 ** np.arange(5), labels=["1", "10", "100", "1,000", "10,000"])
    ax.minorticks_off()


if __name__ == "__main__":
    plt.rcParams.update(RC)
    folder, picture = Path(sys.argv[1]), sys.argv[2]
    figure, axes = plt.subplots(1, len(PANELS), figsize=(13.5, 4.4), sharey=True, layout="constrained")
    for ax, (name, title) in zip(axes, PANELS.items()):
        draw(ax, rows_of(folder / name))
        ax.set_title(title)
    axes[0].set_ylabel("efficiency")
    axes[0].legend(title="length of a task", loc="lower left")
    axes[0].annotate("95 %", (1, 0.95), xytext=(0, -4), textcoords="offset points", va="top", fontsize=11, color=FAINT)
    figure.savefig(picture)
    print(picture)
