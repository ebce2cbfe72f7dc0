#!/usr/bin/env python3
"""Times of steps of training with noise and of updates of the heat bath.

usage: table.py TRAINING HEAT_BATH      what run.sh has measured
"""

import json
import sys


def fastest(path, counter):
    """The fastest repetition of every benchmark: seconds of one, by name."""
    best = {}
    for run in json.load(open(path))["benchmarks"]:
        if run["run_type"] == "iteration":
            name = run["run_name"]
            best[name] = min(best.get(name, float("inf")), run[counter])
    return best


if __name__ == "__main__":
    best = fastest(sys.argv[1], "of one")
    print(f"{'us a step':24}{'blocks':>10}{'fused':>10}{'ratio':>8}")
    for rule in "fixed", "rescaled", "symmetric":
        for N in 100, 500:
            blocks = 1e6 * best[f"blocks/{rule}/{N}"]
            fused = 1e6 * best.get(f"fused/{rule}/{N}", float("nan"))
            beside = "" if fused != fused else f"{fused:10.2f}{fused / blocks:8.2f}"
            print(f"{f'{rule}, N = {N}':24}{blocks:10.2f}{beside}")
    best = fastest(sys.argv[2], "update")
    print(f"{'ns an update':24}{'chain':>10}{'naive':>10}{'ratio':>8}{'64 replicas':>14}")
    for N in 100, 500, 1000:
        for T in 30, 100, 800:
            chain, naive = (1e9 * best[f"{name}/{N}/{T}"] for name in ("chain", "naive"))
            replicas = 1e9 * best.get(f"replicas/{N}/{T}", float("nan"))
            beside = "" if replicas != replicas else f"{replicas:14.1f}"
            print(f"{f'N = {N}, T = {T / 100:g}':24}{chain:10.1f}{naive:10.1f}{naive / chain:8.1f}{beside}")
