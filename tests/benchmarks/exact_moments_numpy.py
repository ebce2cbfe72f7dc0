#!/usr/bin/env python3
"""Exact moments in plain numpy, beside the C++ times of `benchmark_exact_moments --benchmark_out=FILE`.

usage: exact_moments_numpy.py FILE [PORTABLE...]

PORTABLE are the times of the same program built for other processors: only their share of their own limit is printed.
"""

import json
import sys
import time

import numpy as np


def moments(J, h, beta):
    N = len(h)
    states = np.arange(2**N)
    S = 1.0 - 2.0 * (states[:, None] >> np.arange(N) & 1)
    E = -0.5 * np.sum((S @ J) * S, axis=1) - S @ h
    w = np.exp(-beta * (E - E.min()))
    Z = w.sum()
    w /= Z
    return np.log(Z) - beta * E.min(), w @ S, S.T @ (w[:, None] * S)


def milliseconds(N, rng):
    J = np.triu(rng.normal(0, N**-0.25, (N, N)), 1)
    J += J.T
    start = time.process_time()
    moments(J, np.zeros(N), 0.4)
    return 1e3 * (time.process_time() - start)


def best_runs(file):
    """Name -> fastest repetition: the others were disturbed. In the order of the program, not of the interleaved runs."""
    best = {}
    order = lambda run: (run["family_index"], run["per_family_instance_index"])
    for run in sorted(json.load(open(file))["benchmarks"], key=order):
        if run["run_type"] == "iteration":
            name = run["run_name"]
            if name not in best or run["cpu_time"] < best[name]["cpu_time"]:
                best[name] = run
    return best


def share(best, run):
    return f"{run['multiply_adds'] / 1e9:9.1f}{run['multiply_adds'] / best['multiply_adds']['multiply_adds']:10.0%}"


if __name__ == "__main__":
    best = best_runs(sys.argv[1])
    rng = np.random.default_rng(1)
    in_numpy = {N: min(milliseconds(N, rng) for _ in range(3)) for N in (18, 20)}

    print(f"{'':26}{'ms':>10}{'numpy':>9}{'naive C++':>11}{'10^9 madd/s':>13}{'of limit':>10}")
    for name, run in best.items():
        what, _, N = name.partition("/")
        line = f"{what.replace('_', ' '):22}{N:>4}{run['cpu_time']:10.4g}"
        calls = {"moments": 1, "training_step": 2}.get(what)
        if calls and int(N) in in_numpy:
            naive = best[f"naive/{N}"]["cpu_time"]
            line += f"{calls * in_numpy[int(N)] / run['cpu_time']:8.0f}x{calls * naive / run['cpu_time']:10.0f}x    "
        else:
            line += " " * 24
        print(line + (share(best, run) if "multiply_adds" in run else ""))

    for file in sys.argv[2:]:
        best = best_runs(file)
        print(f"\nthe same, {file.split('/')[-1]}")
        for name, run in best.items():
            print(f"{name.replace('_', ' '):26}{run['cpu_time']:10.4g}{'':24}" + share(best, run))
